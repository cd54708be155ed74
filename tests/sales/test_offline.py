"""Invoices issued without KSeF: outages heard and entered, marks, deadlines, QR codes."""

import base64
import datetime as dt
import hashlib
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from django.conf import LazySettings
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob
from pypdf import PdfReader

from ksef_emulator.testing import Emulator, running_emulator
from obieg.calls.enrolment import carry
from obieg.calls.gateways import open_gateway
from obieg.core.calendar import add_working_days
from obieg.core.polish import today
from obieg.ksef.certificates import certificate_request
from obieg.ksef.lighthouse import Announcement
from obieg.office.models import Client, Event, KsefEnvironment, Operator
from obieg.sales.drafts import new_draft
from obieg.sales.errors import NeedsConfirmation
from obieg.sales.issuing import issue, reopen
from obieg.sales.models import KindPolicy, Outage, Sale, SaleCodes, SaleXml, Sending
from obieg.sales.offline import codes, marking, outages
from obieg.sales.offline.due import due_soon
from obieg.sales.offline.errors import NotMarkable, OutageEndsTooEarly, OutageOfLighthouse
from obieg.sales.offline.marking import UNANNOUNCED
from obieg.sales.printing import pdf_of
from obieg.sales.sending import send
from obieg.sales.states import OfflineMode, SaleState
from obieg.vault.credentials import add_certificate
from obieg.vault.enrolment import begin
from obieg.vault.errors import NoOfflineCertificate
from obieg.vault.models import CredentialUsage, CredentialUse
from tests.ksef_emulator.certificates import new_key, seal
from tests.sales import factories
from tests.sales.seller import Seller
from tests.vault.firms import certificate_of, key_of

pytestmark = pytest.mark.django_db(transaction=True)

OFFLINE24, UNAVAILABLE, FAILURE, TOTAL = (
    OfflineMode.OFFLINE24,
    OfflineMode.UNAVAILABLE,
    OfflineMode.FAILURE,
    OfflineMode.TOTAL_FAILURE,
)
FRIDAY = factories.ISSUED  # 20 November 2026
NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def ksef() -> Iterator[Emulator]:
    with running_emulator(rate_limits="off") as running:
        yield running


@pytest.fixture
def emulator(ksef: Emulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    monkeypatch.setenv("OBIEG_EMULATOR_URL", ksef.url)
    yield ksef
    ksef.control.clear_faults()
    ksef.control.end_outage()


@pytest.fixture
def firm(emulator: Emulator, transactional_db: None) -> Client:
    """A client that logs in by its own certificate and has no Offline one yet."""
    client = factories.a_client(environment=KsefEnvironment.EMULATOR)
    identity = seal(client.nip)
    add_certificate(
        client,
        certificate_of(identity),
        key_of(identity),
        environment="emulator",
        label="logowanie",
        actor=None,
    )
    return client


@pytest.fixture
def seller(firm: Client) -> Client:
    """The same with its Offline certificate."""
    assert carry(begin(firm, actor=None).pk) is None
    return firm


@pytest.fixture
def owner(db: None) -> Operator:
    return Operator.objects.create_user("ewa", name="Ewa Wilk", sees_all_clients=True)


def again(sale: Sale) -> Sale:
    return Sale.objects.across_clients().select_related("client").get(pk=sale.pk)


def announced(event: int = 1, **changes: Any) -> Announcement:
    usual: dict[str, Any] = {
        "event": event,
        "category": "FAILURE",
        "title": "Awaria KSeF",
        "text": "Trwa awaria.",
        "start": NOON,
        "end": None,
        "published": NOON,
    }
    return Announcement(**{**usual, **changes})


def hear(*told: Announcement, now: dt.datetime = NOON) -> None:
    outages.hear("emulator", told, now)


# Outages


def test_latarnia_is_heard_and_its_end_too(firm: Client, emulator: Emulator) -> None:
    emulator.control.announce_outage("FAILURE")
    outages.listen()
    assert Outage.objects.get().ended_at is None
    assert outages.lasting("emulator", emulator.control.now()).count() == 1

    emulator.control.end_outage()
    outages.listen()

    assert Outage.objects.latest("pk").ended_at is not None
    assert not outages.lasting("emulator", emulator.control.now()).exists()


def test_hearing_the_same_twice_changes_nothing(firm: Client) -> None:
    hear(announced())
    hear(announced())
    assert Outage.objects.count() == 1


def test_a_silent_latarnia_is_no_error(firm: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OBIEG_EMULATOR_URL", "http://127.0.0.1:9")
    outages.listen()
    assert not Outage.objects.exists()


def test_an_outage_is_entered_by_hand_and_ended_with_a_trail(firm: Client, owner: Operator) -> None:
    outage = outages.enter(
        environment="emulator",
        kind=FAILURE,
        started_at=NOON,
        ended_at=None,
        text="BIP",
        actor=owner,
    )
    outages.end(outage, at=NOON + dt.timedelta(hours=2), actor=owner)
    trail = Event.objects.across_clients().filter(thing="sales.outage")
    assert [(event.kind, event.actor) for event in trail] == [("enter", owner), ("end", owner)]


def test_the_end_does_not_come_before_the_beginning(firm: Client, owner: Operator) -> None:
    with pytest.raises(OutageEndsTooEarly):
        outages.enter(
            environment="emulator",
            kind=FAILURE,
            started_at=NOON,
            ended_at=NOON - dt.timedelta(hours=1),
            text="",
            actor=owner,
        )


def test_what_latarnia_announced_it_ends_itself(firm: Client, owner: Operator) -> None:
    hear(announced())
    with pytest.raises(OutageOfLighthouse):
        outages.end(Outage.objects.get(), at=NOON, actor=owner)


# Marks


def test_offline24_is_the_issuer_s_own_choice(seller: Client, owner: Operator) -> None:
    sale = factories.a_sale(SaleState.READY, client=seller)
    marking.mark(sale, OFFLINE24, actor=owner)
    marked = again(sale)
    assert (marked.state, marked.offline_mode) == (SaleState.WAITING, OFFLINE24)
    assert marked.offline_deadline == dt.date(2026, 11, 23)
    (event,) = Event.objects.of_client(seller).filter(thing="sales.sale", kind="offline")
    assert event.actor == owner


@pytest.mark.parametrize("mode", [UNAVAILABLE, FAILURE, TOTAL])
def test_an_outage_that_nobody_announced_is_confirmed_first(
    seller: Client, mode: OfflineMode
) -> None:
    sale = factories.a_sale(SaleState.READY, client=seller)
    with pytest.raises(NeedsConfirmation) as asked:
        marking.mark(sale, mode, actor=None)
    assert asked.value.codes == {UNANNOUNCED}
    assert again(sale).state == SaleState.READY

    marking.mark(sale, mode, actor=None, confirmed=asked.value.codes)
    assert again(sale).offline_mode == mode


def test_an_announced_outage_needs_no_confirmation(seller: Client) -> None:
    hear(announced(category="MAINTENANCE", start=dt.datetime.now(dt.UTC)))
    offered = {one.mode: one.announced for one in marking.choices(seller)}
    assert offered == {OFFLINE24: True, UNAVAILABLE: True, FAILURE: False, TOTAL: False}
    sale = factories.a_sale(SaleState.READY, client=seller)
    marking.mark(sale, UNAVAILABLE, actor=None)
    assert again(sale).offline_mode == UNAVAILABLE


def test_a_total_failure_leads_outside_ksef_without_codes(firm: Client) -> None:
    sale = factories.a_sale(SaleState.READY, client=firm)
    marking.mark(sale, TOTAL, actor=None, confirmed={UNANNOUNCED})
    marked = again(sale)
    assert (marked.state, marked.offline_deadline) == (SaleState.OUTSIDE, None)
    assert codes.codes_of(marked) == ()


def test_without_an_offline_certificate_nothing_is_marked(firm: Client) -> None:
    sale = factories.a_sale(SaleState.READY, client=firm)
    with pytest.raises(NoOfflineCertificate, match="Zamów go"):
        marking.mark(sale, OFFLINE24, actor=None)
    assert again(sale).state == SaleState.READY


@pytest.mark.parametrize("state", [SaleState.DRAFT, SaleState.SENDING, SaleState.ACCEPTED])
def test_only_what_is_issued_and_unsent_is_marked(seller: Client, state: SaleState) -> None:
    sale = factories.a_sale(state, client=seller)
    with pytest.raises(NotMarkable):
        marking.mark(sale, OFFLINE24, actor=None)


def test_what_a_worker_claimed_meanwhile_is_not_marked(seller: Client) -> None:
    sale = factories.a_sale(SaleState.READY, client=seller)
    session = factories.a_session(seller)
    again(sale).advance(
        SaleState.SENDING, actor=None, kind="claim", session=session, claimed_at=NOON
    )
    with pytest.raises(NotMarkable):
        marking.mark(sale, OFFLINE24, actor=None)
    assert again(sale).state == SaleState.SENDING


# Deadlines


def waiting(client: Client, mode: OfflineMode = OFFLINE24, **changes: Any) -> Sale:
    columns = marking.marks(client, mode, FRIDAY)
    usual = {**columns, "sending": Sending.SEND}
    return factories.a_sale(SaleState.WAITING, client=client, **{**usual, **changes})


def test_a_failure_announced_while_an_invoice_waits_moves_its_deadline(seller: Client) -> None:
    sale = waiting(seller)
    monday = NOON + dt.timedelta(days=3)
    hear(announced(start=monday), now=monday)
    assert again(sale).offline_deadline is None

    hear(announced(start=monday, end=monday + dt.timedelta(days=1)), now=monday)

    assert again(sale).offline_deadline == dt.date(2026, 12, 3)
    moves = Event.objects.of_client(seller).filter(kind="deadline")
    assert [event.after["offline_deadline"] for event in moves] == [None, "2026-12-03"]


def test_an_outage_of_another_environment_moves_nothing(seller: Client) -> None:
    sale = waiting(seller)
    outages.hear("production", [announced()], NOON)
    assert again(sale).offline_deadline == dt.date(2026, 11, 23)


def test_the_nearest_deadline_comes_first_and_the_past_one_is_marked(
    seller: Client, owner: Operator
) -> None:
    hear(announced(end=NOON + dt.timedelta(hours=1)))
    failing, plain = waiting(seller, FAILURE), waiting(seller, issue_date=dt.date(2026, 11, 17))
    accepted = factories.a_sale(SaleState.ACCEPTED, client=seller, offline_mode=OFFLINE24)
    found = due_soon(owner, day=dt.date(2026, 11, 19))
    assert [due.sale for due in found] == [plain, failing]
    assert accepted not in [due.sale for due in found]
    assert [due.meaning for due in found] == ["stop", "watch"]
    assert found[0].text == "po terminie (do 18.11.2026)"
    assert found[1].text.endswith("dni roboczych")


def test_another_operator_s_documents_are_not_due(seller: Client) -> None:
    waiting(seller)
    stranger = factories.an_issuer(factories.a_client())
    assert due_soon(stranger) == []
    assert len(due_soon(factories.an_issuer(seller))) == 1


def test_when_ksef_is_back_what_waits_is_queued(seller: Client) -> None:
    sale = waiting(seller)
    hear(announced())
    assert again(sale).queued_version is None
    ended = NOON + dt.timedelta(hours=1)
    hear(announced(end=ended), now=ended + dt.timedelta(minutes=1))
    assert again(sale).queued_version == sale.version
    assert ProcrastinateJob.objects.filter(queueing_lock=f"sending-{seller.pk}").exists()


def test_where_a_person_sends_an_end_of_the_outage_sends_nothing(
    seller: Client, owner: Operator
) -> None:
    sale = waiting(seller, sending=Sending.KEEP)
    asked = waiting(seller, sending=Sending.KEEP)
    send([asked], actor=owner)
    hear(announced())
    ended = NOON + dt.timedelta(hours=1)
    hear(announced(end=ended), now=ended + dt.timedelta(minutes=1))
    assert again(sale).queued_version is None
    assert again(asked).queued_version == asked.version


def test_what_waits_for_a_person_says_so_until_its_deadline_and_after(
    seller: Client, owner: Operator
) -> None:
    sale = waiting(seller, sending=Sending.KEEP)
    told = [due_soon(owner, day=dt.date(2026, 11, day))[0] for day in (20, 23, 24)]
    assert [one.meaning for one in told] == ["watch", "stop", "stop"]
    assert told[1].text == "dziś ostatni dzień, czeka na wysłanie ręczne"
    assert told[2].text == "po terminie (do 23.11.2026), czeka na wysłanie ręczne"
    send([sale], actor=owner)
    (asked,) = due_soon(owner, day=dt.date(2026, 11, 23))
    assert asked.text == "dziś ostatni dzień"


def test_while_another_outage_lasts_nothing_is_queued(seller: Client) -> None:
    sale = waiting(seller)
    ended = NOON + dt.timedelta(hours=1)
    hear(announced(2, category="MAINTENANCE"), announced(end=ended), now=ended)
    assert again(sale).queued_version is None


# Codes


def findings(link: str) -> dict[str, bool]:
    """What the page behind a code says, as the emulator's own tests read it."""
    page = httpx.get(link)
    found = re.findall(r'<li class="(good|bad)">([^<]+)</li>', page.text)
    return {text: mark == "good" for mark, text in found}


def test_both_codes_stand_on_an_offline_invoice_and_ksef_confirms_the_issuer(
    seller: Client,
) -> None:
    sale = waiting(seller)
    first, second = codes.codes_of(sale)
    assert (first.label, second.label) == ("OFFLINE", "CERTYFIKAT")
    assert "nie ma w KSeF" in httpx.get(first.link).text
    found = findings(second.link)
    assert len(found) == 4
    assert all(found.values()), found


def test_codes_are_signed_once_and_a_reprint_shows_the_same(seller: Client) -> None:
    sale = waiting(seller)
    assert codes.codes_of(sale) == codes.codes_of(again(sale))
    assert SaleCodes.objects.of_client(seller).count() == 1
    uses = CredentialUse.objects.of_client(seller).filter(purpose__startswith="podpis kodu QR")
    assert uses.count() == 1
    assert sale.number in uses.get().purpose


def test_the_paper_bears_the_mode_and_both_codes(seller: Client) -> None:
    paper = PdfReader(BytesIO(pdf_of(waiting(seller))))
    text = "\n".join(page.extract_text() for page in paper.pages)
    for word in ("Offline24", "OFFLINE", "CERTYFIKAT"):
        assert word in text


def test_two_who_sign_at_once_give_the_same_codes(seller: Client) -> None:
    sale, start = waiting(seller), threading.Barrier(2)

    def signed(_: int) -> str:
        try:
            start.wait(10)
            return codes.sign(sale, actor=None).certificate_link
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        links = set(pool.map(signed, range(2)))
    assert len(links) == 1
    assert SaleCodes.objects.of_client(seller).count() == 1


def test_marking_signs_at_once(seller: Client, owner: Operator) -> None:
    sale = factories.a_sale(SaleState.READY, client=seller)
    marking.mark(sale, OFFLINE24, actor=owner)
    assert SaleCodes.objects.of_client(seller).get().signed_by == owner


def test_what_a_crash_left_unsigned_is_signed_later(seller: Client) -> None:
    sales = [waiting(seller) for _ in range(3)]
    assert codes.sign_missing() == 3
    assert codes.sign_missing() == 0
    assert all(codes.stored_codes(sale) for sale in sales)


def test_with_its_number_code_one_bears_it_and_code_two_stays(seller: Client) -> None:
    sale = waiting(seller)
    before = codes.codes_of(sale)
    number = factories.a_ksef_number(seller.nip)
    Sale.objects.of_client(seller).filter(pk=sale.pk).update(
        ksef_number=number, state=SaleState.ACCEPTED
    )
    first, second = codes.codes_of(again(sale))
    assert (first.label, first.link, second) == (number, before[0].link, before[1])


def test_an_online_invoice_has_code_one_alone(firm: Client) -> None:
    (only,) = codes.codes_of(factories.a_sale(SaleState.ACCEPTED, client=firm))
    assert only.label.startswith(firm.nip)
    assert codes.codes_of(factories.a_sale(SaleState.DRAFT, client=firm)) == ()


def test_new_bytes_are_signed_anew(seller: Client) -> None:
    sale = waiting(seller)
    before = codes.codes_of(sale)
    frozen = SaleXml.objects.of_client(seller).get()
    content = bytes(frozen.content or b"") + b"\n"
    SaleXml.objects.create(
        sale=sale, version=2, sha256=digest(content), size=len(content), content=content
    )
    sale.version, sale.sha256 = 2, digest(content)
    sale.save()
    after = codes.codes_of(again(sale))
    assert {code.link for code in before}.isdisjoint(code.link for code in after)


def digest(content: bytes) -> str:
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


def test_an_rsa_key_signs_too(firm: Client) -> None:
    key = new_key("rsa")
    assert isinstance(key, rsa.RSAPrivateKey)
    with open_gateway(firm, purpose="próba") as gateway:
        csr = certificate_request(gateway.certificates.enrolment_data(), key)
        reference = gateway.certificates.enrol(name="Próba RSA", purpose="Offline", csr=csr)
        serial = gateway.certificates.enrolment_status(reference).serial
        assert serial is not None
        der = gateway.certificates.retrieve([serial])[serial]
    add_certificate(
        firm,
        der,
        _pem(key),
        environment="emulator",
        label="rsa",
        actor=None,
        usage=CredentialUsage.OFFLINE,
    )
    link = codes.codes_of(waiting(firm))[1].link
    assert all(findings(link).values())
    signed, _, signature = link.partition("://")[2].rpartition("/")
    key.public_key().verify(
        _decoded(signature), signed.encode(), PSS(MGF1(hashes.SHA256()), 32), hashes.SHA256()
    )


def _pem(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


# Sending


@pytest.fixture
def sending(seller: Client, emulator: Emulator, settings: LazySettings, tmp_path: Path) -> Seller:
    settings.DATA = tmp_path
    return Seller(seller, emulator.control)


def issued(client: Client, mode: OfflineMode = OFFLINE24) -> Sale:
    factories.a_profile(client)
    draft = new_draft(client, factories.a_content(), origin="form", actor=None)
    return issue(draft, actor=None, mode=mode)


def spoil(sale: Sale) -> None:
    """Let the frozen bytes break the schema, as those of a faulty program would."""
    frozen = SaleXml.objects.of_client(sale.client_id).get(sale=sale, version=sale.version)
    content = bytes(frozen.content or b"").replace(b"P_2>", b"P_2x>")
    SaleXml.objects.of_client(sale.client_id).filter(pk=frozen.pk).update(
        content=content, sha256=digest(content), size=len(content)
    )
    Sale.objects.of_client(sale.client_id).filter(pk=sale.pk).update(sha256=digest(content))


def test_an_offline_invoice_is_sent_as_one(sending: Seller) -> None:
    sale = issued(sending.client)
    before = codes.codes_of(sale)
    sending.sends(sale)
    sent = again(sale)
    assert (sent.state, sent.invoicing_mode) == (SaleState.ACCEPTED, "Offline")
    assert sent.offline_mode == OFFLINE24, "the mark stays"
    first, second = codes.codes_of(sent)
    assert (first.label, first.link, second) == (sent.ksef_number, before[0].link, before[1])
    assert "Faktura jest w KSeF" in httpx.get(first.link).text


def test_a_refused_offline_invoice_is_corrected_technically(sending: Seller) -> None:
    sale = issued(sending.client)
    spoil(sale)
    refused = again(sale)
    sending.sends(refused)
    assert again(sale).state == SaleState.REJECTED
    assert due_soon(Operator.objects.create_user("e", name="E", sees_all_clients=True))

    reopen(again(sale), actor=None)
    mended = issue(again(sale), actor=None)
    assert (mended.state, mended.corrects_sha256) == (SaleState.WAITING, refused.sha256)
    sending.sends(mended)

    accepted = again(sale)
    assert (accepted.state, accepted.number) == (SaleState.ACCEPTED, sale.number)
    assert list(sending.in_ksef().values()) == [mended.sha256]
    sent = [one for one in sending.sendings() if one.is_accepted]
    assert [one.invoicing_mode for one in sent] == ["Offline"]


def test_an_invoice_of_an_earlier_day_becomes_offline_by_itself(sending: Seller) -> None:
    yesterday = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=1)
    late, prompt = sending.issue(issued=yesterday), sending.issue()
    sending.sends(late, prompt)
    assert again(late).invoicing_mode == "Offline"
    assert again(prompt).invoicing_mode == "Online"
    assert again(late).offline_mode == ""


def test_during_an_outage_an_offline_invoice_waits_and_goes_when_ksef_is_back(
    sending: Seller, emulator: Emulator
) -> None:
    KindPolicy.objects.create(client=sending.client, kind="VAT", sending=Sending.SEND)
    emulator.control.announce_outage("FAILURE")
    outages.listen()
    sale = issued(sending.client, FAILURE)
    assert (sale.state, sale.offline_deadline) == (SaleState.WAITING, None)

    emulator.control.end_outage()
    outages.listen()

    counted = again(sale)
    assert counted.offline_deadline == add_working_days(today(), 7)
    assert counted.queued_version == counted.version
    sending.passes()
    assert again(sale).state == SaleState.ACCEPTED
