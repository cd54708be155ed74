"""Whatever the rows say, the parts of a document add up to its sums."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obieg.core.money import ZERO, to_grosze
from obieg.fa.parse import parse
from obieg.fa.sums import total_difference
from obieg.posting.parts import DIFFERENCE, parts_of
from tests.posting.papers import Paper, Row
from tests.reference import needs_reference, samples

amounts = st.decimals(min_value=-99999, max_value=99999, places=2)
rows = st.builds(
    Row, text=st.sampled_from("abc"), net=amounts, rate=st.sampled_from(["23", "8", "5", "zw"])
)


@given(st.lists(rows, min_size=1, max_size=12))
def test_the_parts_of_any_invoice_add_up_to_its_sums(given_rows: list[Row]) -> None:
    invoice = parse(Paper(rows=given_rows).xml())
    parts = parts_of(invoice)
    assert sum(part.net for part in parts) == invoice.net_total
    assert sum(part.vat for part in parts) == invoice.tax_total


@given(
    st.lists(rows, min_size=1, max_size=6),
    st.sampled_from(["P_13_1", "P_14_1", "P_13_2", "P_14_2"]),
    amounts,
)
def test_sums_that_disagree_with_the_rows_are_the_authority(
    given_rows: list[Row], element: str, amount: Decimal
) -> None:
    paper = Paper(rows=given_rows)
    sums = paper._sums() | {"P_13_1": Decimal("10.00"), element: amount}
    invoice = parse(paper.but(sums=dict(sorted(sums.items()))).xml())
    parts = parts_of(invoice)
    assert sum(part.net for part in parts) == invoice.net_total
    assert sum(part.vat for part in parts) == invoice.tax_total


@needs_reference
@pytest.mark.parametrize("path", samples("fa3", "fa2"), ids=lambda path: path.name)
def test_the_parts_of_every_sample_add_up_to_what_it_states(path) -> None:
    invoice = parse(path.read_bytes())
    parts = parts_of(invoice)
    extra = total_difference(invoice)
    net = sum((part.net for part in parts), ZERO)
    vat = sum((part.vat for part in parts), ZERO)
    assert parts
    if invoice.sums:
        assert net == to_grosze(invoice.net_total + extra)
        assert vat == to_grosze(invoice.tax_total)
    else:
        assert net + vat == to_grosze(invoice.total)


def test_a_grosz_between_rows_and_sum_goes_to_the_largest_row() -> None:
    given_rows = [Row("mała", Decimal("1.00")), Row("duża", Decimal("50.00"))]
    sums = {"P_13_1": Decimal("51.01"), "P_14_1": Decimal("11.74")}
    small, large = parts_of(parse(Paper(rows=given_rows, sums=sums).xml()))
    assert (small.net, small.vat) == (Decimal("1.00"), Decimal("0.23"))
    assert (large.net, large.vat) == (Decimal("50.01"), Decimal("11.51"))


def test_rows_before_and_after_of_a_correction_are_one_part_with_the_difference() -> None:
    given_rows = [
        Row("Cement", Decimal("100.00"), number=1, before=True),
        Row("Cement", Decimal("80.00"), number=1),
    ]
    (part,) = parts_of(parse(Paper(rows=given_rows, kind="KOR").xml()))
    assert (part.source_lines, part.net, part.vat) == ((1,), Decimal("-20.00"), Decimal("-4.60"))


def test_a_total_beyond_the_sums_is_a_part_of_its_own() -> None:
    paper = Paper(total=Decimal("150.00"))
    *_, last = parts_of(parse(paper.xml()))
    assert (last.description, last.net, last.vat) == (DIFFERENCE, Decimal("27.00"), 0)


def test_an_advance_is_posted_by_its_sums_and_named_as_an_advance() -> None:
    sums = {"P_13_1": Decimal("81.30"), "P_14_1": Decimal("18.70")}
    (part,) = parts_of(parse(Paper(kind="ZAL", sums=sums).xml()))
    assert part.description == "Zaliczka: Papier ksero A4"
    assert (part.rate, part.net, part.vat) == ("23", Decimal("81.30"), Decimal("18.70"))
