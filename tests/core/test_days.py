"""Days as people type them and as other programs paste them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obieg.core.days import read_day
from obieg.core.polish import format_date

NOVEMBER = date(2026, 11, 21)


WAYS = ("15.07.2026", "15.7.2026", "15.07.26", "15.07", "15.7", "15.7.", "15,07", "15/7")
BARE = ("15-07-2026", "1507", "150726", "15072026", "2026-07-15")


@pytest.mark.parametrize("typed", WAYS + BARE)
def test_every_way_to_type_a_day_is_understood(typed: str) -> None:
    assert read_day(typed, near=NOVEMBER) == date(2026, 7, 15)


@pytest.mark.parametrize(
    "typed",
    ["", "15", "157", "31.02.2026", "3102", "2026-13-01", "jutro", "15.07.026", "2026", "99"],
)
def test_what_names_no_day_is_not_guessed(typed: str) -> None:
    assert read_day(typed, near=NOVEMBER) is None


@pytest.mark.parametrize(
    ("typed", "near", "meant"),
    [
        ("1512", date(2027, 1, 5), date(2026, 12, 15)),
        ("0301", date(2026, 12, 28), date(2027, 1, 3)),
        ("2902", date(2027, 6, 1), date(2028, 2, 29)),
    ],
)
def test_without_a_year_it_is_the_nearest_one(typed: str, near: date, meant: date) -> None:
    assert read_day(typed, near=near) == meant


def test_spaces_within_do_not_matter() -> None:
    assert read_day(" 15 . 07 . 2026 ", near=NOVEMBER) == date(2026, 7, 15)


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31)))
def test_what_the_screen_shows_is_read_back(day: date) -> None:
    for written in (format_date(day), day.isoformat(), f"{day:%d%m%y}", f"{day:%d%m%Y}"):
        assert read_day(written, near=NOVEMBER) == day
