"""A draft becomes an FA(3) record that the schema accepts, and comes back as it was."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from obieg.fa.build import build
from obieg.fa.check import check_invoice, has_errors
from obieg.fa.model import Address, Invoice, Seller
from obieg.fa.parse import parse
from obieg.fa.schema import check_schema
from obieg.sales.compose import compose, content_of, lost_by_form
from obieg.sales.content import (
    AttributeContent,
    ChargeContent,
    LineContent,
    PaidContent,
    PaymentContent,
    SaleContent,
)
from obieg.sales.totals import totals
from tests.reference import needs_reference, samples
from tests.sales.factories import a_content, a_line
from tests.sales.strategies import ISSUED, contents

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
SELLER = Seller(
    nip="9990511625", name="Orlik sp. z o.o.", address=Address(country="PL", line1="ul. Sadowa 1")
)
generous = settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def composed(content: SaleContent, number: str = "FV/1/11/2026") -> Invoice:
    return compose(content, seller=SELLER, number=number, issue_date=ISSUED, created_at=NOW)


@generous
@given(contents())
def test_any_draft_becomes_a_valid_document_that_reads_back(content: SaleContent) -> None:
    invoice = composed(content)
    xml = build(invoice)

    assert check_schema(xml) == ()
    assert parse(xml) == invoice


@generous
@given(contents())
def test_check_finds_no_error_in_a_complete_draft(content: SaleContent) -> None:
    findings = check_invoice(composed(content), today=ISSUED, production=True)
    expected = {"fa.check.overpaid"}  # payments are drawn without regard to the total

    assert not has_errors(tuple(one for one in findings if one.code not in expected)), findings


@generous
@given(contents())
def test_a_draft_read_back_composes_to_the_same_invoice(content: SaleContent) -> None:
    invoice = composed(content)

    assert composed(content_of(invoice)) == invoice
    assert lost_by_form(invoice) == ()


@generous
@given(contents())
def test_live_totals_are_those_of_the_invoice(content: SaleContent) -> None:
    amounts, invoice = totals(content), composed(content)

    assert amounts.gross == invoice.total
    assert amounts.amount_due == invoice.amount_due
    assert amounts.net + amounts.tax == invoice.total or content.kind == "UPR"


@generous
@given(contents(), st.data())
def test_an_unfinished_draft_has_totals_and_a_document_all_the_same(
    content: SaleContent, data: st.DataObject
) -> None:
    missing = data.draw(st.sets(st.sampled_from(sorted(SaleContent.model_fields)), max_size=12))
    gaps = data.draw(st.sets(st.sampled_from(sorted(LineContent.model_fields)), max_size=12))
    rows = tuple(LineContent(**line.model_dump(exclude=gaps)) for line in content.lines)
    kept = content.model_copy(update={"lines": rows}).model_dump(exclude=missing)
    unfinished = SaleContent.model_validate(kept)
    invoice = composed(unfinished)

    assert parse(build(invoice)) == invoice
    assert totals(unfinished).gross == invoice.total
    assert check_schema(build(invoice)) is not None


def test_an_absurd_amount_is_for_the_check_to_refuse() -> None:
    huge = a_line(quantity=Decimal("9" * 16), price=Decimal("9" * 14))
    invoice = of_lines(huge, a_line())

    assert any(one.code.startswith("fa.xsd") for one in check_schema(build(invoice)))


@needs_reference
@pytest.mark.parametrize("sample", samples("fa3", "fa3-business-errors"), ids=lambda p: p.stem)
def test_a_sample_keeps_its_sums_or_says_what_the_form_would_change(sample: Path) -> None:
    invoice = parse(sample.read_bytes())
    again = recomposed(invoice)

    if lost_by_form(invoice):
        return
    assert sums(again) == sums(invoice)
    assert again.total == invoice.total
    assert again.amount_due == invoice.amount_due


@needs_reference
def test_most_samples_lose_nothing_in_the_form() -> None:
    whole = [path.stem for path in samples("fa3") if not lost_by_form(parse(path.read_bytes()))]

    assert len(whole) >= 18


@needs_reference
@pytest.mark.parametrize("number", ["02", "05", "10", "12", "14", "15", "18"])
def test_counts_as_the_ministry_does(number: str) -> None:
    """Corrections by pairs and of data, an advance, its correction, a settlement, a simplified."""
    (sample,) = (path for path in samples("fa3") if path.stem == f"mf-fa3-przyklad-{number}")
    invoice = parse(sample.read_bytes())

    assert lost_by_form(invoice) == ()
    assert sums(recomposed(invoice)) == sums(invoice)


@needs_reference
def test_warns_of_what_the_form_cannot_hold() -> None:
    (sample,) = (path for path in samples("fa3") if path.stem == "fa_3_zalacznik_przyklad_1")

    assert "załącznik" in lost_by_form(parse(sample.read_bytes()))


def recomposed(invoice: Invoice) -> Invoice:
    return compose(
        content_of(invoice),
        seller=invoice.seller,
        number=invoice.number,
        issue_date=invoice.issue_date,
        created_at=NOW,
    )


def sums(invoice: Invoice) -> list[tuple[str, Decimal, Decimal, Decimal | None]]:
    rows = ((one.field, one.net, one.tax, one.tax_pln) for one in invoice.sums)
    return [row for row in rows if any(row[1:])]


# single rules


def of_lines(*lines: LineContent, **changes: object) -> Invoice:
    return composed(a_content(lines=lines, **changes))


def test_counts_the_tax_of_a_rate_once_on_the_sum_of_its_rows() -> None:
    rows = [a_line(quantity=Decimal(1), price=Decimal("0.02")) for _ in range(3)]

    (group,) = of_lines(*rows).sums

    assert (group.net, group.tax) == (Decimal("0.06"), Decimal("0.01"))


def test_sums_the_taxes_that_rows_state_themselves() -> None:
    rows = [a_line(amount=Decimal("10.02"), price=None, tax=Decimal("2.31")) for _ in range(3)]

    assert of_lines(*rows).tax_total == Decimal("6.93")


def test_takes_the_tax_out_of_gross_prices() -> None:
    (group,) = of_lines(a_line(quantity=Decimal(2), price=Decimal(500)), prices="gross").sums

    assert (group.net, group.tax) == (Decimal("813.01"), Decimal("186.99"))


def test_takes_a_percentage_off_the_unit_price() -> None:
    (line,) = of_lines(a_line(price=Decimal("10.99"), discount_percent=Decimal(10))).lines

    assert (line.discount, line.net) == (Decimal("1.099"), Decimal("19.78"))


def test_gives_the_tax_in_zlote_by_the_exchange_rate() -> None:
    invoice = of_lines(
        a_line(amount=Decimal(13560), price=None),
        currency="EUR",
        exchange_rate=Decimal("4.5005"),
    )

    assert invoice.sums[0].tax_pln == Decimal("14036.16")
    assert invoice.lines[0].exchange_rate == Decimal("4.5005")


@pytest.mark.parametrize(
    ("sold", "rows", "header", "shown"),
    [
        (date(2026, 11, 3), [None, None], date(2026, 11, 3), [None, None]),
        (ISSUED, [None, None], None, [None, None]),
        (None, [date(2026, 11, 3)] * 2, date(2026, 11, 3), [None, None]),
        (None, [date(2026, 11, 3), ISSUED], None, [date(2026, 11, 3), None]),
        (
            date(2026, 11, 5),
            [date(2026, 11, 3), None],
            None,
            [date(2026, 11, 3), date(2026, 11, 5)],
        ),
    ],
)
def test_writes_a_day_of_delivery_once_and_only_where_it_differs(
    sold: date | None, rows: list[date | None], header: date | None, shown: list[date | None]
) -> None:
    invoice = of_lines(*(a_line(delivery_date=day) for day in rows), sale_date=sold)

    assert invoice.sale_date == header
    assert [line.delivery_date for line in invoice.lines] == shown


def test_a_state_after_has_the_number_of_its_state_before() -> None:
    before, after = a_line(before=True, number=3), a_line(quantity=Decimal(1))
    invoice = of_lines(before, after, a_line(), kind="KOR")

    assert [line.number for line in invoice.lines] == [3, 3, 4]


def test_writes_attributes_only_where_they_are_meant_for_ksef() -> None:
    shown = AttributeContent(key="Numer sprawy", value="A 1")
    hidden = AttributeContent(key="Handlowiec", value="Ewa", in_ksef=False)
    invoice = of_lines(a_line(attributes=(shown, hidden)), attributes=(shown,))

    assert [(fact.line_number, fact.key) for fact in invoice.extra] == [
        (None, "Numer sprawy"),
        (1, "Numer sprawy"),
    ]


def test_marks_what_is_paid_in_part_and_in_full() -> None:
    part = PaidContent(amount=Decimal(46), paid_on=ISSUED)
    rest = PaidContent(amount=Decimal(200), paid_on=ISSUED)

    assert composed(a_content(payment=PaymentContent(partial=(part,)))).payment.partial_mark == "1"
    both = composed(a_content(payment=PaymentContent(partial=(part, rest)))).payment
    assert both.partial_mark == "2"


def test_gives_back_what_deductions_leave_below_zero() -> None:
    invoice = composed(a_content(deductions=(ChargeContent(amount=Decimal(300), reason="saldo"),)))

    assert invoice.settlement.to_settle == Decimal("54.00")
    assert invoice.amount_due == Decimal("-54.00")
