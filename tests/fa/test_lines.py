"""Rows and their amounts: price variants, pairs before and after, what a posting may rely on."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obieg.core.money import ZERO
from obieg.fa.lines import effective_lines
from obieg.fa.model import Buyer, Invoice, Line, Seller
from obieg.fa.parse import parse
from obieg.fa.sums import bookable_lines
from tests.reference import REFERENCE, needs_reference, samples

AMOUNTS = st.decimals(-100_000, 100_000, places=2)
LINES = st.builds(
    Line,
    number=st.integers(1, 5),
    description=st.sampled_from(["Laptop", "Dostawa"]),
    net=AMOUNTS,
    tax=AMOUNTS,
    rate=st.sampled_from(["23", "8", "zw"]),
    before=st.booleans(),
)


@pytest.mark.parametrize(
    ("line", "net", "tax", "gross"),
    [
        (Line(net=Decimal("100.00"), rate="23"), "100.00", "23.00", "123.00"),
        (Line(net=Decimal("0.33"), rate="5"), "0.33", "0.02", "0.35"),
        (Line(gross=Decimal("123.00"), rate="23"), "100.00", "23.00", "123.00"),
        (Line(gross=Decimal(1000), tax=Decimal("186.99"), rate="23"), "813.01", "186.99", "1000"),
        (Line(net=Decimal(100), gross=Decimal(123), rate="23"), "100", "23", "123"),
        (Line(unit_net=Decimal("1.50"), quantity=Decimal(3), rate="8"), "4.50", "0.36", "4.86"),
        (
            Line(unit_net=Decimal(10), quantity=Decimal(2), discount=Decimal(5), rate="23"),
            *("10.00", "2.30", "12.30"),
        ),
        (
            Line(unit_gross=Decimal("61.50"), quantity=Decimal(2), rate="23"),
            "100.00",
            "23.00",
            "123.00",
        ),
        (Line(net=Decimal(100), rate="0 WDT"), "100", "0", "100"),
        (Line(net=Decimal(100), rate="zw"), "100", "0", "100"),
        (Line(net=Decimal(100), rate_oss=Decimal(21)), "100", "21.00", "121.00"),
        (Line(description="bez cen", rate="23"), "0", "0", "0"),
    ],
)
def test_knows_a_lines_amounts_from_any_price(line: Line, net: str, tax: str, gross: str) -> None:
    amounts = (line.net_amount, line.tax_amount, line.gross_amount)

    assert amounts == (Decimal(net), Decimal(tax), Decimal(gross))


@given(LINES)
def test_a_lines_gross_is_its_net_and_its_tax(line: Line) -> None:
    assert line.gross_amount == line.net_amount + line.tax_amount


@given(st.decimals(0, 1_000_000, places=2), st.sampled_from(["23", "8", "5", "zw"]))
def test_the_tax_within_a_gross_price_leaves_the_net_that_yields_it(
    gross: Decimal, rate: str
) -> None:
    line = Line(gross=gross, rate=rate)

    again = Line(net=line.net_amount, rate=rate)

    assert abs(again.tax_amount - line.tax_amount) <= Decimal("0.01")


@given(st.lists(LINES, max_size=12))
def test_differences_add_up_to_the_states_after_less_the_states_before(lines: list[Line]) -> None:
    signed = [-line.net_amount if line.before else line.net_amount for line in lines]

    effective = effective_lines(invoice_of(*lines))

    assert sum((line.net for line in effective), ZERO) == sum(signed, ZERO)
    assert all(line.gross == line.net + line.tax for line in effective)


@given(st.lists(LINES.map(lambda line: replace(line, before=False)), max_size=8))
def test_lines_without_states_stand_as_written(lines: list[Line]) -> None:
    effective = effective_lines(invoice_of(*lines))

    assert [line.line for line in effective] == lines


@given(st.lists(LINES, min_size=1, max_size=8))
def test_a_correction_that_changes_nothing_has_no_differences(lines: list[Line]) -> None:
    before = [replace(line, before=True) for line in lines]
    after = [replace(line, before=False) for line in lines]

    effective = effective_lines(invoice_of(*before, *after))

    assert all((line.net, line.tax, line.gross) == (ZERO, ZERO, ZERO) for line in effective)


def test_a_pair_is_one_line_named_by_the_state_after() -> None:
    before = Line(number=7, description="Lodówka", net=Decimal(1626), rate="23", before=True)
    after = Line(number=7, description="Lodówka, rysa", net=Decimal(1463), rate="23")

    (line,) = effective_lines(invoice_of(before, after))

    assert (line.number, line.description, line.net) == (7, "Lodówka, rysa", Decimal(-163))


def test_a_changed_rate_takes_the_amount_off_one_rate_and_puts_it_on_the_other() -> None:
    before = Line(number=1, net=Decimal(100), rate="23", before=True)
    after = Line(number=1, net=Decimal(100), rate="8")

    old, new = effective_lines(invoice_of(before, after))

    assert (old.rate, old.net, old.tax) == ("23", Decimal(-100), Decimal("-23.00"))
    assert (new.rate, new.net, new.tax) == ("8", Decimal(100), Decimal("8.00"))


def test_a_removed_row_counts_with_minus() -> None:
    kept = [Line(number=1, net=Decimal(5), rate="23", before=flag) for flag in (True, False)]
    removed = Line(number=2, net=Decimal(40), rate="23", before=True)

    _, line = effective_lines(invoice_of(*kept, removed))

    assert line.net == Decimal(-40)


@needs_reference
@pytest.mark.parametrize("stem", ["mf-fa3-przyklad-02", "ksef_02_kor"])
def test_the_differences_of_a_real_correction_are_its_sums(stem: str) -> None:
    invoice = parse((REFERENCE / f"samples/fa3/{stem}.xml").read_bytes())

    effective = effective_lines(invoice)

    assert sum(line.net for line in effective) == invoice.net_total
    assert sum(line.gross for line in effective) == invoice.total


def invoice_of(*lines: Line) -> Invoice:
    return Invoice(
        seller=Seller(),
        buyer=Buyer(),
        currency="PLN",
        issue_date=date(2026, 11, 21),
        number="1/2026",
        total=ZERO,
        kind="KOR",
        lines=lines,
    )


@needs_reference
@pytest.mark.parametrize("sample", samples("fa3", "fa2"), ids=lambda path: path.stem)
def test_bookable_rows_add_up_to_the_document(sample: Path) -> None:
    invoice = parse(sample.read_bytes())

    rows = bookable_lines(invoice)

    tolerance = Decimal("0.01") * (len(invoice.lines) + 1)
    assert abs(sum(row.net for row in rows) - invoice.net_total) <= tolerance
    assert all(row.gross == row.net + row.tax or row.line.gross is not None for row in rows)


@needs_reference
def test_the_rows_of_a_settling_invoice_do_not_hide_what_it_is_for() -> None:
    invoice = parse((REFERENCE / "samples/fa3/mf-fa3-przyklad-14.xml").read_bytes())

    rows = bookable_lines(invoice)

    assert [(row.number, row.rate) for row in rows] == [(0, "23"), (0, "8")]
    assert sum(row.gross for row in rows) == invoice.total
