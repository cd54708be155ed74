"""The pages of the offline modes and of the Offline certificate, as operators meet them."""

import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from obieg.core.polish import today
from obieg.office.models import Client, KsefEnvironment, Operator
from obieg.sales.drafts import new_draft
from obieg.sales.listing import Entry
from obieg.sales.models import Outage, Sale
from obieg.sales.offline.marking import UNANNOUNCED, marks
from obieg.sales.offline.outages import enter
from obieg.sales.states import OfflineMode, SaleState
from obieg.vault.credentials import add_certificate
from obieg.vault.models import Credential, Enrolment
from tests.ksef_emulator.certificates import seal
from tests.posting.factories import OperatorFactory
from tests.sales import factories
from tests.vault.firms import certificate_of, keep_offline, key_of
from tests.web.conftest import as_operator

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return factories.a_client(name="Bór sp. z o.o.", environment=KsefEnvironment.TEST)


@pytest.fixture
def anna(client: Client) -> Operator:
    return factories.an_issuer(client)


@pytest.fixture
def ewa() -> Operator:
    owner: Operator = OperatorFactory(login="ewa", name="Ewa Wilk", owner=True)
    return owner


def again(sale: Sale) -> Sale:
    return Sale.objects.across_clients().get(pk=sale.pk)


def test_what_waits_stands_with_its_countdown(client: Client, anna: Operator) -> None:
    columns = marks(client, OfflineMode.OFFLINE24, factories.ISSUED)
    sale = factories.a_sale(SaleState.WAITING, client=client, **columns)
    page = as_operator(anna).get(reverse("sales-offline")).content.decode()
    assert sale.number in page
    assert "23.11.2026" in page
    assert "Wpisz przerwę" not in page


def test_today_leads_to_what_waits(client: Client, anna: Operator) -> None:
    assert "offline do przesłania" not in as_operator(anna).get("/").content.decode()
    columns = marks(client, OfflineMode.OFFLINE24, dt.date(2026, 11, 2))
    factories.a_sale(SaleState.WAITING, client=client, issue_date=dt.date(2026, 11, 2), **columns)
    page = as_operator(anna).get("/").content.decode()
    assert "1 faktura wystawiona offline do przesłania do KSeF" in page
    assert "po terminie (do 03.11.2026)" in page


def test_today_warns_of_an_ending_offline_certificate(client: Client, anna: Operator) -> None:
    credential = keep_offline(client)
    assert "Certyfikat Offline" not in as_operator(anna).get("/").content.decode()
    soon = timezone.now() + dt.timedelta(days=3)
    Credential.objects.of_client(client).filter(pk=credential.pk).update(valid_to=soon)
    page = as_operator(anna).get("/").content.decode()
    assert "Certyfikat Offline (Bór sp. z o.o.) wygasa w ciągu 30 dni" in page
    assert reverse("clients-page", args=[client.pk]) in page


def test_an_outage_is_entered_and_ended(client: Client, ewa: Operator) -> None:
    visitor = as_operator(ewa)
    typed = {
        "kind": "failure",
        "environment": "test",
        "started_at": "2026-11-20T10:00",
        "ended_at": "",
        "text": "komunikat w BIP",
    }
    assert visitor.post(reverse("sales-offline-outage"), typed).status_code == 302
    outage = Outage.objects.get()
    assert timezone.localtime(outage.started_at).hour == 10
    assert "✕ trwa" in visitor.get(reverse("sales-offline")).content.decode()

    visitor.post(reverse("sales-offline-outage-end", args=[outage.pk]))
    outage.refresh_from_db()
    assert outage.ended_at is not None


def test_an_outage_that_ends_before_it_begins_stays_typed(client: Client, ewa: Operator) -> None:
    typed = {
        "kind": "failure",
        "environment": "test",
        "started_at": "2026-11-20T10:00",
        "ended_at": "2026-11-20T09:00",
        "text": "BIP",
    }
    answer = as_operator(ewa).post(reverse("sales-offline-outage"), typed)
    assert answer.status_code == 422
    assert "Koniec jest przed początkiem." in answer.content.decode()
    assert "2026-11-20T09:00" in answer.content.decode()


def test_a_document_is_marked_on_its_page(client: Client, anna: Operator) -> None:
    keep_offline(client)
    sale = factories.a_sale(SaleState.READY, client=client)
    address = reverse("sales-offline-one", args=[sale.pk])
    assert "Offline24" in as_operator(anna).get(address).content.decode()
    answer = as_operator(anna).post(address, {"mode": "offline24"})
    assert answer["Location"] == reverse("sales-one", args=[sale.pk])
    assert again(sale).state == SaleState.WAITING
    assert "Offline24" in as_operator(anna).get(answer["Location"]).content.decode()


def test_many_are_issued_offline_at_once_in_the_announced_mode(
    client: Client, anna: Operator
) -> None:
    keep_offline(client)
    enter(
        environment="test",
        kind="unavailable",
        started_at=timezone.now(),
        ended_at=None,
        text="BIP",
        actor=anna,
    )
    draft = new_draft(client, factories.a_content(), origin="form", actor=None)
    ready = factories.a_sale(SaleState.READY, client=client)
    sent = factories.a_sale(SaleState.ACCEPTED, client=client)
    entries = [entry.key for entry in all_of(anna)]
    as_operator(anna).post(reverse("sales-selected"), {"act": "offline", "chosen": entries})
    assert [again(sale).offline_mode for sale in (draft, ready, sent)] == [
        OfflineMode.UNAVAILABLE,
        OfflineMode.UNAVAILABLE,
        "",
    ]


def all_of(operator: Operator) -> list[Entry]:
    """The list of sales as the operator ticks it."""
    return list(as_operator(operator).get(reverse("sales")).context["page"].rows)


def test_a_moved_deadline_stands_in_the_history(client: Client, anna: Operator) -> None:
    columns = marks(client, OfflineMode.OFFLINE24, factories.ISSUED)
    sale = factories.a_sale(SaleState.WAITING, client=client, **columns)
    monday = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
    enter(
        environment="test",
        kind="failure",
        started_at=monday,
        ended_at=monday + dt.timedelta(hours=4),
        text="BIP",
        actor=anna,
    )
    page = as_operator(anna).get(reverse("sales-one", args=[sale.pk])).content.decode()
    assert "Przeliczono termin przesłania" in page
    assert "02.12.2026" in page


def test_an_unannounced_failure_is_asked_about(client: Client, anna: Operator) -> None:
    keep_offline(client)
    sale = factories.a_sale(SaleState.READY, client=client)
    address = reverse("sales-offline-one", args=[sale.pk])
    answer = as_operator(anna).post(address, {"mode": "failure"})
    assert answer.status_code == 422
    assert "Nie ma komunikatu o awarii KSeF" in answer.content.decode()
    assert again(sale).state == SaleState.READY

    as_operator(anna).post(address, {"mode": "failure", "confirmed": UNANNOUNCED})
    assert again(sale).offline_mode == OfflineMode.FAILURE


def test_a_draft_is_issued_in_a_mode_after_every_question(client: Client, anna: Operator) -> None:
    keep_offline(client)
    yesterday = today() - dt.timedelta(days=1)
    draft = new_draft(client, factories.a_content(issue_date=yesterday), origin="form", actor=None)
    visitor, address = as_operator(anna), reverse("sales-offline-one", args=[draft.pk])
    typed = {"mode": "failure"}
    first = visitor.post(address, typed).content.decode()
    second = visitor.post(address, {**typed, "confirmed": codes_on(first)}).content.decode()
    assert len(codes_on(second)) == 2, "what was confirmed stays confirmed"
    assert visitor.post(address, {**typed, "confirmed": codes_on(second)}).status_code == 302
    issued = again(draft)
    assert (issued.state, issued.offline_mode) == (SaleState.WAITING, OfflineMode.FAILURE)


def codes_on(page: str) -> list[str]:
    """The confirmations that a page asks for or already has."""
    return re.findall(r'name="confirmed"[^>]* value="([^"]+)"', page)


def test_without_a_certificate_the_page_says_what_to_do(client: Client, anna: Operator) -> None:
    sale = factories.a_sale(SaleState.READY, client=client)
    address = reverse("sales-offline-one", args=[sale.pk])
    answer = as_operator(anna).post(address, {"mode": "offline24"})
    assert answer.status_code == 422
    assert "vault.no_offline_certificate" in answer.content.decode()


def test_how_ksef_took_a_late_invoice_stands_on_its_card(client: Client, anna: Operator) -> None:
    sale = factories.a_sale(SaleState.ACCEPTED, client=client, invoicing_mode="Offline")
    page = as_operator(anna).get(reverse("sales-one", args=[sale.pk])).content.decode()
    assert "data wystawienia jest wcześniejsza niż dzień wysłania" in page


def test_a_certificate_is_asked_for_on_the_client_s_page(client: Client, ewa: Operator) -> None:
    identity = seal(client.nip)
    add_certificate(
        client,
        certificate_of(identity),
        key_of(identity),
        environment="test",
        label="logowanie",
        actor=None,
    )
    visitor = as_operator(ewa)
    assert (
        "Zamów w KSeF" in visitor.get(reverse("clients-offline", args=[client.pk])).content.decode()
    )
    visitor.post(reverse("clients-offline-enrol", args=[client.pk]))
    assert Enrolment.objects.of_client(client).get().asked_by == ewa
    assert "Zlecony" in visitor.get(reverse("clients-offline", args=[client.pk])).content.decode()


def test_a_wrong_file_is_explained(client: Client, ewa: Operator) -> None:
    identity = seal(client.nip)
    files = {
        "certificate": SimpleUploadedFile("a.crt", certificate_of(identity)),
        "private_key": SimpleUploadedFile("a.key", key_of(identity)),
    }
    answer = as_operator(ewa).post(reverse("clients-offline-file", args=[client.pk]), files)
    assert answer.status_code == 422
    assert "To nie jest certyfikat KSeF typu Offline" in answer.content.decode()
    assert not Credential.objects.of_client(client).exists()


def test_the_certificate_in_use_shows_its_validity(client: Client, ewa: Operator) -> None:
    credential = keep_offline(client)
    page = as_operator(ewa).get(reverse("clients-offline", args=[client.pk])).content.decode()
    assert "certyfikat klienta" in page
    assert credential.fingerprint[:16] in page
