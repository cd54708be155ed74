"""A day as people type it: `15.07.2026`, `15.7`, `1507`, `150726`, or pasted as `2026-07-15`."""

import re
from datetime import date

_SPACES = re.compile(r"\s")
_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)")
_DOTTED = re.compile(r"(?P<day>\d\d?)[.,/-](?P<month>\d\d?)(?:[.,/-](?P<year>\d{4}|\d\d))?[.]?")
_DIGITS = re.compile(r"(?P<day>\d\d)(?P<month>\d\d)(?P<year>\d{4}|\d\d)?")
_WAYS = (_ISO, _DOTTED, _DIGITS)


def read_day(text: str, *, near: date) -> date | None:
    """The day that `text` names, or None where it names none.

    Without a year it is the one that brings the day nearest to `near`: in January `1512` is the
    December before.
    """
    typed = _SPACES.sub("", text)
    found = next((match for way in _WAYS if (match := way.fullmatch(typed))), None)
    if found is None:
        return None
    day, month, year = (found[name] for name in ("day", "month", "year"))
    if year is None:
        years = (near.year - 1, near.year, near.year + 1)
        days = (_day(one, int(month), int(day)) for one in years)
        return min(filter(None, days), key=lambda one: abs(one - near), default=None)
    return _day(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
