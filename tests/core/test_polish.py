"""Amounts, dates and nouns as a Polish reader expects them."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obieg.core.money import NBSP, format_amount, plain, to_grosze
from obieg.core.polish import counted, format_time, sort_key

AMOUNTS = st.decimals(allow_nan=False, allow_infinity=False, places=2, max_value=10**12)


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 faktur"), (1, "1 faktura"), (2, "2 faktury"), (5, "5 faktur"), (12, "12 faktur"),
     (22, "22 faktury"), (112, "112 faktur"), (101, "101 faktur")],
)  # fmt: skip
def test_nouns_agree_with_their_number(count: int, text: str) -> None:
    assert counted(count, "faktura", "faktury", "faktur") == text


def test_an_amount_is_grouped_and_names_its_currency() -> None:
    assert format_amount(Decimal("1234567.5"), "PLN") == f"1{NBSP}234{NBSP}567,50{NBSP}zł"
    assert format_amount(Decimal("-0.125"), "EUR") == f"-0,125{NBSP}EUR"
    assert plain(Decimal("1234.5")) == "1234,50"


@given(AMOUNTS)
def test_a_written_amount_can_be_read_back(amount: Decimal) -> None:
    assert Decimal(plain(amount).replace(",", ".")) == amount


def test_halves_are_rounded_away_from_zero() -> None:
    assert to_grosze(Decimal("0.125")) == Decimal("0.13")
    assert to_grosze(Decimal("-0.125")) == Decimal("-0.13")


def test_names_sort_in_the_polish_order() -> None:
    names = ["Zeta", "Łan", "Lis", "Ćma", "Cel", "Żuk", "Źródło", "ósemka", "Osa"]
    assert sorted(names, key=sort_key) == [
        "Cel", "Ćma", "Lis", "Łan", "Osa", "ósemka", "Zeta", "Źródło", "Żuk",
    ]  # fmt: skip


def test_time_is_shown_in_warsaw() -> None:
    assert format_time(datetime(2026, 7, 1, 6, 15, tzinfo=UTC)) == "01.07.2026 08:15"
    assert format_time(datetime(2026, 11, 21, 7, 15, tzinfo=UTC)) == "21.11.2026 08:15"
