"""Working days left until a day."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from obieg.core.calendar import add_working_days, is_working_day, working_days_left

DAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))


def test_christmas_eve_is_a_holiday_since_2025() -> None:
    assert is_working_day(date(2024, 12, 24))
    assert not is_working_day(date(2025, 12, 24))
    assert not is_working_day(date(2026, 12, 24))


def test_around_christmas_and_new_year() -> None:
    assert add_working_days(date(2026, 12, 23), 1) == date(2026, 12, 28)
    assert add_working_days(date(2026, 12, 31), 1) == date(2027, 1, 4)
    assert working_days_left(date(2026, 12, 23), date(2026, 12, 28)) == 1


@given(DAYS, st.integers(1, 30))
def test_as_many_are_left_as_were_added(day: date, count: int) -> None:
    assert working_days_left(day, add_working_days(day, count)) == count


@given(DAYS, st.integers(1, 30))
def test_what_is_past_counts_below_zero(day: date, ahead: int) -> None:
    assert working_days_left(day + timedelta(days=ahead), day) <= -1


@given(DAYS)
def test_on_the_last_day_none_is_left(day: date) -> None:
    assert working_days_left(day, day) == 0
