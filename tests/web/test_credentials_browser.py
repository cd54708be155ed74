"""The life of a credential in headless Chromium: the real web server, worker and emulator."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import pyotp
import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, expect

from ksef_emulator.testing import Emulator, running_emulator
from obieg.calls.models import KsefCall
from obieg.inbox.models import Channel, Invoice
from obieg.office.models import Client, Event, KsefEnvironment, Operator
from obieg.office.proof import FRESH
from obieg.vault.credentials import add_token, credential_for
from obieg.vault.enrolment import begin
from obieg.vault.models import AccessGrant, Credential, CredentialUsage, Enrolment
from tests.calls.test_moving import READ, WRITE, keep
from tests.ksef_emulator.certificates import seal
from tests.ksef_emulator.invoices import fa3
from tests.ksef_emulator.ksef_user import KsefUser
from tests.ksef_emulator.signing import sign_exclusively
from tests.vault.firms import pkcs12_of
from tests.web.browsing import Screen
from tests.web.installation import PATIENCE, comes_true, running_obieg

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.django_db(transaction=True),
]

FIRM, OTHER, OFFICE, SUPPLIER = "9990000029", "9990000035", "9990000041", "9990000012"
PASSWORD = "sosna zegar atrament"
USUAL = 5_000  # ms that an expectation waits, unless it is told otherwise


@pytest.fixture
def emulator(monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    with running_emulator(rate_limits="off") as running:
        monkeypatch.setenv("OBIEG_EMULATOR_URL", running.url)
        yield running


@pytest.fixture
def owner(transactional_db: None) -> Operator:
    return Operator.objects.create_user("ewa", PASSWORD, name="Ewa Wilk", sees_all_clients=True)


@pytest.fixture
def firm(emulator: Emulator, owner: Operator) -> Client:
    return new_firm(emulator, FIRM, "Bór sp. z o.o.")


@pytest.fixture
def shown(
    browser: Browser, firm: Client, emulator: Emulator, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Screen]:
    """The owner's browser at the running office."""
    with running_obieg(tmp_path_factory.mktemp("office"), emulator) as address:
        screen = Screen(browser, address)
        screen.context.set_default_timeout(PATIENCE * 1000)
        expect.set_options(timeout=PATIENCE * 1000)
        yield screen
        expect.set_options(timeout=USUAL)
        screen.close()


class Phone:
    """The owner's phone, which gives each code once."""

    def __init__(self, secret: str) -> None:
        self._totp = pyotp.TOTP(secret)

    def code(self) -> str:
        return self._totp.now()

    def next_code(self) -> str:
        return self._totp.at(timezone.now() + timedelta(seconds=30))


def new_firm(emulator: Emulator, nip: str, name: str) -> Client:
    """A client who lives on a token."""
    firm = Client.objects.create(nip=nip, name=name, environment=KsefEnvironment.EMULATOR)
    token = emulator.control.make_token(nip)["token"]
    add_token(firm, token, environment=firm.environment, label="token z biura", actor=None)
    return firm


def log_in(shown: Screen) -> Phone:
    """By password, and by the second factor that an owner has to have."""
    page = shown.open(reverse("login"))
    page.get_by_label("Login").fill("ewa")
    page.get_by_label("Hasło").fill(PASSWORD)
    page.get_by_role("button", name="Zaloguj").click()
    phone = Phone(page.locator("#secret").inner_text().replace(" ", ""))
    page.get_by_label("Kod", exact=True).fill(phone.code())
    page.get_by_role("button", name="Włącz").click()
    page.get_by_role("link", name="Mam je zapisane").click()
    expect(page.get_by_role("heading", name="Dziś")).to_be_visible()
    return phone


def let_the_proof_grow_old() -> None:
    """More time passes than a proof lasts."""
    for row in Session.objects.all():
        session = SessionStore(row.session_key)
        session["proved_at"] -= FRESH.total_seconds() + 1
        session.save()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def reload_until(page: Page, sight: Locator) -> None:
    """Look again, as people do while something is being done, until `sight` is there."""
    latest = monotonic() + PATIENCE
    while not sight.first.is_visible():
        assert monotonic() < latest, page.locator("main").inner_text()
        page.wait_for_timeout(300)
        page.reload()


def row(page: Page, *words: str) -> Locator:
    """The rows of tables that say all of `words`."""
    found = page.get_by_role("row")
    for word in words:
        found = found.filter(has_text=word)
    return found


def in_ksef(emulator: Emulator, nip: str) -> dict[str, list[tuple[str, str]]]:
    """What KSeF itself says of a firm's certificates and tokens, to the firm's own login."""
    with closing(KsefUser(emulator)) as user:
        user.log_in(nip)
        certificates = user.post("/certificates/query").json()["certificates"]
        tokens = user.get("/tokens").json()["tokens"]
    return {
        "certificates": sorted((one["type"], one["status"]) for one in certificates),
        "tokens": sorted((one["referenceNumber"], one["status"]) for one in tokens),
    }


def credential(client: Client | None, **told: Any) -> Credential:
    return Credential.objects.across_clients().get(client=client, **told)


def is_shredded(one: Credential) -> bool:
    kept = Credential.objects.across_clients().get(pk=one.pk)
    left = bytes(kept.ciphertext) + bytes(kept.wrapped_key)
    return kept.shredded_at is not None and not any(left)


def buys(emulator: Emulator, client: Client, number: str) -> str:
    """Another firm issues an invoice to it; its number in KSeF."""
    answer = emulator.control.put_invoices(
        {"zakup.xml": fa3(number, seller=SUPPLIER, buyer=client.nip)}
    )
    return str(answer["accepted"][0]["ksefNumber"])


def synchronise(shown: Screen, client: Client, number: str) -> list[KsefCall]:
    """Synchronise by the button until the invoice has come; the calls for invoices it took."""
    before = KsefCall.objects.of_client(client).order_by("pk").last()
    page = shown.open(reverse("clients-page", args=[client.pk]))
    press(page, "Synchronizuj teraz")
    shown.open(f"{reverse('purchases')}?szukaj=ZAKUP")
    reload_until(page, page.get_by_text(number))
    since = KsefCall.objects.of_client(client).filter(pk__gt=before.pk if before else 0)
    return list(since.filter(operation__contains="/invoices/exports"))


def end_the_token(shown: Screen, client: Client) -> None:
    """Revoke the token that is no longer used, by its button."""
    page = shown.open(reverse("clients-credentials", args=[client.pk]))
    left = row(page, "token z biura", "wycofane")
    left.get_by_role("button", name="Unieważnij w KSeF i zniszcz").click()
    expect(row(page, "token z biura", "zniszczone")).to_be_visible()


def test_a_request_signed_elsewhere_leads_from_a_token_to_own_certificates(
    shown: Screen, firm: Client, emulator: Emulator
) -> None:
    token = credential_for(firm)
    log_in(shown)
    page = shown.open(reverse("clients-credentials", args=[firm.pk]))
    expect(page.get_by_text("KSeF nie wyda certyfikatu na podstawie tokena")).to_be_visible()
    with page.expect_download() as download:
        press(page, "Pobierz żądanie (XML)")
    request = Path(download.value.path()).read_text("utf-8")
    document = sign_exclusively(request, seal(FIRM))
    page.get_by_label("Podpisany plik XML").set_input_files(
        {"name": "podpisane.xml", "mimeType": "application/xml", "buffer": document}
    )
    press(page, "Wczytaj podpisane")
    expect(page.get_by_text("KSeF przyjął podpis.")).to_be_visible()
    assert credential_for(firm) == token, "the token stays in use meanwhile"

    press(page, "Zamów certyfikat")
    reload_until(page, row(page, "Certyfikat z kluczem", "w użyciu"))
    expect(row(page, "token z biura", "wycofane")).to_be_visible()
    shown.picture("poswiadczenia-po-przejsciu")
    own = credential_for(firm)
    assert (own.kind, own.usage, READ in own.held) == ("certificate", "authentication", True)
    assert in_ksef(emulator, FIRM)["certificates"] == [("Authentication", "Active")]

    shown.open(reverse("clients-offline", args=[firm.pk]))
    press(page, "Zamów w KSeF")
    reload_until(page, page.get_by_text("✓ certyfikat klienta"))
    assert in_ksef(emulator, FIRM)["certificates"] == [
        ("Authentication", "Active"),
        ("Offline", "Active"),
    ]

    assert in_ksef(emulator, FIRM)["tokens"] == [(token.reference, "Active")]
    end_the_token(shown, firm)
    assert in_ksef(emulator, FIRM)["tokens"] == [(token.reference, "Revoked")]
    assert is_shredded(token)

    number = buys(emulator, firm, "ZAKUP/1")
    calls = synchronise(shown, firm, "ZAKUP/1")
    assert Invoice.objects.of_client(firm).filter(ksef_number=number).exists()
    assert {call.credential_id for call in calls} == {own.pk}
    assert shown.complaints == []


def grant_the_office(emulator: Emulator, *nips: str) -> None:
    """The firms let the office read and issue in their names."""
    with closing(KsefUser(emulator)) as user:
        for nip in nips:
            answer = user.post(
                "/testdata/permissions",
                {
                    "contextIdentifier": {"type": "Nip", "value": nip},
                    "authorizedIdentifier": {"type": "Nip", "value": OFFICE},
                    "permissions": [
                        {"permissionType": one, "description": "Biuro próbne"}
                        for one in (READ, WRITE)
                    ],
                },
            )
            assert answer.status_code == 200, answer.text


def test_one_button_moves_the_clients_who_granted_the_office_to_its_certificate(
    shown: Screen, firm: Client, emulator: Emulator
) -> None:
    other = new_firm(emulator, OTHER, "Cis Jan Cis")
    grant_the_office(emulator, FIRM)
    token = credential_for(firm)
    log_in(shown)
    page = shown.open(reverse("office-access"))
    page.get_by_label("Środowisko").select_option("emulator")
    page.get_by_label("Nazwa").fill("certyfikat biura 2026")
    page.get_by_label("Certyfikat", exact=True).set_input_files(
        {
            "name": "biuro.p12",
            "mimeType": "application/x-pkcs12",
            "buffer": pkcs12_of(seal(OFFICE), "hasło pliku"),
        }
    )
    page.get_by_label("Hasło").fill("hasło pliku")
    press(page, "Zapisz w sejfie")
    shown.open(reverse("credentials-plan"))
    expect(page.get_by_text("2 klientów na tokenie")).to_be_visible()

    press(page, "Przejdź u wszystkich, u których się da (2)")
    reload_until(page, page.get_by_text("1 klient na tokenie"))
    reload_until(page, row(page, other.name, "KSeF odmówił dostępu"))
    page.get_by_text("Nic do zrobienia: 1 klient").click()
    expect(row(page, firm.name, "certyfikat biura")).to_be_visible()
    shown.picture("plan-po-przejsciu")
    office = credential(None)
    assert credential_for(firm) == office
    assert credential_for(other).kind == "token", "who granted nothing keeps his token"

    emulator.control.clear_requests()
    number = buys(emulator, firm, "ZAKUP/2")
    calls = synchronise(shown, firm, "ZAKUP/2")
    assert Invoice.objects.of_client(firm).filter(ksef_number=number).exists()
    assert {call.credential_id for call in calls} == {office.pk}

    end_the_token(shown, firm)
    assert in_ksef(emulator, FIRM)["tokens"] == [(token.reference, "Revoked")]
    assert is_shredded(token)
    assert shown.complaints == []


def enrolled(client: Client, usage: CredentialUsage) -> Credential:
    """A certificate that KSeF gave the client, in use once the worker has fetched it."""
    made = begin(client, actor=None, usage=usage)
    rows = Enrolment.objects.of_client(client)
    assert comes_true(lambda: rows.get(pk=made.pk).state == "done")
    return credential(client, usage=usage, active=True)


def test_a_cooperation_ends_after_another_proof_and_leaves_a_protocol(
    shown: Screen, firm: Client, owner: Operator, emulator: Emulator
) -> None:
    token = credential_for(firm)
    keep(firm, seal(FIRM))
    held = [
        token,
        credential_for(firm),
        enrolled(firm, CredentialUsage.OFFLINE),
        enrolled(firm, CredentialUsage.AUTHENTICATION),
    ]
    phone = log_in(shown)
    number = buys(emulator, firm, "ZAKUP/3")
    synchronise(shown, firm, "ZAKUP/3")
    let_the_proof_grow_old()
    page = shown.open(reverse("clients-credentials", args=[firm.pk]))
    page.get_by_role("link", name="Zakończ współpracę").click()
    expect(page.get_by_role("heading", name="Potwierdź, że to Ty")).to_be_visible()
    page.get_by_label("Kod", exact=True).fill(phone.next_code())
    press(page, "Potwierdź")
    expect(page.get_by_role("heading", name="Koniec współpracy")).to_be_visible()
    shown.picture("koniec-wspolpracy")

    page.get_by_label("Przepisz NIP klienta").fill(OTHER)
    press(page, "Zakończ współpracę")
    expect(page.get_by_text("To nie jest NIP tego klienta.")).to_be_visible()
    page.get_by_label("Przepisz NIP klienta").fill("999-000-00-29")
    press(page, "Zakończ współpracę")
    reload_until(page, page.get_by_text("Współpracę zakończono."))
    shown.picture("koniec-wspolpracy-przebieg")
    page.get_by_role("link", name="Protokół", exact=True).click()
    expect(page.get_by_role("heading", name="Protokół zakończenia współpracy")).to_be_visible()
    for told in ("unieważniono w KSeF", "Ewa Wilk", firm.name):
        expect(page.get_by_text(told).first).to_be_visible()
    shown.picture("protokol")

    assert all(is_shredded(one) for one in held)
    assert not AccessGrant.objects.of_client(firm).exists()
    assert not Channel.objects.of_client(firm).filter(enabled=True).exists()
    assert not Client.objects.of_client(firm.pk).get().active
    told = in_ksef(emulator, FIRM)
    assert told["tokens"] == [(token.reference, "Revoked")]
    assert told["certificates"] == [("Authentication", "Revoked"), ("Offline", "Revoked")]
    assert Invoice.objects.of_client(firm).filter(ksef_number=number).exists(), "documents stay"
    assert Event.objects.of_client(firm).filter(kind="end_cooperation", actor=owner).exists()
