"""Corrections: by difference and by state, to zero, of parties, collective, of advances."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from obieg.fa.build import build
from obieg.fa.check import check_invoice, has_errors
from obieg.fa.model import Invoice
from obieg.fa.parse import parse
from obieg.office.models import Client
from obieg.sales import corrections, drafts, issuing
from obieg.sales.amounts import value_of
from obieg.sales.content import (
    AddressContent,
    AdvanceContent,
    AdvancePaymentContent,
    LineContent,
    SaleContent,
    SumContent,
)
from obieg.sales.corrections import Elsewhere, standing_of
from obieg.sales.corrections.rows import combined, differences, pairs
from obieg.sales.errors import (
    CorrectTheOriginal,
    DifferentBuyers,
    NothingToCorrect,
    OriginalMissing,
    WrongBuyerNip,
)
from obieg.sales.models import Sale
from obieg.sales.states import SaleState
from obieg.sales.storage import xml_of
from obieg.sales.sums import gross_of
from obieg.sales.totals import totals
from tests.posting.factories import sale as received_sale
from tests.posting.factories import store_xml
from tests.reference import needs_reference, samples
from tests.sales.factories import BUYER_NIP, a_buyer, a_client, a_content, a_ksef_number, a_line
from tests.sales.strategies import lines
from tests.sales.test_compose import composed, sums

PAPER, INK = a_line(), a_line(description="Tusz", quantity=Decimal(3), price=Decimal("50.00"))
HOWS = ["state", "difference"]
How = Literal["state", "difference"]


@pytest.fixture
def client(db: None) -> Client:
    return a_client(nip="9990511625")


def issued(client: Client, content: SaleContent | None = None, *, accepted: bool = True) -> Sale:
    """A document with its number and, usually, KSeF's."""
    content = content or a_content(lines=(PAPER, INK))
    made = drafts.new_draft(client, content, origin="form", actor=None)
    sale = issuing.issue(made, actor=None, confirmed=issuing.CONFIRMED)
    if accepted:
        Sale.objects.of_client(client).filter(pk=sale.pk).update(
            ksef_number=a_ksef_number(client.nip), state=SaleState.ACCEPTED
        )
        sale.refresh_from_db()
    return sale


def documents(*sales: Sale) -> list[Invoice]:
    return [parse(xml_of(sale)) for sale in sales]


def edited(content: SaleContent, number: int, **changes: Any) -> SaleContent:
    """The draft after someone changed the state after of one row."""
    rows = tuple(
        row.model_copy(update=changes) if row.number == number and not row.before else row
        for row in content.lines
    )
    return content.model_copy(update={"lines": rows})


def rows_now(original: Any) -> list[tuple[int | None, Decimal | None, Decimal | None, str]]:
    rows = standing_of(original).rows
    return [(row.number, row.quantity, value_of(row), row.rate) for row in rows]


def test_a_correction_by_states_shows_rows_before_and_after(client: Client) -> None:
    sale = issued(client)
    content = edited(corrections.correction_of(sale), 1, quantity=Decimal(1))
    (document,) = documents(issued(client, content))

    assert [(row.number, row.before) for row in document.lines] == [
        (1, True),
        (1, False),
        (2, True),
        (2, False),
    ]
    (corrected,) = document.correction.corrected
    assert (corrected.number, corrected.ksef_number) == (sale.number, sale.ksef_number)
    assert (document.kind, document.total) == ("KOR", Decimal("-123.00"))


@pytest.mark.parametrize("how", HOWS)
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"quantity": Decimal(5)}, "369.00"),
        ({"price": Decimal("80.00")}, "-49.20"),
        ({"quantity": Decimal(1), "price": Decimal(110)}, "-110.70"),
        ({"rate": "8"}, "-30.00"),
    ],
)
def test_counts_the_difference_either_way(
    client: Client, how: How, changes: dict[str, Any], expected: str
) -> None:
    sale = issued(client)
    after = [
        PAPER.model_copy(update={**changes, "number": 1}),
        INK.model_copy(update={"number": 2}),
    ]
    content = corrections.correction_of(sale, how, after=after)
    correction = issued(client, content)

    assert {line.number for line in documents(correction)[0].lines} <= {1, 2, 3}
    assert correction.gross == Decimal(expected)
    assert sum(value or 0 for _, _, value, _ in rows_now(sale)) == sum(
        value_of(row) or 0 for row in after
    )


@pytest.mark.parametrize("how", HOWS)
def test_zeroing_takes_back_exactly_what_there_was(client: Client, how: How) -> None:
    odd = tuple(a_line(quantity=Decimal(1), price=Decimal("0.07")) for _ in range(5))
    sale = issued(client, a_content(lines=odd))
    zero = issued(client, corrections.to_zero(sale, how, reason="pomyłka"))
    (original, document) = documents(sale, zero)

    assert document.total == -original.total
    assert [(one.net, one.tax) for one in document.sums] == [
        (-one.net, -one.tax) for one in original.sums
    ]
    assert gross_of(standing_of(sale).sums) == 0
    with pytest.raises(NothingToCorrect):
        corrections.to_zero(sale)


@needs_reference
@pytest.mark.django_db
@pytest.mark.parametrize("sample", samples("fa3"), ids=lambda path: path.stem)
def test_zeroes_any_invoice_that_came_from_elsewhere(sample: Path) -> None:
    document = parse(sample.read_bytes())
    if document.is_correction:
        pytest.skip("a correction from elsewhere is corrected by hand")
    if not sums(document):
        pytest.skip("it says no sums that could be taken back")
    original = Elsewhere(a_client(), document, a_ksef_number())
    zero = composed(corrections.to_zero(original))

    wanted = [(field, -net, -tax) for field, net, tax, _ in sums(document)]
    assert [row[:3] for row in sums(zero)] == wanted
    assert zero.total == -document.total


def test_the_next_correction_starts_where_the_last_one_ended(client: Client) -> None:
    sale = issued(client)
    first = issued(client, edited(corrections.correction_of(sale), 1, quantity=Decimal(1)))
    second = corrections.correction_of(first)
    document = composed(edited(second, 1, quantity=Decimal(0)))

    assert [row.quantity for row in document.lines if row.number == 1] == [1, 0]
    assert second.correction is not None
    assert [one.sale_id for one in second.correction.corrected] == [sale.pk]
    assert document.total == Decimal("-123.00")


def test_says_that_an_earlier_correction_is_not_counted(client: Client) -> None:
    sale = issued(client)
    stale = drafts.new_draft(
        client,
        edited(corrections.correction_of(sale), 1, quantity=Decimal(0)),
        origin="form",
        actor=None,
    )
    issued(client, edited(corrections.correction_of(sale), 1, quantity=Decimal(1)))

    assert "sales.check.stale_before" in {one.code for one in issuing.findings_of(stale)}


def test_corrects_the_data_of_the_buyer_without_amounts(client: Client) -> None:
    sale = issued(client)
    moved = a_buyer(address=AddressContent(line1="ul. Nowa 3", line2="00-003 Łódź"))
    (document,) = documents(issued(client, corrections.change_parties(sale, buyer=moved)))

    (before,) = document.correction.buyers_before
    assert (before.address.line1, document.buyer.address.line1) == ("ul. Leśna 2", "ul. Nowa 3")
    assert before.buyer_key == document.buyer.buyer_key
    assert (document.sums, document.lines, document.total) == ((), (), 0)
    with pytest.raises(WrongBuyerNip):
        corrections.change_parties(sale, buyer=a_buyer(nip="9990511625"))


def test_gives_a_rebate_for_a_period_without_rows(client: Client) -> None:
    sales = [issued(client), issued(client, a_content(lines=(a_line(rate="8"),)))]
    content = corrections.collective(sales, period="październik 2026", percent=Decimal(10))
    (document,) = documents(issued(client, content))

    assert document.correction.period == "październik 2026"
    assert len(document.correction.corrected) == 2
    assert [(one.field, one.net, one.tax) for one in document.sums] == [
        ("P_13_1", Decimal("-35.00"), Decimal("-8.05")),
        ("P_13_2", Decimal("-20.00"), Decimal("-1.60")),
    ]
    assert document.total == Decimal("-64.65")
    said = corrections.collective(sales, sums=(SumContent(rate="23", net=Decimal(-100)),))
    assert totals(said).gross == Decimal("-123.00")


def test_a_rebate_is_for_one_buyer(client: Client) -> None:
    other = a_content(buyer=a_buyer(nip="9990511625"))

    with pytest.raises(DifferentBuyers):
        corrections.collective([issued(client), issued(client, other)], percent=Decimal(5))


def test_a_wrong_buyer_makes_a_zeroing_and_a_new_invoice_after_it(client: Client) -> None:
    sale = issued(client)
    right = a_buyer(name="Cis sp. z o.o.", nip="9999999999")

    zero, fresh = corrections.wrong_buyer(sale, right, actor=None)

    assert (zero.kind, zero.gross, zero.corrects) == ("KOR", -sale.gross, sale)
    assert (fresh.kind, fresh.gross, fresh.follows) == ("VAT", sale.gross, zero)
    assert (fresh.buyer_nip, fresh.corrects, fresh.sale_date) == (right.nip, None, sale.issue_date)


def test_corrects_what_another_program_issued(client: Client) -> None:
    invoice = received_sale(client).invoice
    content = edited(corrections.correction_of(invoice), 1, quantity=Decimal(0))
    first = issued(client, content)

    (corrected,) = documents(first)[0].correction.corrected
    assert corrected.ksef_number == invoice.ksef_number
    assert [row.quantity for row in standing_of(invoice).rows] == [0]


def test_counts_a_correction_that_another_program_issued(client: Client) -> None:
    original = received_sale(client, buyer=BUYER_NIP).invoice
    first = edited(corrections.correction_of(original), 1, quantity=Decimal(0))
    elsewhere = composed(first, number="KOR/OBCA/1")
    seller = replace(elsewhere.seller, nip=client.nip)
    (dekret,) = store_xml(client, build(replace(elsewhere, seller=seller)), direction="sale")

    standing = standing_of(original)
    assert [row.quantity for row in standing.rows] == [0]
    assert gross_of(standing.sums) == 0
    assert standing_of(dekret.invoice) == standing


def test_does_not_guess_what_an_unknown_correction_corrects(client: Client) -> None:
    content = corrections.by_hand("A/1", date(2025, 12, 1))
    unknown = composed(content)

    with pytest.raises(CorrectTheOriginal):
        corrections.correction_of(Elsewhere(client, unknown, a_ksef_number()))


def test_corrects_by_hand_what_had_no_ksef_number() -> None:
    content = corrections.by_hand("A/1", date(2025, 12, 1))
    (corrected,) = composed(content).correction.corrected

    assert (corrected.number, corrected.outside_ksef) == ("A/1", True)


def test_a_draft_is_changed_not_corrected(client: Client) -> None:
    sale = drafts.new_draft(client, a_content(), origin="form", actor=None)

    with pytest.raises(OriginalMissing):
        corrections.correction_of(sale)


# advances and settlements

FLAT = a_line(description="Mieszkanie", quantity=Decimal(1), price=Decimal("341666.67"), rate="8")
WORKS = a_line(description="Usługi", quantity=Decimal(1), price=Decimal(5000))


def an_advance(client: Client, amount: int = 20_000) -> Sale:
    paid = AdvancePaymentContent(received_on=date(2026, 11, 20), amount=Decimal(amount))
    content = a_content(kind="ZAL", lines=(), order_lines=(FLAT, WORKS), advance_payments=(paid,))
    return issued(client, content)


def test_corrects_an_advance_as_the_ministrys_example_12(client: Client) -> None:
    content = corrections.correction_of(an_advance(client))
    more = AdvancePaymentContent(received_on=date(2026, 11, 20), amount=Decimal(10_000))
    document = composed(content.model_copy(update={"advance_payments": (more,)}))

    assert (document.kind, document.correction.total_before) == ("KOR_ZAL", Decimal(20_000))
    assert [(one.net, one.tax) for one in document.sums] == [
        (Decimal("133.28"), Decimal("30.65")),
        (Decimal("9107.47"), Decimal("728.60")),
    ]
    assert document.order.total == Decimal(375_150)


def test_zeroes_an_advance(client: Client) -> None:
    sale = an_advance(client)
    (original, document) = documents(sale, issued(client, corrections.to_zero(sale)))

    assert (document.kind, document.total) == ("KOR_ZAL", -original.total)
    assert gross_of(standing_of(sale).sums) == 0


def test_settles_an_advance_and_corrects_the_settlement(client: Client) -> None:
    advance = an_advance(client, 30_000)
    taken = AdvanceContent(sale_id=advance.pk, gross=advance.gross)
    sale = issued(client, a_content(kind="ROZ", lines=(FLAT, WORKS), advances=(taken,)))
    (document,) = documents(sale)

    assert document.total == Decimal(345_150)
    assert document.advances[0].ksef_number == advance.ksef_number
    cheaper = edited(corrections.correction_of(sale), 2, price=Decimal(4000))
    correction = issued(client, cheaper)
    assert (correction.kind, correction.gross) == ("KOR_ROZ", Decimal("-1230.00"))
    zero = issued(client, corrections.to_zero(sale))
    assert zero.gross == -(sale.gross + correction.gross)


# rows

PAIRS = st.tuples(lines(["23", "8"]), lines(["23", "8"])).map(
    lambda two: tuple(row.model_copy(update={"number": 1}) for row in two)
)


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(PAIRS)
def test_differences_and_pairs_agree(
    two: tuple[LineContent, LineContent],
) -> None:
    before, after = two
    change = (value_of(after) or 0) - (value_of(before) or 0)
    apart = differences([before], [after])
    both = pairs([before], [after])

    assert sum(value_of(row) or 0 for row in apart) == change
    assert sum((value_of(row) or 0) * (-1 if row.before else 1) for row in both) == change
    if len(apart) == 1:
        assert value_of(combined(before, apart[0])) == value_of(after)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(lines(["23", "8", "zw"]), min_size=1, max_size=4), st.sampled_from(["net", "gross"])
)
def test_any_zeroing_is_valid_and_opposite(rows: list[LineContent], prices: Any) -> None:
    document = composed(a_content(lines=tuple(rows), prices=prices))
    original = Elsewhere(Client(nip="9990511625", name="X", pk=0), document)
    zero = composed(corrections.to_zero(original))

    assert zero.total == -document.total
    assert [row[:3] for row in sums(zero)] == [(f, -n, -t) for f, n, t, _ in sums(document)]
    assert parse(build(zero)) == zero
    assert not has_errors(check_invoice(zero, today=date(2026, 11, 20)))
