"""The days of the demo's month and the moments of its invoices."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Self

from obieg.core.calendar import is_working_day

DAYS = 30
WEEKEND_SHARE = 0.12  # of a working day's invoices


@dataclass(frozen=True, slots=True)
class Days:
    """The days up to `today` and how busy each is."""

    days: tuple[date, ...]
    weights: tuple[float, ...]

    @classmethod
    def up_to(cls, today: date) -> Self:
        days = tuple(today - timedelta(days=back) for back in reversed(range(DAYS)))
        return cls(days, tuple(1.0 if is_working_day(day) else WEEKEND_SHARE for day in days))

    def draw(self, random: Random, count: int) -> list[date]:
        """`count` days in order."""
        return sorted(random.choices(self.days, self.weights, k=count))


def moment_on(random: Random, day: date) -> datetime:
    """When an invoice of that day was made, UTC: early, so that it is never in the future."""
    return datetime.combine(day, time(0, random.randint(0, 59), random.randint(0, 59)), UTC)


def month_of(day: date) -> tuple[date, date]:
    """First and last day of the month before `day`'s: what a bill of that day is for."""
    last = day.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last
