"""Until when an invoice issued offline has to be in KSeF: art. 106nda, 106nf and 106nh VAT Act.

Source: CIRFMF/ksef-docs, tryby-offline.md. Days are Warsaw's. Where Latarnia announced nothing
that would justify a mode, the shortest term counts, that of offline24.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from obieg.core.calendar import add_working_days, working_days_left
from obieg.core.polish import format_date, plural
from obieg.sales.states import OfflineMode

AFTER_FAILURE = 7  # working days


@dataclass(frozen=True, slots=True)
class Period:
    """An outage as the law counts it: days, `end` None while it lasts."""

    kind: str  # OfflineMode: unavailable, failure or total_failure
    start: date
    end: date | None

    def touches(self, first: date, last: date | None) -> bool:
        """Whether it falls at least partly into the days from `first` to `last`."""
        ended_before = self.end is not None and self.end < first
        return not ended_before and (last is None or self.start <= last)


class Waits(Enum):
    """Why there is no day yet, or none at all."""

    NOTHING = ""
    END = "end"  # the outage lasts: the days are counted from its end
    RELEASED = "released"  # a total failure: there is no duty to send


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day, or why there is none."""

    day: date | None
    waits: Waits = Waits.NOTHING


RELEASED = Deadline(None, Waits.RELEASED)
LASTS = Deadline(None, Waits.END)


def deadline(mode: str, issued: date, outages: Iterable[Period]) -> Deadline:
    """The last day on which an invoice of `mode`, issued on `issued` (P_1), may be sent."""
    if mode == OfflineMode.TOTAL_FAILURE:
        return RELEASED
    known = sorted(outages, key=lambda outage: outage.start)
    found = _moved(_own(mode, issued, known), issued, _of(OfflineMode.FAILURE, known))
    total = _of(OfflineMode.TOTAL_FAILURE, known)
    return RELEASED if any(_falls_within(one, issued, found.day) for one in total) else found


def countdown(found: Deadline, today: date) -> str:
    """What is left in Polish: „zostały 2 dni robocze”."""
    if found.waits is Waits.RELEASED:
        return "nie trzeba wysyłać: awaria całkowita"
    if found.day is None:
        return "termin ruszy, gdy KSeF wróci"
    left = working_days_left(today, found.day)
    if left < 0:
        return f"po terminie (do {format_date(found.day)})"
    if left == 0:
        return "dziś ostatni dzień"
    words = plural(
        left, "został {} dzień roboczy", "zostały {} dni robocze", "zostało {} dni roboczych"
    )
    return words.format(left)


def _own(mode: str, issued: date, known: Sequence[Period]) -> Deadline:
    """The term of the mode itself: from the day of issue, or from the end of its outage."""
    days = AFTER_FAILURE if mode == OfflineMode.FAILURE else 1
    during = [one for one in _of(mode, known) if one.touches(issued, issued)]
    if not during:
        return Deadline(add_working_days(issued, 1))
    if any(one.end is None for one in during):
        return LASTS
    ends = [one.end for one in during if one.end]
    return Deadline(add_working_days(max(ends), days))


def _moved(own: Deadline, issued: date, failures: Sequence[Period]) -> Deadline:
    """The term after every failure announced while the invoice waited, one after another."""
    current = own
    for failure in failures:
        if not _falls_within(failure, issued, current.day):
            continue
        if failure.end is None:
            return LASTS
        fresh = add_working_days(failure.end, AFTER_FAILURE)
        current = Deadline(fresh if current.day is None else max(fresh, current.day))
    return current


def _falls_within(outage: Period, issued: date, last: date | None) -> bool:
    """Whether the outage counts for an invoice that waits from `issued` to `last`.

    One that was over on the day of issue, having begun earlier, does not prolong anything.
    """
    if outage.start < issued and outage.end is not None and outage.end <= issued:
        return False
    return outage.touches(issued, last)


def _of(kind: str, known: Sequence[Period]) -> list[Period]:
    return [outage for outage in known if outage.kind == kind]
