"""The dates that decide: input VAT by tax point and receipt, output VAT by supply."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obieg.core.calendar import Month
from obieg.office.models import Assignment, Client, Operator, VatPeriod
from obieg.posting.approval import proposed_lines
from obieg.posting.closing import close_period, concerns, readiness
from obieg.posting.decisions import approve, change_lines, undo
from obieg.posting.deduction import filing_day, later, quarter_end, window
from obieg.posting.desk import Desk
from obieg.posting.errors import InvalidDekret, PeriodClosed
from obieg.posting.models import Dekret, OfficeBooks, Profile, RegisterEntry, Voucher
from obieg.posting.registers import (
    book_rows,
    control,
    months,
    register_rows,
    sums_by_rate,
    turnover,
)
from tests.posting.factories import ClientFactory, purchase, sale
from tests.posting.papers import Row

DAYS = st.dates(date(2025, 1, 1), date(2028, 12, 31))


@given(DAYS, DAYS, st.booleans())
def test_the_usual_month_is_the_later_of_tax_point_and_receipt(
    tax_point: date, received: date, quarterly: bool
) -> None:
    found = window(tax_point, received, quarterly=quarterly)
    assert found.usual == max(Month.of(tax_point), Month.of(received))
    assert Month.of(received) == found.first <= found.usual < found.last


@given(DAYS, DAYS)
def test_the_last_month_is_three_months_or_two_quarters_later(
    tax_point: date, received: date
) -> None:
    monthly = window(tax_point, received)
    assert monthly.last == later(monthly.usual, 3)
    quarterly = window(tax_point, received, quarterly=True)
    assert quarterly.last == later(quarter_end(quarterly.usual), 6)
    assert quarterly.last.number % 3 == 0


@given(DAYS, DAYS, st.booleans())
def test_receipt_before_filing_only_ever_brings_the_deduction_forward(
    tax_point: date, received: date, quarterly: bool
) -> None:
    plain = window(tax_point, received, quarterly=quarterly)
    ruled = window(tax_point, received, quarterly=quarterly, before_filing=True)
    assert (ruled.last, ruled.usual <= plain.usual) == (plain.last, True)
    in_time = received <= filing_day(Month.of(tax_point), quarterly=quarterly)
    assert ruled.usual == (Month.of(tax_point) if in_time else plain.usual)
    assert ruled.first <= ruled.usual


@pytest.mark.parametrize(
    ("period", "quarterly", "day"),
    [
        (Month(2026, 9), False, date(2026, 10, 26)),  # the 25th is a Sunday
        (Month(2026, 11), False, date(2026, 12, 28)),  # Christmas, then a weekend
        (Month(2026, 7), True, date(2026, 10, 26)),
        (Month(2026, 10), False, date(2026, 11, 25)),
    ],
)
def test_the_day_of_filing_is_a_working_day(period: Month, quarterly: bool, day: date) -> None:
    assert filing_day(period, quarterly=quarterly) == day


def fuel(client: Client, **changes: object) -> Dekret:
    """A purchase that the usual rules know."""
    return purchase(client, rows=[Row("Olej napędowy", Decimal("200.00"))], **changes)


def late_receipt(client: Client) -> Dekret:
    """An invoice of October that came on 19 November, before October was to be filed."""
    return fuel(client, issued=date(2026, 10, 30))


@pytest.mark.django_db
class TestPurchases:
    def test_the_month_of_receipt_is_usual_and_says_so(
        self, client_firm: Client, anna: Operator
    ) -> None:
        decided = approve(late_receipt(client_firm), operator=anna)
        assert decided.period == date(2026, 11, 1)
        assert decided.period_reason.startswith("Miesiąc otrzymania 19.11.2026")

    def test_an_office_that_follows_the_court_deducts_in_the_month_of_the_tax_point(
        self, client_firm: Client, anna: Operator
    ) -> None:
        Profile.objects.of_client(client_firm).update(deducts_before_filing=True)
        decided = approve(late_receipt(client_firm), operator=anna)
        assert decided.period == date(2026, 10, 1)
        assert "T-689/24" in decided.period_reason

    @pytest.mark.parametrize(
        ("office", "own", "month"),
        [(True, None, 10), (True, False, 11), (False, True, 10), (False, None, 11)],
    )
    def test_the_offices_choice_holds_where_the_client_has_none(
        self, client_firm: Client, anna: Operator, office: bool, own: bool | None, month: int
    ) -> None:
        OfficeBooks.objects.create(deducts_before_filing=office)
        Profile.objects.of_client(client_firm).update(deducts_before_filing=own)
        dekret = late_receipt(client_firm)
        offered = Desk.of(dekret).terms.initial["period"]
        decided = approve(dekret, operator=anna)
        assert decided.period == offered == date(2026, month, 1)

    def test_a_tax_point_after_receipt_decides(self, client_firm: Client, anna: Operator) -> None:
        dekret = fuel(client_firm, sold=date(2026, 12, 31))
        decided = approve(dekret, operator=anna)
        assert decided.period == date(2026, 12, 1)
        assert "obowiązku podatkowego 31.12.2026" in decided.period_reason

    @pytest.mark.parametrize(("vat_period", "last"), [("month", 2), ("quarter", 6)])
    def test_one_of_the_following_periods_may_be_chosen_and_no_later_one(
        self, client_firm: Client, anna: Operator, vat_period: str, last: int
    ) -> None:
        client_firm.vat_period = VatPeriod(vat_period)
        client_firm.save()
        one, other = (fuel(client_firm, number=f"F/{n}") for n in (1, 2))
        decided = approve(one, operator=anna, period=date(2027, last, 1))
        assert "art. 86 ust. 11" in decided.period_reason
        with pytest.raises(InvalidDekret) as found:
            approve(other, operator=anna, period=date(2027, last + 1, 1))
        assert [one.code for one in found.value.findings] == ["posting.period_too_late"]

    def test_vat_is_not_deducted_before_receipt(self, client_firm: Client, anna: Operator) -> None:
        with pytest.raises(InvalidDekret) as found:
            approve(late_receipt(client_firm), operator=anna, period=date(2026, 10, 1))
        assert [one.code for one in found.value.findings] == ["posting.period_before_receipt"]

    def test_receipt_is_reckoned_in_polish_time(self, client_firm: Client, anna: Operator) -> None:
        dekret = fuel(client_firm)
        dekret.invoice.acquired_at = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
        dekret.invoice.save()
        assert approve(dekret, operator=anna).period == date(2026, 12, 1)


@pytest.mark.django_db
def test_a_sale_is_posted_by_its_supply_and_says_so(client_firm: Client, anna: Operator) -> None:
    decided = approve(sale(client_firm, sold=date(2026, 10, 31)), operator=anna)
    assert decided.period == date(2026, 10, 1)
    assert decided.period_reason.startswith("Miesiąc sprzedaży 31.10.2026")


@pytest.mark.django_db
def test_closing_tells_what_stays_behind(client_firm: Client, anna: Operator) -> None:
    approve(sale(client_firm, sold=date(2026, 10, 31)), operator=anna)
    late_receipt(client_firm)
    fuel(client_firm, number="F/2")
    assert concerns(client_firm, date(2026, 11, 1)) == [
        "Wcześniejszy okres jest nadal otwarty: 10.2026.",
        "Z wcześniejszych miesięcy czeka w kolejce: 1 dokument.",
        "Z zamykanego miesiąca czeka w kolejce: 1 dokument; trafią do następnego.",
    ]
    close_period(client_firm, date(2026, 10, 1), operator=anna)
    assert len(concerns(client_firm, date(2026, 11, 1))) == 2


def vouchers(client: Client) -> list[tuple[date, int, bool]]:
    """Month and number of each voucher, and whether it has rows of a register."""
    rows = Voucher.objects.of_client(client).order_by("pk")
    taxed = set(RegisterEntry.objects.of_client(client).values_list("voucher", flat=True))
    return [(row.period, row.number, row.pk in taxed) for row in rows]


OCTOBER, NOVEMBER, DECEMBER = (date(2026, month, 1) for month in (10, 11, 12))


@pytest.mark.django_db
class TestCostAndVatApart:
    def test_a_chosen_month_of_vat_leaves_the_cost_where_it_is(
        self, client_firm: Client, anna: Operator
    ) -> None:
        decided = approve(fuel(client_firm), operator=anna, vat_month=DECEMBER)
        assert (decided.period, decided.vat_month) == (NOVEMBER, DECEMBER)
        assert "VAT za 12.2026: Odliczenie przesunięte" in decided.period_reason
        assert vouchers(client_firm) == [(NOVEMBER, 1, False), (DECEMBER, 1, True)]

    def test_the_vat_waits_on_an_account_of_its_own_between_the_months(
        self, client_firm: Client, anna: Operator
    ) -> None:
        approve(fuel(client_firm), operator=anna, vat_month=DECEMBER)
        assert {
            (row.account, row.debit, row.credit) for row in turnover(client_firm, NOVEMBER)
        } == {
            ("401-04", Decimal("223.00"), Decimal(0)),
            ("221-4", Decimal("23.00"), Decimal(0)),
            ("202", Decimal(0), Decimal("246.00")),
        }
        assert {(row.account, row.balance) for row in turnover(client_firm, DECEMBER)} == {
            ("221-1", Decimal("23.00")),
            ("221-4", Decimal("-23.00")),
        }
        for month in (NOVEMBER, DECEMBER):
            assert control(client_firm, month).agrees
        assert control(client_firm, DECEMBER).vat == Decimal("46.00")

    @pytest.mark.parametrize("closed", [NOVEMBER, DECEMBER])
    def test_both_months_must_be_open(
        self, client_firm: Client, anna: Operator, closed: date
    ) -> None:
        one, other = (fuel(client_firm, number=f"F/{number}") for number in (1, 2))
        approve(one, operator=anna, vat_month=DECEMBER)
        close_period(client_firm, closed, operator=anna)
        with pytest.raises(PeriodClosed):
            undo(one, operator=anna)
        with pytest.raises(InvalidDekret) as found:
            approve(other, operator=anna, period=NOVEMBER, vat_month=DECEMBER)
        fields = {NOVEMBER: "period", DECEMBER: "vat_month"}
        assert [one.field for one in found.value.findings] == [fields[closed]]

    def test_taking_back_reverses_each_in_its_own_month(
        self, client_firm: Client, anna: Operator
    ) -> None:
        dekret = approve(fuel(client_firm), operator=anna, vat_month=DECEMBER)
        change_lines(dekret, proposed_lines(dekret), operator=anna)
        dekret.refresh_from_db()
        assert (dekret.period, dekret.vat_month) == (NOVEMBER, DECEMBER)
        undo(dekret, operator=anna)
        dekret.refresh_from_db()
        assert (dekret.period, dekret.vat_month) == (None, None)
        for month in (NOVEMBER, DECEMBER):
            assert [row.balance for row in turnover(client_firm, month) if row.balance] == []
            assert sums_by_rate(register_rows(client_firm, month)) == []

    def test_the_limits_of_deduction_are_those_of_the_vat_alone(
        self, client_firm: Client, anna: Operator
    ) -> None:
        one, other = (fuel(client_firm, number=f"F/{number}") for number in (1, 2))
        with pytest.raises(InvalidDekret) as found:
            approve(one, operator=anna, vat_month=date(2027, 3, 1))
        (finding,) = found.value.findings
        assert (finding.code, finding.field) == ("posting.period_too_late", "vat_month")
        assert "deklarację za 11.2026" in finding.text
        late = approve(other, operator=anna, period=date(2027, 3, 1), vat_month=NOVEMBER)
        assert (late.period, late.vat_month) == (date(2027, 3, 1), NOVEMBER)

    def test_in_the_kpir_a_cost_is_of_the_day_of_issue_and_its_vat_of_receipt(
        self, anna: Operator
    ) -> None:
        firm = ClientFactory(kpir=True)
        Assignment.objects.create(operator=anna, client=firm)
        decided = approve(late_receipt(firm), operator=anna)
        assert (decided.period, decided.vat_month) == (OCTOBER, NOVEMBER)
        assert decided.period_reason.startswith("Koszt w miesiącu wystawienia (art. 22 ust. 6b")
        assert "VAT za 11.2026: Miesiąc otrzymania 19.11.2026" in decided.period_reason
        assert [row.amount for row in book_rows(firm, OCTOBER)] == [Decimal("167.25")]
        assert not book_rows(firm, NOVEMBER)
        assert [row.deducted for row in register_rows(firm, NOVEMBER)] == [Decimal("23.00")]
        assert [(row.period, row.documents) for row in months(anna)] == [
            (NOVEMBER, 0),
            (OCTOBER, 1),
        ]

    def test_a_closed_month_of_the_cost_brings_them_together_again(self, anna: Operator) -> None:
        firm = ClientFactory(kpir=True)
        Assignment.objects.create(operator=anna, client=firm)
        close_period(firm, OCTOBER, operator=anna)
        decided = approve(late_receipt(firm), operator=anna)
        assert (decided.period, decided.vat_month) == (NOVEMBER, None)
        assert decided.period_reason.startswith("Okres 10.2026 jest zamknięty")

    def test_what_enters_no_register_has_one_month(self, anna: Operator) -> None:
        firm = ClientFactory(kpir=True, exempt=True)
        Assignment.objects.create(operator=anna, client=firm)
        dekret = late_receipt(firm)
        lines = [
            replace(one, vat_register="", deductible_percent=0) for one in proposed_lines(dekret)
        ]
        decided = approve(dekret, lines, operator=anna)
        assert (decided.period, decided.vat_month) == (OCTOBER, None)
        assert vouchers(firm) == [(OCTOBER, 1, False)]

    def test_a_month_of_which_only_vat_is_left_counts_as_not_exported(
        self, client_firm: Client, anna: Operator
    ) -> None:
        approve(fuel(client_firm), operator=anna, vat_month=DECEMBER)
        assert readiness(client_firm, DECEMBER).unexported == 1
        assert readiness(client_firm, NOVEMBER).unexported == 1
