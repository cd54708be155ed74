"""Dates that people write into free text."""

import re
from datetime import date

_ISO = re.compile(r"(?<!\d)(20\d\d)-(\d\d)-(\d\d)(?!\d)")
_POLISH = re.compile(r"(?<!\d)(\d{1,2})[./-](\d{1,2})[./-](20\d\d)(?!\d)")


def dates_in(text: str) -> tuple[date, ...]:
    """Days written in `text` as 2026-11-21 or 21.11.2026 (also with / or -), in order of time."""
    if not text:
        return ()
    parts = [match.groups() for match in _ISO.finditer(text)]
    parts += [match.groups()[::-1] for match in _POLISH.finditer(text)]
    days = (_day(*map(int, part)) for part in parts)
    return tuple(sorted(day for day in days if day))


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
