"""Debits equal credits, whatever the lines, the currency and the rounding."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from obieg.core.money import ZERO
from obieg.inbox.models import Direction, Invoice
from obieg.posting.decisions import LineInput
from obieg.posting.entries import Entry, balance, entries
from obieg.posting.models import Dekret, Profile
from obieg.posting.pln import in_zlote
from obieg.posting.shares import TaxShare

amounts = st.decimals(min_value=-99999, max_value=99999, places=2)
lines = st.lists(
    st.builds(
        LineInput,
        account=st.sampled_from(["401-01", "402-01"]),
        net=amounts,
        vat=amounts,
        deductible_percent=st.integers(0, 100),
    ),
    min_size=1,
    max_size=6,
)
rates = st.none() | st.decimals(min_value="0.01", max_value=9, places=4)
PROFILE = Profile()


def dekret_of(
    gross: Decimal,
    direction: str = Direction.PURCHASE,
    rate: Decimal | None = None,
    tax_pln: Decimal | None = None,
) -> Dekret:
    invoice = Invoice(gross=gross, seller_name="Orlik", buyer_name="Bór")
    return Dekret(invoice=invoice, direction=direction, exchange_rate=rate, tax_pln=tax_pln)


@given(lines, st.sampled_from([Direction.PURCHASE, Direction.SALE]), rates, st.none() | amounts)
def test_debits_equal_credits(
    given_lines: list[LineInput], direction: str, rate: Decimal | None, tax: Decimal | None
) -> None:
    gross = sum((line.gross for line in given_lines), ZERO) + Decimal("0.01")
    found = entries(dekret_of(gross, direction, rate, tax), given_lines, PROFILE)
    assert balance(found) == 0
    assert all(entry.amount for entry in found)


@given(lines, st.decimals(min_value="0.01", max_value=9, places=4), amounts)
def test_the_tax_in_zlote_is_the_one_that_the_invoice_states(
    given_lines: list[LineInput], rate: Decimal, tax: Decimal
) -> None:
    converted = in_zlote(given_lines, rate, tax)
    if any(amount.vat for amount in in_zlote(given_lines, rate, None)):
        assert sum(amount.vat for amount in converted) == tax


def bought(net: str, vat: str, deductible: int = 100) -> LineInput:
    return LineInput(
        account="401-04",
        net=Decimal(net),
        vat=Decimal(vat),
        deductible_percent=deductible,
        description="Paliwo",
    )


def test_vat_that_is_not_deducted_is_a_cost() -> None:
    found = entries(dekret_of(Decimal("123.00")), [bought("100.00", "23.01", 50)], PROFILE)
    assert found == (
        Entry("401-04", "Wn", Decimal("111.50"), "Paliwo"),
        Entry("221-1", "Wn", Decimal("11.51"), "VAT naliczony"),
        Entry("202", "Ma", Decimal("123.00"), "Orlik"),
        Entry("760", "Ma", Decimal("0.01"), "Różnica zaokrągleń i kursu"),
    )


def test_a_sale_debits_the_customer() -> None:
    sold = LineInput(
        account="702", net=Decimal("100.00"), vat=Decimal("23.00"), description="Usługa"
    )
    found = entries(dekret_of(Decimal("123.00"), Direction.SALE), [sold], PROFILE)
    assert found == (
        Entry("201", "Wn", Decimal("123.00"), "Bór"),
        Entry("702", "Ma", Decimal("100.00"), "Usługa"),
        Entry("221-2", "Ma", Decimal("23.00"), "VAT należny"),
    )


def test_a_correction_in_minus_has_the_same_sides_with_minus() -> None:
    found = entries(dekret_of(Decimal("-123.00")), [bought("-100.00", "-23.00")], PROFILE)
    assert [(entry.side, entry.amount) for entry in found] == [
        ("Wn", Decimal("-100.00")),
        ("Wn", Decimal("-23.00")),
        ("Ma", Decimal("-123.00")),
    ]


def test_a_foreign_invoice_is_converted_and_its_stated_tax_kept() -> None:
    dekret = dekret_of(Decimal("123.00"), rate=Decimal("4.2512"), tax_pln=Decimal("97.80"))
    found = entries(dekret, [bought("100.00", "23.00")], PROFILE)
    assert [(entry.account, entry.side, entry.amount) for entry in found] == [
        ("401-04", "Wn", Decimal("425.12")),
        ("221-1", "Wn", Decimal("97.80")),
        ("202", "Ma", Decimal("522.90")),
        ("760", "Ma", Decimal("0.02")),
    ]


def test_a_correction_of_data_has_no_entries() -> None:
    assert entries(dekret_of(ZERO), [bought("0.00", "0.00")], PROFILE) == ()


shares = st.builds(TaxShare, percent=st.integers(0, 100), rest_account=st.sampled_from(["", "409"]))


@given(lines, shares, rates)
def test_debits_equal_credits_whatever_part_is_a_cost_of_tax(
    given_lines: list[LineInput], share: TaxShare, rate: Decimal | None
) -> None:
    gross = sum((line.gross for line in given_lines), ZERO)
    dekret = dekret_of(gross, rate=rate)
    found = entries(dekret, given_lines, PROFILE, {"401-01": share})
    assert balance(found) == 0
    plain = entries(dekret, given_lines, PROFILE)
    costs = {"401-01", "402-01", "409"}
    assert sum(entry.amount for entry in found if entry.account in costs) == sum(
        entry.amount for entry in plain if entry.account in costs
    )


def test_a_car_of_mixed_use_has_three_quarters_of_its_cost_for_tax() -> None:
    mixed = TaxShare(75, "409-09")
    fuel = bought("1000.00", "230.00", 50)
    found = entries(dekret_of(Decimal("1230.00")), [fuel], PROFILE, {"401-04": mixed})
    assert [(entry.account, entry.side, entry.amount) for entry in found] == [
        ("401-04", "Wn", Decimal("836.25")),  # 75% of 1000.00 and of 115.00
        ("409-09", "Wn", Decimal("278.75")),
        ("221-1", "Wn", Decimal("115.00")),
        ("202", "Ma", Decimal("1230.00")),
    ]


def test_a_car_of_the_business_only_is_a_cost_in_full() -> None:
    shares = {"401-04": TaxShare(75, "409-09")}
    found = entries(dekret_of(Decimal("123.00")), [bought("100.00", "23.00")], PROFILE, shares)
    assert [entry.account for entry in found] == ["401-04", "221-1", "202"]
