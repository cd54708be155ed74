"""Reading FA(3) and FA(2): every sample, every amount, nothing lost."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from obieg.fa.errors import MissingField, UnreadableField
from obieg.fa.model import Invoice
from obieg.fa.parse import parse
from tests.fa.xml import INVOICES, amounts, leaves, numbers, root_of, texts
from tests.reference import REFERENCE, needs_reference, samples

pytestmark = needs_reference

UNREADABLE = {
    "01-missing-p15": MissingField,
    "19-empty-required-fields": MissingField,
    "xsd_struktura-wywoluje": MissingField,
    "xsd_kwota_zapis-wywoluje": UnreadableField,
}
every_invoice = pytest.mark.parametrize("sample", samples(*INVOICES), ids=lambda path: path.stem)


@every_invoice
def test_reads_the_amounts_of_the_document(sample: Path) -> None:
    root, invoice = root_of(sample), parse(sample.read_bytes())

    assert [invoice.total] == amounts(root, "P_15")
    for group in invoice.sums:
        net, *others = group.fields
        taxes = [group.tax, group.tax_pln][: len(others)]
        assert [group.net] == amounts(root, net)
        for name, amount in zip(others, taxes, strict=True):
            assert [amount or Decimal(0)] == (amounts(root, name) or [Decimal(0)])
    assert invoice.net_total == sum(
        (a for g in invoice.sums for a in amounts(root, g.field)),
        Decimal(0) if invoice.sums else invoice.total,
    )


@every_invoice
@pytest.mark.parametrize(
    ("element", "attribute"),
    [
        ("P_8B", "quantity"),
        ("P_9A", "unit_net"),
        ("P_9B", "unit_gross"),
        ("P_10", "discount"),
        ("P_11", "net"),
        ("P_11A", "gross"),
        ("P_11Vat", "tax"),
        ("KursWaluty", "exchange_rate"),
        ("KwotaAkcyzy", "excise"),
    ],
)
def test_reads_the_amounts_of_every_line(sample: Path, element: str, attribute: str) -> None:
    root, invoice = root_of(sample), parse(sample.read_bytes())

    found = [getattr(line, attribute) for line in invoice.lines]

    assert [amount for amount in found if amount is not None] == amounts(root, element)


@every_invoice
def test_accounts_for_every_number_as_often_as_it_stands(sample: Path) -> None:
    found = Counter(numbers_of(parse(sample.read_bytes())))

    expected = numbers(root_of(sample))

    assert {n: c for n, c in found.items() if n} == {n: c for n, c in expected.items() if n}


@every_invoice
def test_accounts_for_every_text(sample: Path) -> None:
    invoice = parse(sample.read_bytes())
    held = {" ".join(text.split()) for text in texts_of(invoice)}

    for path, text in leaves(root_of(sample)):
        assert text in held or is_typed(invoice, text), f"{path}: {text}"


@every_invoice
def test_knows_every_element_of_a_valid_document(sample: Path) -> None:
    invalid_by_index = sample.stem == "fa_2_przyklad_14"

    assert bool(parse(sample.read_bytes()).rest) is invalid_by_index


def test_keeps_what_the_schema_knows_once_and_the_document_says_often() -> None:
    invoice = parse((REFERENCE / "samples/fa2/fa_2_przyklad_14.xml").read_bytes())

    numbers_given = [invoice.advances[0].ksef_number, *(leaf.text for leaf in invoice.rest)]

    root = root_of(REFERENCE / "samples/fa2/fa_2_przyklad_14.xml")
    assert numbers_given == texts(root, "NrKSeFFaZaliczkowej")


def test_reads_the_parties_and_dates_of_the_ministrys_first_example() -> None:
    invoice = sample_of("mf-fa3-przyklad-01")

    assert (invoice.schema, invoice.kind, invoice.currency) == ("FA(3)", "VAT", "PLN")
    assert (invoice.number, invoice.place) == ("FV2026/02/150", "Warszawa")
    assert (invoice.issue_date, invoice.sale_date) == (date(2026, 2, 15), date(2026, 1, 27))
    assert invoice.seller.tax_id == "9999999999"
    assert invoice.buyer.name == "F.H.U. Jan Kowalski"
    assert invoice.buyer.address_lines == ("ul. Polna 1", "00-001 Warszawa")
    assert (invoice.buyer.email, invoice.buyer.phone) == ("jan@kowalski.pl", "555777999")
    assert (invoice.buyer.jst, invoice.buyer.gv) == (False, False)
    assert invoice.payment.is_paid
    assert invoice.to_receipt


def test_reads_what_is_to_be_paid_where_it_is_not_the_total() -> None:
    assert sample_of("mf-fa3-przyklad-26").amount_due == Decimal("36.5")
    assert sample_of("mf-fa3-przyklad-04").amount_due == Decimal("63279.92")
    assert sample_of("mf-fa3-przyklad-01").amount_due == Decimal(2051)


def test_reads_the_tax_in_zlote_of_an_invoice_in_foreign_currency() -> None:
    invoice = sample_of("mf-fa3-przyklad-20")

    assert invoice.currency == "EUR"
    assert invoice.tax_total == Decimal("3118.80")
    assert invoice.tax_total_pln == Decimal("14036.16")


def test_reads_what_a_correction_corrects() -> None:
    invoice = sample_of("mf-fa3-przyklad-12")

    assert invoice.is_correction
    assert invoice.correction is not None
    assert invoice.correction.corrected[0].number == "FZ2026/02/150"
    assert invoice.correction.total_before == Decimal(20000)
    assert invoice.order is not None
    assert [line.before for line in invoice.order.lines] == [True, False, True, False]


def test_reads_a_term_counted_from_an_event() -> None:
    (term,) = sample_of("mf-fa3-przyklad-08").payment.terms

    assert term.described == "30 Dzień od: Otrzymanie faktury"


def test_reads_the_terms_of_fa2_that_are_written_in_words() -> None:
    invoice = parse((REFERENCE / "samples/fa2/fa_2_przyklad_14.xml").read_bytes())

    assert invoice.payment.terms[1].text == "pozostała część"
    assert invoice.due_dates == (date(2022, 9, 15), date(2022, 10, 15))


def test_reads_typed_tables_of_an_attachment() -> None:
    attachment = sample_of("fa_3_zalacznik_przyklad_1").attachment

    assert attachment is not None
    (table,) = attachment.blocks[0].tables
    assert [column.type for column in table.columns] == [
        "txt",
        "txt",
        "date",
        "date",
        "int",
        "int",
        "dec",
        "dec",
    ]
    assert table.rows[2].cells[0] == "Opłata handlowa"


@pytest.mark.parametrize(
    "sample", samples("fa3-schema-invalid", "fa3-business-errors"), ids=lambda path: path.stem
)
def test_gives_a_model_or_a_typed_error_for_wrong_documents(sample: Path) -> None:
    if sample.stem in UNREADABLE:
        with pytest.raises(UNREADABLE[sample.stem], match=r"P_15|P_2"):
            parse(sample.read_bytes())
    else:
        assert [parse(sample.read_bytes()).total] == amounts(root_of(sample), "P_15")


def test_reads_a_year_of_purchases_of_an_office() -> None:
    with ZipFile(REFERENCE / "labelled-office/invoices.zip") as archive:
        for name in archive.namelist()[::15]:
            xml = archive.read(name)
            invoice = parse(xml)
            assert invoice.number
            assert invoice.rest == ()


def sample_of(stem: str) -> Invoice:
    return parse((REFERENCE / f"samples/fa3/{stem}.xml").read_bytes())


def numbers_of(value: Any) -> Iterator[Decimal]:
    """Every number of the model; RateSum's tax only where the schema has one."""
    if isinstance(value, (Decimal, int)) and not isinstance(value, bool):
        yield Decimal(value)
    for inner in _inside(value):
        yield from numbers_of(inner)


def texts_of(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for inner in _inside(value):
        yield from texts_of(inner)


def _inside(value: Any) -> Iterator[Any]:
    if isinstance(value, tuple):
        yield from value
    elif is_dataclass(value):
        yield from (getattr(value, field.name) for field in fields(value))


def is_typed(invoice: Invoice, text: str) -> bool:
    """Whether `text` is a number, a mark or a day that the model holds as such."""
    if text in ("1", "2") or text in {str(day) for day in days_of(invoice)}:
        return True
    try:
        return Decimal(text) in set(numbers_of(invoice))
    except ArithmeticError:
        return "T" in text  # a moment; the view's test compares them


def days_of(value: Any) -> Iterator[date]:
    if isinstance(value, date):
        yield value
    for inner in _inside(value):
        yield from days_of(inner)
