"""Lists, the document, clients, exports and the rest, as a browser without JavaScript sees them."""

import io
import zipfile
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client as Visitor
from django.urls import reverse
from django.utils import timezone

from obieg.core.calendar import Month
from obieg.core.ksef_number import crc8
from obieg.core.polish import today
from obieg.inbox.models import Channel, Invoice
from obieg.office.models import Client, Event, Operator
from obieg.posting.models import Account, Dekret
from obieg.vault.models import Credential
from tests.posting.factories import OperatorFactory, invented_nip, purchase
from tests.posting.papers import Row
from tests.web import offices
from tests.web.conftest import as_operator
from tests.web.offices import Office

TOKEN = "20261101-EC-0123456789-ABCDEF0123-4D|nip-9990000018|0123456789abcdef"
PASSWORD = "trudne-hasło-2026"


def test_a_list_is_sorted_filtered_and_paged_by_its_address(office: Office, anna: Visitor) -> None:
    for place, net in enumerate((300, 100, 200), 1):
        purchase(office.bor, number=f"F/{place}", rows=[Row("Usługa", Decimal(net))])
    page = anna.get(reverse("purchases"), {"sort": "kwota"})
    assert [row.number for row in page.context["page"].rows] == ["F/2", "F/3", "F/1"]
    page = anna.get(reverse("purchases"), {"stan": "approved"})
    assert page.context["page"].rows == []
    assert "Nic nie pasuje do filtrów" in page.content.decode()


@pytest.mark.parametrize("order", ["-data", "data", "kwota", "-kwota", "numer", "-wplyw"])
def test_pages_of_a_list_meet_without_gap_or_overlap(
    office: Office, anna: Visitor, order: str
) -> None:
    offices.sure_purchases(office.bor, 53)
    first = anna.get(reverse("purchases"), {"sort": order}).context["page"]
    second = anna.get(reverse("purchases"), {"sort": order, "po": first.next}).context["page"]
    assert (len(first.rows), len(second.rows), second.next) == (50, 3, "")
    assert len({row.pk for row in (*first.rows, *second.rows)}) == 53


def test_an_address_that_cannot_be_continued_is_explained(office: Office, anna: Visitor) -> None:
    answer = anna.get(reverse("purchases"), {"po": "wczoraj~x"})
    assert answer.status_code == 409
    assert "inbox.page_gone" in answer.content.decode()


def test_the_spreadsheet_holds_what_the_filters_show(office: Office, anna: Visitor) -> None:
    offices.sure_purchases(office.bor, 2)
    purchase(office.bor, number="=1+1", seller_name="Źdźbło S.A.", rows=[Row("Usługa", Decimal(7))])
    sheet = anna.get(reverse("purchases-sheet"), {"szukaj": "źdźbło"})
    text = b"".join(sheet).decode("utf-8-sig")
    heading, row = text.splitlines()
    assert heading.startswith("Data wystawienia;Numer;")
    assert "'=1+1" in row  # no formula
    assert ";8,61;" in row


def test_a_pasted_ksef_number_finds_its_document(office: Office, anna: Visitor) -> None:
    dekret = offices.sure_purchases(office.bor, 2)[1]
    begin = "9990000018-20261103-00000000000A"
    number = f"{begin}-{crc8(begin.encode()):02X}"
    Invoice.objects.across_clients().filter(pk=dekret.invoice_id).update(ksef_number=number)
    page = anna.get(reverse("documents"), {"szukaj": number.lower()})
    assert [row.number for row in page.context["page"].rows] == ["PALIWO/2/2026"]


def test_the_original_is_given_byte_for_byte(office: Office, anna: Visitor) -> None:
    dekret = offices.sure_purchases(office.bor, 1)[0]
    answer = anna.get(reverse("documents-xml", args=[dekret.invoice_id]))
    assert answer.content.startswith(b"<?xml") or answer.content.startswith(b"<Faktura")
    assert f"{dekret.invoice.ksef_number}.xml" in answer["Content-Disposition"]


def test_the_document_can_be_decided_on_its_own_page(office: Office, anna: Visitor) -> None:
    dekret = offices.sure_purchases(office.bor, 1)[0]
    address = reverse("documents-one", args=[dekret.invoice_id])
    text = anna.get(address).content.decode()
    assert dekret.invoice.ksef_number in text
    assert "Przyjęto z KSeF" in text
    note = {"note": "Nie nasza", "document": ""}
    assert anna.post(reverse("queue-reject", args=[dekret.pk]), note)["Location"] == address
    assert "Nie nasza" in anna.get(address).content.decode()


def test_today_names_what_waits_and_links_to_it(office: Office, anna: Visitor) -> None:
    offices.sure_purchases(office.bor, 2)
    long_ago = timezone.now() - timedelta(days=3)
    Dekret.objects.across_clients().update(queued_at=long_ago)
    offices.unreadable(office.bor)
    Channel.objects.across_clients().filter(role="Subject2").update(
        failures=3, error_text="KSeF odrzucił token."
    )
    text = anna.get(reverse("today")).content.decode()
    assert "Synchronizacja 1 klienta się nie udaje" in text
    assert "1 plik, którego nie da się odczytać" in text
    assert "2 dokumenty do zatwierdzenia" in text
    assert "! uwaga" in text  # they wait for more than a day
    failing = anna.get(reverse("clients"), {"stan": "blad"})
    assert [row.client.name for row in failing.context["rows"]] == ["Bór sp. z o.o."]


def test_a_new_office_is_told_where_to_begin(db: None) -> None:
    owner = Operator.objects.create_user("ewa", PASSWORD, name="Ewa", sees_all_clients=True)
    assert "Dodaj klienta" in as_operator(owner).get(reverse("today")).content.decode()


def test_a_client_is_taken_on_with_books_and_channels(office: Office, ewa: Visitor) -> None:
    nip = invented_nip(77)
    typed = {
        "nip": f"{nip[:3]}-{nip[3:6]}-{nip[6:8]}-{nip[8:]}",
        "name": "Żółw sp. z o.o.",
        "accounting_form": "full_books",
        "vat_period": "month",
        "environment": "test",
        "sync_interval": "60",
        "active": "on",
    }
    ewa.post(reverse("clients-add"), typed)
    client = Client.objects.across_clients().get(nip=nip)
    assert Account.objects.of_client(client).filter(number="402-01").exists()
    assert Channel.objects.of_client(client).count() == 4
    event = Event.objects.of_client(client).get(thing="office.client")
    assert event.after["name"] == "Żółw sp. z o.o."


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("nip", "1234567890", "To nie jest poprawny NIP"),
        ("nip", "", "To pole jest wymagane"),
        ("sync_interval", "5", "większa lub równa 15"),
    ],
)
def test_a_client_that_cannot_be_added_keeps_the_typing(
    office: Office, ewa: Visitor, field: str, value: str, words: str
) -> None:
    typed = {"nip": invented_nip(78), "name": "Żółw sp. z o.o.", "sync_interval": "60"}
    text = ewa.post(reverse("clients-add"), typed | {field: value}).content.decode()
    assert words in text
    assert 'value="Żółw sp. z o.o."' in text


def test_a_nip_is_taken_once(office: Office, ewa: Visitor) -> None:
    text = ewa.post(reverse("clients-add"), {"nip": office.bor.nip}).content.decode()
    assert "Ten NIP ma już klient „Bór sp. z o.o.”" in text


def test_a_token_goes_into_the_vault_and_never_comes_back(office: Office, ewa: Visitor) -> None:
    page = reverse("clients-page", args=[office.bor.pk])
    add = reverse("clients-token", args=[office.bor.pk])
    refused = ewa.post(add, {"token": "za krótki", "label": "Token Boru", "environment": "test"})
    text = refused.content.decode()
    assert "To nie wygląda na token KSeF" in text
    assert 'value="Token Boru"' in text
    assert "za krótki" not in text
    ewa.post(add, {"token": TOKEN, "label": "Token Boru", "environment": "emulator"})
    assert Credential.objects.of_client(office.bor).get().label == "Token Boru"
    text = ewa.get(page).content.decode()
    assert "Token Boru" in text
    assert TOKEN not in text


def test_the_client_page_tells_how_the_synchronisation_stands(
    office: Office, anna: Visitor
) -> None:
    moment = datetime(2026, 11, 20, 7, 30, tzinfo=UTC)
    Channel.objects.of_client(office.bor).filter(role="Subject2").update(
        position=moment,
        failures=2,
        error_code="ksef.unauthorised",
        error_text="KSeF odrzucił token.",
    )
    text = anna.get(reverse("clients-page", args=[office.bor.pk])).content.decode()
    assert "20.11.2026 08:30" in text
    assert "KSeF odrzucił token." in text
    assert "ksef.unauthorised" in text


def test_a_period_by_hand_is_checked_and_ordered(office: Office, anna: Visitor) -> None:
    address = reverse("clients-period", args=[office.bor.pk])
    asked = {"role": "Subject2", "date_from": "2026-11-05", "date_to": "2026-11-01"}
    refused = anna.post(address, asked)
    assert "Koniec okresu jest przed jego początkiem" in refused.content.decode()
    assert 'value="05.11.2026"' in refused.content.decode()
    start = (timezone.localdate() - timedelta(days=20)).isoformat()
    asked |= {"date_from": start, "date_to": timezone.localdate().isoformat()}
    page = anna.post(address, asked, follow=True).content.decode()
    assert "ręczna od" in page


def test_a_wrong_ksef_number_is_explained_where_it_was_typed(office: Office, anna: Visitor) -> None:
    address = reverse("clients-number", args=[office.bor.pk])
    text = anna.post(address, {"ksef_number": "123"}).content.decode()
    assert 'value="123"' in text
    assert "ksef.not_a_number" in text


def test_what_is_approved_is_exported_once_and_downloaded_as_often_as_wanted(
    office: Office, anna: Visitor
) -> None:
    made = offices.exported(office.bor, office.anna)
    file = reverse("exports-file", args=[made.pk])
    bodies = {anna.get(file).content for _ in range(2)}
    assert len(bodies) == 1
    assert any(
        name.endswith(".csv") for name in zipfile.ZipFile(io.BytesIO(bodies.pop())).namelist()
    )
    asked = {"client": office.bor.pk, "period": made.period.strftime("%Y-%m")}
    assert anna.post(reverse("exports-make"), asked).status_code == 422
    page = anna.get(reverse("exports"), asked).content.decode()
    assert "Tak, eksportuj ponownie" in page
    assert anna.post(reverse("exports-make"), asked | {"again": "1"}).status_code == 302


def test_an_operator_is_created_assigned_and_can_log_in(office: Office, ewa: Visitor) -> None:
    typed = {
        "login": "ola",
        "name": "Ola Sowa",
        "is_active": "on",
        "role": "reader",
        "served": [office.bor.pk],
    }
    short = ewa.post(reverse("operators-add"), typed | {"password_typed": "Abc-123"})
    assert 'value="Ola Sowa"' in short.content.decode()
    assert "Abc-123" not in short.content.decode()
    ewa.post(reverse("operators-add"), typed | {"password_typed": PASSWORD})
    visitor = Visitor()
    answer = visitor.post(reverse("login"), {"username": "ola", "password": PASSWORD})
    assert answer["Location"] == reverse("today")
    assert "Bór sp. z o.o." in visitor.get(reverse("clients")).content.decode()
    ola = Operator.objects.get(login="ola")
    edit = reverse("operators-edit", args=[ola.pk])
    ewa.post(edit, typed | {"served": [office.cis.pk], "password_typed": ""})
    assert "Bór sp. z o.o." not in visitor.get(reverse("clients")).content.decode()


def test_an_owner_cannot_lock_themselves_out(office: Office, ewa: Visitor) -> None:
    address = reverse("operators-edit", args=[office.ewa.pk])
    text = ewa.post(
        address, {"login": "ewa", "name": "Ewa", "is_active": "on", "role": "owner"}
    ).content.decode()
    assert "Nie możesz odebrać praw właściciela samemu sobie" in text


def test_a_wrong_login_says_what_to_do(office: Office) -> None:
    text = Visitor().post(reverse("login"), {"username": "anna", "password": "x"}).content.decode()
    assert "Caps Lock" in text
    assert 'value="anna"' in text


def test_an_ended_session_brings_a_fragment_to_the_login_page(office: Office) -> None:
    answer = Visitor().get(reverse("queue"), follow=True, headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == reverse("login")


def test_errors_say_what_happened_with_a_code(office: Office, anna: Visitor) -> None:
    missing = anna.get("/nie-ma-takiej/")
    assert (missing.status_code, "web.not_found" in missing.content.decode()) == (404, True)
    refused = anna.get(reverse("operators"))
    assert (refused.status_code, "web.forbidden" in refused.content.decode()) == (403, True)
    strict = Visitor(enforce_csrf_checks=True)
    stale = strict.post(reverse("login"))
    assert (stale.status_code, "web.csrf" in stale.content.decode()) == (403, True)


def test_the_look_is_kept_and_sends_nobody_elsewhere(office: Office, anna: Visitor) -> None:
    asked = {"theme": "dark", "next": "https://example.com/"}
    assert anna.post(reverse("theme"), asked)["Location"] == reverse("today")
    assert 'data-theme="dark"' in anna.get(reverse("today")).content.decode()
    anna.post(reverse("theme"), {"theme": ""})
    assert "data-theme" not in anna.get(reverse("today")).content.decode()


def test_nothing_inline_is_allowed_or_needed(office: Office, anna: Visitor) -> None:
    offices.sure_purchases(office.bor, 1)
    for name in ("today", "queue", "purchases", "clients", "exports"):
        answer = anna.get(reverse(name))
        assert "unsafe" not in answer["Content-Security-Policy"]
        assert "style=" not in answer.content.decode()
        assert "<script>" not in answer.content.decode()


def test_a_reader_is_offered_nothing_that_would_be_refused(office: Office) -> None:
    offices.unknown_purchase(office.bor)
    reader = as_operator(OperatorFactory(role="reader", serving=[office.bor]))
    pages = (reverse("queue"), reverse("clients-page", args=[office.bor.pk]), reverse("today"))
    text = "".join(reader.get(page).content.decode() for page in pages)
    for name in ("clients-synchronise", "clients-token", "clients-edit"):
        assert reverse(name, args=[office.bor.pk]) not in text
    assert 'class="button main approve"' not in text
    assert reverse("operators") not in text


@pytest.mark.parametrize("page", ["books-registers", "books-journal", "books-periods"])
def test_the_books_ask_for_this_month_until_another_is_chosen(anna: Visitor, page: str) -> None:
    offered = anna.get(reverse(page)).content.decode()
    assert f'<option value="{Month.of(today())}" selected>' in offered


def test_the_keys_of_the_api_are_found_in_the_menu(anna: Visitor) -> None:
    assert reverse("sales-api-keys") in anna.get(reverse("today")).content.decode()
