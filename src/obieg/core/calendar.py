"""Polish working days and the accounting periods."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Self

import holidays


@cache
def _holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("PL", years=year))


def is_working_day(day: date) -> bool:
    """Whether `day` is neither a Saturday, a Sunday nor a Polish public holiday."""
    return day.weekday() < 5 and day not in _holidays(day.year)


def add_working_days(day: date, count: int) -> date:
    """The `count`-th working day after `day`."""
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def working_days_left(day: date, until: date) -> int:
    """Working days after `day` up to `until`: 0 on the last day; below 0 once it is past.

    Days that are past count as working days too, and at least as one.
    """
    if until < day:
        return -max(working_days_left(until, day), 1)
    days = (day + timedelta(days=ahead) for ahead in range(1, (until - day).days + 1))
    return sum(map(is_working_day, days))


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """A calendar month, the period in which documents are posted and exported."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> Self:
        """A month written `2026-11`; ValueError for anything else."""
        return cls.of(date.fromisoformat(f"{text}-01"))

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        return self.next().first - timedelta(days=1)

    def next(self) -> Self:
        return type(self)(self.year + self.number // 12, self.number % 12 + 1)

    def previous(self) -> Self:
        return type(self).of(self.first - timedelta(days=1))

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"
