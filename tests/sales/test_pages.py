"""The pages of sales without JavaScript: everything is an ordinary form."""

import io
import zipfile
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client as Visitor
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from obieg.office.models import Client, Event, Operator
from obieg.office.rights import OfficeRole
from obieg.sales.models import BankAccount, Contractor, KindPolicy, Sale, SellerProfile, Series
from tests.posting.factories import sale as received_sale
from tests.posting.papers import Row
from tests.sales.factories import (
    ACCOUNT,
    BUYER_NIP,
    a_client,
    a_content,
    a_contractor,
    a_line,
    a_sale,
    a_session,
    an_issuer,
)
from tests.web.conftest import as_operator

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n" + bytes.fromhex(
    "0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc000000301010018dd"
    "8db00000000049454e44ae426082"
)
LINE = {
    "lines-0-description": "Usługa",
    "lines-0-quantity": "2",
    "lines-0-price": "1 000,50",
    "lines-0-rate": "23",
}
BUYER = {
    "buyer__name": "Bór sp. z o.o.",
    "buyer__nip": "999-298-58-76",
    "buyer__address__line1": "ul. Leśna 2",
}
TYPED = {"kind": "VAT", "currency": "PLN", "prices": "net", **BUYER, **LINE}


@pytest.fixture
def client() -> Client:
    return a_client(name="Sosna S.A.")


@pytest.fixture
def operator(client: Client) -> Operator:
    return an_issuer(client)


@pytest.fixture
def anna(operator: Operator) -> Visitor:
    return as_operator(operator)


def only_sale(client: Client) -> Sale:
    return Sale.objects.of_client(client).get()


def text_of(response: Any) -> str:
    return str(response.content.decode())


def test_a_new_invoice_is_saved_and_its_form_shows_it_again(anna: Visitor, client: Client) -> None:
    answer = anna.post(reverse("sales-new"), TYPED)
    sale = only_sale(client)
    assert answer["Location"] == reverse("sales-edit", args=[sale.pk])
    assert (sale.gross, sale.buyer_nip) == (Decimal("2461.23"), BUYER_NIP)
    page = text_of(anna.get(answer["Location"]))
    assert 'value="Usługa"' in page
    assert 'value="1000,5"' in page
    assert "2\N{NO-BREAK SPACE}461,23" in page


def test_a_new_invoice_begins_with_the_clients_habits(anna: Visitor, client: Client) -> None:
    BankAccount.objects.create(client=client, number=ACCOUNT, bank="Bank")
    contractor = a_contractor(client, payment_days=3)
    page = text_of(anna.get(reverse("sales-new"), {"kontrahent": contractor.pk}))
    assert ACCOUNT in page
    assert BUYER_NIP in page
    assert 'value="Warszawa"' in page


def test_what_cannot_be_read_stays_as_typed_beside_what_can(anna: Visitor, client: Client) -> None:
    anna.post(
        reverse("sales-new"), TYPED | {"lines-0-quantity": "dwie", "issue_date": "31.02.2026"}
    )
    sale = only_sale(client)
    assert sale.content["lines"][0]["description"] == "Usługa"
    page = text_of(anna.get(reverse("sales-edit", args=[sale.pk])))
    assert 'value="dwie"' in page
    assert 'value="31.02.2026"' in page
    assert "2 pola nieczytelne" in page
    anna.post(reverse("sales-edit", args=[sale.pk]), TYPED)
    assert only_sale(client).typed is None


def test_saving_keeps_what_the_form_has_no_field_for(anna: Visitor, client: Client) -> None:
    line = {"description": "Usługa", "uuid": "u-1", "number": 7}
    sale = a_sale(client=client, content=a_content(lines=(line,), lots=("P1",)))
    page = anna.get(reverse("sales-edit", args=[sale.pk]))
    rest = page.context["form"].rows["lines"].kept[0]["rest"].value()
    anna.post(reverse("sales-edit", args=[sale.pk]), TYPED | {"lines-0-rest": rest})
    content = only_sale(client).content
    assert (content["lines"][0]["uuid"], content["lines"][0]["number"]) == ("u-1", 7)
    assert content["lots"] == ["P1"]


def test_what_is_too_large_to_be_saved_comes_back_as_typed(anna: Visitor, client: Client) -> None:
    large = TYPED | {"lines-0-quantity": "99999999999999", "lines-0-price": "99999999999"}
    answer = anna.post(reverse("sales-new"), large)
    page = text_of(answer)
    assert answer.status_code == 422
    assert not Sale.objects.of_client(client).exists()
    for typed in ("99999999999999", "99999999999", "Usługa", "Bór sp. z o.o."):
        assert f'value="{typed}"' in page
    assert 'href="#id_lines-0-price"' in page
    assert "jest za duża" in page

    sale = a_sale(client=client)
    answer = anna.post(reverse("sales-edit", args=[sale.pk]), large)
    assert (answer.status_code, only_sale(client).gross) == (422, sale.gross)
    assert anna.post(reverse("sales-totals", args=[client.pk]), large).status_code == 200


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ({}, Decimal("150.00")),
        ({"lines-0-price": "90"}, None),
        ({"lines-0-quantity": "3"}, None),
        ({"lines-0-rebate": "5%"}, None),
        ({"lines-0-price": "90", "lines-0-amount": "140"}, Decimal("140.00")),
        ({"lines-0-price": "", "lines-0-quantity": "3"}, Decimal("150.00")),
    ],
)
def test_a_new_price_or_quantity_takes_back_the_amount_given_for_the_old_one(
    changes: dict[str, str], kept: Decimal | None, anna: Visitor, client: Client
) -> None:
    line = a_line(price=Decimal(100), quantity=Decimal(2), amount=Decimal(150), tax=Decimal(30))
    sale = a_sale(client=client, content=a_content(lines=(line,)))
    address = reverse("sales-edit", args=[sale.pk])
    row = anna.get(address).context["form"].rows["lines"].kept[0]
    shown = {f"lines-0-{field.name}": field.value() or "" for field in row}
    assert anna.post(address, TYPED | shown | changes).status_code == 302
    (stored,) = only_sale(client).content["lines"]
    assert (Decimal(stored["amount"]) if "amount" in stored else None) == kept
    if kept is None:
        assert "tax" not in stored


def test_findings_stand_at_their_fields_and_in_the_summary(anna: Visitor, client: Client) -> None:
    sale = a_sale(
        client=client, content=a_content(lines=({"description": "Usługa", "rate": "zw"},))
    )
    page = anna.get(reverse("sales-edit", args=[sale.pk]))
    placed = {one.field_id for one in page.context["findings"]}
    assert "id_annotations__exempt_by" in placed or "id_lines-0-rate" in placed
    assert 'class="fault' in text_of(page)


def test_issuing_gives_the_number_and_leads_to_the_document(anna: Visitor, client: Client) -> None:
    sale = a_sale(client=client)
    page = anna.get(reverse("sales-edit", args=[sale.pk]))
    typed = sent_by(page)
    answer = anna.post(reverse("sales-edit", args=[sale.pk]), typed | {"act": "issue"})
    assert answer["Location"] == reverse("sales-one", args=[sale.pk])
    assert only_sale(client).number.startswith("FV/1/")
    shown = text_of(anna.get(answer["Location"]))
    assert "Niewysłana" in shown
    assert "Wyślij do KSeF" in shown


def test_a_day_that_is_not_today_asks_before_it_is_issued(anna: Visitor, client: Client) -> None:
    sale = a_sale(client=client, content=a_content(issue_date=date(2026, 11, 2)))
    address = reverse("sales-edit", args=[sale.pk])
    typed = sent_by(anna.get(address)) | {"act": "issue"}
    asked = anna.post(address, typed)
    assert asked.status_code == 422
    codes = [one.code for one in asked.context["confirm"]]
    assert codes == ["fa.check.not_today"]
    assert anna.post(address, typed | {"confirmed": codes}).status_code == 302
    assert only_sale(client).state == "ready"


def test_a_buyer_is_remembered_once(anna: Visitor, client: Client) -> None:
    for _ in range(2):
        anna.post(reverse("sales-new"), TYPED | {"keep_buyer": "on"})
    kept = Contractor.objects.of_client(client).get()
    assert kept.content["nip"] == BUYER_NIP
    assert {sale.contractor_id for sale in Sale.objects.of_client(client)} == {kept.pk}


def test_a_foreign_contractor_is_not_taken(anna: Visitor, client: Client) -> None:
    foreign = a_contractor(a_client())
    anna.post(reverse("sales-new"), TYPED | {"contractor": foreign.pk})
    assert only_sale(client).contractor_id is None


def test_totals_are_counted_while_one_types(anna: Visitor, client: Client) -> None:
    answer = anna.post(reverse("sales-totals", args=[client.pk]), TYPED)
    assert "2\N{NO-BREAK SPACE}461,23" in text_of(answer)
    assert 'id="net-lines-0"' in text_of(answer)
    assert not Sale.objects.of_client(client).exists()


def test_contractors_are_found_by_name_and_number(anna: Visitor, client: Client) -> None:
    a_contractor(client)
    for words in ("bór", BUYER_NIP[:5], "BÓR sp."):
        found = anna.get(reverse("sales-buyers", args=[client.pk]), {"szukaj": words})
        assert "Bór sp. z o.o." in text_of(found)
    assert "Nie ma takiego" in text_of(
        anna.get(reverse("sales-buyers", args=[client.pk]), {"szukaj": "dąb"})
    )


def test_a_rejected_document_shows_ksefs_own_words(anna: Visitor, client: Client) -> None:
    sale = a_sale("rejected", client=client, ksef_code=440, ksef_text="Duplikat faktury")
    page = text_of(anna.get(reverse("sales-one", args=[sale.pk])))
    assert "440" in page
    assert "Duplikat faktury" in page
    opened = anna.post(reverse("sales-reopen", args=[sale.pk]))
    assert opened["Location"] == reverse("sales-edit", args=[sale.pk])
    assert only_sale(client).number == sale.number


def test_the_page_of_a_document_asks_the_database_little(anna: Visitor, client: Client) -> None:
    sale = a_sale("confirmed", client=client)
    with CaptureQueriesContext(connection) as queries:
        anna.get(reverse("sales-one", args=[sale.pk]))
    assert len(queries) <= 14


def test_a_number_given_by_another_program_is_written_by_those_with_the_right(
    anna: Visitor, operator: Operator, client: Client
) -> None:
    sale = a_sale("ready", client=client)
    typed = {"ksef_number": "nie numer", "acquired_on": "2026-11-20", "acquired_at": "12:00"}
    address = reverse("sales-elsewhere", args=[sale.pk])
    assert anna.post(address, typed).status_code == 403
    operator.role = OfficeRole.CHIEF
    operator.save()
    answer = anna.post(address, typed)
    assert answer.status_code == 422
    assert 'value="nie numer"' in text_of(answer)


def test_a_correction_opens_its_form_with_rows_before_and_after(
    anna: Visitor, client: Client
) -> None:
    sale = a_sale("confirmed", client=client)
    answer = anna.post(reverse("sales-correct", args=[sale.pk]), {"way": "lines"})
    page = anna.get(answer["Location"])
    rows = page.context["form"].rows["lines"].kept
    assert [row["before"].value() for row in rows] == ["1", ""]
    assert sale.ksef_number in text_of(page)


def test_a_wrong_buyer_makes_two_drafts(anna: Visitor, client: Client) -> None:
    sale = a_sale("confirmed", client=client)
    answer = anna.post(reverse("sales-correct", args=[sale.pk]), {"way": "buyer"}, follow=True)
    drafts = Sale.objects.of_client(client).filter(state="draft")
    assert sorted(draft.kind for draft in drafts) == ["KOR", "VAT"]
    assert "dwa szkice" in text_of(answer)


def test_the_list_holds_own_and_received_documents_once(anna: Visitor, client: Client) -> None:
    received = received_sale(client, number="OBCA/1", rows=[Row("Usługa", Decimal(100))])
    own = a_sale("ready", client=client)
    both = received_sale(client, number="WSPOLNA/1", rows=[Row("Usługa", Decimal(50))]).invoice
    a_sale("accepted", client=client, number="WSPOLNA/1", ksef_number=both.ksef_number)
    page = anna.get(reverse("sales"))
    numbers = [entry.document.number for entry in page.context["page"].rows]
    assert sorted(numbers) == sorted([own.number, received.invoice.number, "WSPOLNA/1"])


@pytest.mark.parametrize("order", ["-data", "data", "kwota", "-kwota", "numer", "-numer"])
def test_pages_of_the_list_meet_without_gap_or_overlap(
    anna: Visitor, client: Client, order: str
) -> None:
    for place in range(28):
        received_sale(client, number=f"O/{place}", rows=[Row("Usługa", Decimal(100))])
        day = None if place % 3 else date(2026, 11, 1 + place)
        a_sale(client=client, issue_date=day)
    first = anna.get(reverse("sales"), {"sort": order}).context["page"]
    second = anna.get(reverse("sales"), {"sort": order, "po": first.next}).context["page"]
    assert (len(first.rows), len(second.rows), second.next) == (50, 6, "")
    assert len({entry.key for entry in (*first.rows, *second.rows)}) == 56


def test_filters_and_counters_are_told_apart(anna: Visitor, client: Client) -> None:
    a_sale(client=client)
    a_sale("rejected", client=client)
    page = anna.get(reverse("sales"), {"stan": "rejected"})
    assert [entry.document.state for entry in page.context["page"].rows] == ["rejected"]
    counts = {label: count for state, label, count, _ in page.context["tabs"] if state}
    assert counts == {"szkice": 1, "odrzucone": 1}
    assert page.context["page"].totals[0].gross == Decimal("246.00")


def test_a_place_in_the_list_that_makes_no_sense_is_explained(
    anna: Visitor, client: Client
) -> None:
    assert anna.get(reverse("sales"), {"po": "wczoraj~s~x"}).status_code == 409


def act(visitor: Visitor, name: str, *sales: Sale) -> Any:
    chosen = [f"s{sale.pk}" for sale in sales]
    return visitor.post(reverse("sales-selected"), {"act": name, "chosen": chosen}, follow=True)


def test_many_are_checked_and_issued_at_once_and_each_refusal_is_told(
    anna: Visitor, client: Client
) -> None:
    good, bad = a_sale(client=client), a_sale(client=client, content=a_content(lines=()))
    empty = a_sale(client=client, content=a_content(buyer={"name": ""}))
    assert "Sprawdzono bez błędów: 2 dokumenty" in text_of(act(anna, "check", good, bad, empty))
    page = text_of(act(anna, "issue", good, bad, empty))
    assert "Wystawiono: 2 dokumenty" in page
    assert "Nie można wystawić" in page


def test_many_are_printed_as_one_archive(anna: Visitor, client: Client) -> None:
    sales = [a_sale("ready", client=client) for _ in range(2)]
    answer = act(anna, "pdf", *sales)
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert len(archive.namelist()) == 2
    assert all(archive.read(name).startswith(b"%PDF-") for name in archive.namelist())


def test_many_are_printed_as_one_file_in_the_order_of_the_list(
    anna: Visitor, client: Client
) -> None:
    sales = [a_sale("ready", client=client) for _ in range(3)]
    answer = act(anna, "one-pdf", *sales)
    assert answer["Content-Type"] == "application/pdf"
    found = PdfReader(io.BytesIO(answer.content))
    assert found.metadata is not None
    assert found.metadata.title == "3 faktury"
    pages = [page.extract_text() for page in found.pages]
    assert sorted(sale.number for sale in sales) == sorted(
        sale.number for page in pages for sale in sales if sale.number in page
    )
    assert all("strona 1 z 1" in page for page in pages)


def test_more_than_fit_into_one_file_are_refused_with_advice(
    anna: Visitor, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("obieg.sales.views.selected.MOST_IN_ONE", 1)
    sales = [a_sale("ready", client=client) for _ in range(2)]
    assert "osobne pliki w ZIP" in text_of(act(anna, "one-pdf", *sales))


def test_the_spreadsheet_holds_numbers_days_and_no_formulas(anna: Visitor, client: Client) -> None:
    a_sale("ready", client=client, number="=1+1")
    answer = anna.get(reverse("sales-sheet"))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0)
    heading, row = rows.to_python()
    assert row[1] == "=1+1"
    assert row[heading.index("Brutto")] == 246.0
    assert row[0] == date(2026, 11, 20)


def test_a_reader_sees_and_issues_nothing(operator: Operator, client: Client) -> None:
    operator.role = OfficeRole.READER
    operator.save()
    sale = a_sale("ready", client=client)
    reader = as_operator(operator)
    page = text_of(reader.get(reverse("sales")))
    assert "Nowa faktura" not in page
    assert reader.get(reverse("sales-new")).status_code == 403
    assert reader.post(reverse("sales-send", args=[sale.pk])).status_code == 403
    for name in ("issue", "send"):
        assert act(reader, name, sale).status_code == 403


def test_a_session_shows_what_went_in_it(anna: Visitor, client: Client) -> None:
    session = a_session(client)
    sale = a_sale("accepted", client=client, session=session)
    page = text_of(anna.get(reverse("sales-session", args=[session.pk])))
    assert sale.number in page
    assert "Zamknij sesję" in page
    anna.post(reverse("sales-session-close", args=[session.pk]))
    session.refresh_from_db(from_queryset=type(session).objects.across_clients())
    assert session.state == "closing"


def test_the_sellers_settings_are_kept_with_logo_and_trail(anna: Visitor, client: Client) -> None:
    address = reverse("clients-sales", args=[client.pk])
    form = anna.get(address).context["profile"]
    typed = {name: form[name].value() or "" for name in form.fields}
    typed |= {"place": "Kraków", "logo_file": SimpleUploadedFile("logo.png", PNG)}
    typed.pop("logo_removed")
    assert anna.post(address, typed).status_code == 302
    profile = SellerProfile.objects.of_client(client).get()
    assert (profile.place, bytes(profile.logo)) == ("Kraków", PNG)
    assert anna.get(reverse("clients-sales-logo", args=[client.pk]))["Content-Type"] == "image/png"
    assert Event.objects.of_client(client).filter(thing="sales.profile").exists()
    refused = typed | {
        "place": "Gdynia",
        "logo_file": SimpleUploadedFile("logo.png", b"to nie obraz"),
    }
    answer = anna.post(address, refused)
    assert answer.status_code == 422
    assert 'value="Gdynia"' in text_of(answer)
    assert answer.context["profile"].errors.keys() == {"logo_file"}
    assert str(answer.context["profile"].errors["logo_file"][0]) in text_of(answer)
    profile.refresh_from_db(from_queryset=SellerProfile.objects.of_client(client))
    assert (profile.place, bytes(profile.logo)) == ("Kraków", PNG)


def test_accounts_series_and_policies_are_kept(anna: Visitor, client: Client) -> None:
    account = reverse("clients-sales-account", args=[client.pk])
    assert (
        anna.post(account, {"account-number": "12 3456", "account-currency": "PLN"}).status_code
        == 422
    )
    spaced = " ".join(ACCOUNT[place : place + 4] for place in range(0, 26, 4))
    anna.post(account, {"account-number": spaced, "account-currency": "pln"})
    assert BankAccount.objects.of_client(client).get().number == ACCOUNT
    typed = {"series-code": "A", "series-pattern": "A/{nr}", "series-restart": "year"}
    anna.post(reverse("clients-sales-series", args=[client.pk]), typed | {"series-kinds": ["VAT"]})
    assert Series.objects.of_client(client).get().kinds == ["VAT"]
    kinds = ("VAT", "KOR", "ZAL", "ROZ", "UPR", "KOR_ZAL", "KOR_ROZ")
    chosen = {f"{kind}_sending": "send" for kind in kinds}
    anna.post(reverse("clients-sales-policies", args=[client.pk]), chosen)
    assert KindPolicy.objects.of_client(client).filter(sending="send").count() == 7


def test_a_contractor_is_added_changed_and_removed(anna: Visitor, client: Client) -> None:
    add = reverse("clients-contractors-add", args=[client.pk])
    assert anna.post(add, {"name": "Dąb S.A.", "nip": "9992985877"}).status_code == 422
    anna.post(add, {"name": "Dąb S.A.", "nip": BUYER_NIP, "address__line1": "ul. Dębowa 1"})
    kept = Contractor.objects.of_client(client).get()
    assert kept.content["address"] == {"line1": "ul. Dębowa 1"}
    edit = reverse("clients-contractors-edit", args=[kept.pk])
    anna.post(edit, {"name": "Dąb sp. z o.o.", "nip": BUYER_NIP, "retail": "on"})
    kept = Contractor.objects.of_client(client).get()
    assert (kept.name, kept.retail) == ("Dąb sp. z o.o.", True)
    anna.post(reverse("clients-contractors-remove", args=[kept.pk]))
    assert not Contractor.objects.of_client(client).exists()


def test_production_asks_for_an_explicit_confirmation(operator: Operator, client: Client) -> None:
    operator.role = OfficeRole.CHIEF
    operator.save()
    chief = as_operator(operator)
    address = reverse("clients-environment", args=[client.pk])
    refused = chief.post(address, {"to": "production"})
    assert refused.status_code == 422
    assert "sales.production_unconfirmed" in text_of(refused)
    assert chief.post(address, {"to": "production", "confirmed": "on"}).status_code == 302
    client.refresh_from_db(from_queryset=Client.objects.across_clients())
    assert client.environment == "production"


def sent_by(page: Any) -> dict[str, Any]:
    """What the form on the page would send."""
    form = page.context["form"]
    forms = [*form.heads, *(row for _, row in form.every_row())]
    sent = {}
    for part in forms:
        for field in part:
            if (value := field.value()) not in (None, "", False):
                sent[field.html_name] = "on" if value is True else str(value)
    return sent
