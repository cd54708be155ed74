"""Approved dekrets leave in a file once; the file is kept."""

import csv
import hashlib
import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest

from obieg.core.cells import plain_cell
from obieg.exports.csv_format import COLUMNS
from obieg.exports.errors import NothingToExport
from obieg.exports.models import Export, ExportContent, ExportedDekret
from obieg.exports.services import export, export_all, pending
from obieg.inbox.models import InvoiceXml
from obieg.office.models import Client, Event, Operator
from obieg.posting.decisions import approve
from obieg.posting.models import Account, Dekret, JournalEntry
from tests.posting.factories import ClientFactory, OperatorFactory, purchase, sale
from tests.posting.papers import Row
from tests.posting.together import at_once
from tests.posting.typing_in import line

FUEL = Row("Olej napędowy", Decimal("1000.00"))
NOVEMBER = date(2026, 11, 1)


@pytest.fixture
def client_firm(db: None) -> Client:
    return ClientFactory(name="Bór sp. z o.o.")


@pytest.fixture
def anna(client_firm: Client) -> Operator:
    return OperatorFactory(name="Anna", serving=[client_firm])


def archive(made: Export) -> zipfile.ZipFile:
    content = ExportContent.objects.of_client(made.client).get(pk=made.pk)
    assert hashlib.sha256(content.body).hexdigest() == made.sha256
    return zipfile.ZipFile(io.BytesIO(content.body))


def table(made: Export) -> list[dict[str, str]]:
    text = archive(made).read("dekrety.csv")
    assert text.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(text.decode("utf-8-sig")), delimiter=";"))


def test_an_export_holds_the_table_and_the_xml_as_ksef_has_it(
    client_firm: Client, anna: Operator
) -> None:
    bought = approve(purchase(client_firm, rows=[FUEL]), operator=anna)
    sold = approve(sale(client_firm), operator=anna)
    made = export(client_firm, date(2026, 11, 30), operator=anna)
    names = {f"faktury/{one.invoice.ksef_number}.xml": one for one in (bought, sold)}
    assert set(archive(made).namelist()) == {"dekrety.csv", *names}
    for name, dekret in names.items():
        stored = InvoiceXml.objects.of_client(client_firm).get(pk=dekret.invoice_id)
        assert archive(made).read(name) == bytes(stored.xml)
    assert (made.documents, made.period, made.again) == (2, NOVEMBER, False)


def test_a_row_says_everything_that_the_accounting_system_needs(
    client_firm: Client, anna: Operator
) -> None:
    dekret = approve(purchase(client_firm, rows=[FUEL]), operator=anna)
    (row,) = table(export(client_firm, NOVEMBER, operator=anna))
    assert list(row) == list(COLUMNS)
    expected = {
        "Numer KSeF": dekret.invoice.ksef_number,
        "Numer faktury": "FV/1/2026",
        "Zakup/sprzedaż": "zakup",
        "Okres": "2026-11",
        "Okres VAT": "2026-11",
        "Data wystawienia": "2026-11-03",
        "Data wpływu": "2026-11-19",
        "NIP kontrahenta": "9990000018",
        "Stawka VAT": "23",
        "Netto": "1000,00",
        "VAT": "230,00",
        "Brutto": "1230,00",
        "Netto PLN": "1000,00",
        "Odliczenie VAT %": "50",
        "VAT odliczony PLN": "115,00",
        "Rejestr VAT": "ZAKUP",
        "Konto": "401-04",
        "Konto Wn": "401-04",
        "Konto Ma": "202",
        "Konto VAT": "221-1",
        "Zatwierdził": "Anna",
    }
    assert {name: row[name] for name in expected} == expected


def test_a_row_tells_both_months_and_how_the_cost_is_divided(
    client_firm: Client, anna: Operator
) -> None:
    accounts = Account.objects.of_client(client_firm)
    accounts.filter(number="401-04").update(cost_percent=75, rest_account="409-09")
    dekret = purchase(client_firm, rows=[FUEL, Row("Papier ksero A4", Decimal("100.00"))])
    fuel, paper = (
        line(dekret, account=account, deductible_percent=percent, net=net, vat=vat)
        for account, percent, net, vat in (
            ("401-04", 50, Decimal("1000.00"), Decimal("230.00")),
            ("401-06", 100, Decimal("100.00"), Decimal("23.00")),
        )
    )
    approve(dekret, [fuel, paper], operator=anna, vat_month=date(2026, 12, 1))
    rows = table(export(client_firm, NOVEMBER, operator=anna))
    told = ("Okres", "Okres VAT", "Koszt podatkowy %", "Koszt podatkowy PLN")
    rest = ("Reszta kosztu PLN", "Konto reszty")
    assert [[row[name] for name in (*told, *rest)] for row in rows] == [
        ["2026-11", "2026-12", "75", "836,25", "278,75", "409-09"],
        ["2026-11", "2026-12", "100", "100,00", "0,00", ""],
    ]
    entered = JournalEntry.objects.of_client(client_firm).filter(account="409-09")
    assert [row.amount for row in entered] == [Decimal("278.75")]


def test_a_sale_credits_its_account(client_firm: Client, anna: Operator) -> None:
    approve(sale(client_firm), operator=anna)
    (row,) = table(export(client_firm, NOVEMBER, operator=anna))
    assert (row["Konto Wn"], row["Konto Ma"], row["Konto VAT"]) == ("201", "702", "221-2")


def test_a_document_has_a_row_for_each_rate_and_account(
    client_firm: Client, anna: Operator
) -> None:
    dekret = purchase(client_firm, rows=[FUEL, Row("Prasa", Decimal("10.00"), "8")])
    approve(dekret, [line(dekret), line(dekret, 2, account="401-06")], operator=anna)
    rows = table(export(client_firm, NOVEMBER, operator=anna))
    assert [(row["Stawka VAT"], row["Konto"]) for row in rows] == [
        ("23", "401-04"),
        ("8", "401-06"),
    ]


@pytest.mark.parametrize("text", ["=1+1", "+48 22", "-5", "@SUM(A1)", "\tx", "\rx"])
def test_no_cell_is_taken_for_a_formula(text: str) -> None:
    assert plain_cell(text) == f"'{text}"


def test_a_sellers_formula_stays_text_and_a_negative_amount_a_number(
    client_firm: Client, anna: Operator
) -> None:
    minus = Row("Olej napędowy", Decimal("-10.00"))
    dekret = purchase(client_firm, rows=[minus], kind="KOR", seller_name="=HYPERLINK(1)")
    approve(dekret, operator=anna)
    (row,) = table(export(client_firm, NOVEMBER, operator=anna))
    assert (row["Nazwa kontrahenta"], row["Netto"]) == ("'=HYPERLINK(1)", "-10,00")


def test_a_document_is_exported_once_unless_asked_again(
    client_firm: Client, anna: Operator
) -> None:
    first = approve(purchase(client_firm, rows=[FUEL]), operator=anna)
    export(client_firm, NOVEMBER, operator=anna)
    with pytest.raises(NothingToExport, match="Bór"):
        export(client_firm, NOVEMBER, operator=anna)
    approve(purchase(client_firm, rows=[FUEL]), operator=anna)
    assert export(client_firm, NOVEMBER, operator=anna).documents == 1
    again = export(client_firm, NOVEMBER, operator=anna, again=True)
    assert (again.documents, again.again) == (2, True)
    trail = Event.objects.of_client(client_firm).filter(thing_id=first.pk, kind="export")
    assert [event.before["state"] for event in trail] == ["approved", "exported"]


def test_only_the_approved_of_the_month_are_pending(client_firm: Client, anna: Operator) -> None:
    purchase(client_firm, rows=[FUEL])
    later = approve(purchase(client_firm, rows=[FUEL]), operator=anna, period=date(2026, 12, 5))
    assert list(pending(client_firm, NOVEMBER)) == []
    assert list(pending(client_firm, date(2026, 12, 31))) == [later]


def test_every_client_of_the_operator_is_exported_and_no_other(
    client_firm: Client, anna: Operator
) -> None:
    foreign = ClientFactory()
    owner = OperatorFactory(owner=True)
    for client in (client_firm, foreign):
        approve(purchase(client, rows=[FUEL]), operator=owner)
    assert [made.client for made in export_all(NOVEMBER, operator=anna)] == [client_firm]
    assert list(pending(foreign, NOVEMBER)) != []
    with pytest.raises(Client.DoesNotExist):
        export(foreign, NOVEMBER, operator=anna)


@pytest.mark.django_db(transaction=True)
def test_two_exports_at_once_never_hold_the_same_document(
    client_firm: Client, anna: Operator
) -> None:
    for _ in range(5):
        for _ in range(4):
            approve(purchase(client_firm, rows=[FUEL]), operator=anna)
        results = at_once(*(lambda: export(client_firm, NOVEMBER, operator=anna) for _ in range(2)))
        assert sorted(isinstance(result, NothingToExport) for result in results) == [False, True]
    held = list(ExportedDekret.objects.of_client(client_firm).values_list("dekret", flat=True))
    assert len(held) == len(set(held)) == Dekret.objects.of_client(client_firm).count() == 20
