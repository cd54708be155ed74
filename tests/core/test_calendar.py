"""Working days and months."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obieg.core.calendar import Month, add_working_days, is_working_day


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 11, 11),
        date(2026, 12, 24),
        date(2026, 12, 25),
        date(2026, 4, 6),
        date(2026, 6, 4),
    ],
)
def test_polish_holidays_are_free(day: date) -> None:
    assert not is_working_day(day)


def test_christmas_eve_became_free_in_2025() -> None:
    assert is_working_day(date(2024, 12, 24))
    assert not is_working_day(date(2025, 12, 24))


def test_the_next_working_day_after_a_friday_before_a_holiday() -> None:
    assert add_working_days(date(2026, 4, 3), 1) == date(2026, 4, 7)  # Easter Monday is the 6th


@given(st.dates(date(2001, 1, 1), date(2090, 12, 31)))
def test_months_follow_one_another(day: date) -> None:
    month = Month.of(day)
    assert month.first <= day <= month.last
    assert month.next().previous() == month
    assert Month.parse(str(month)) == month
