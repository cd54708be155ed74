"""Due dates that people write into free text, or count from an event."""

import calendar
import re
from datetime import date, timedelta

_ISO = re.compile(r"(?<!\d)(20\d\d)-(\d\d)-(\d\d)(?!\d)")
_DUE = re.compile(
    r"termin\w*\s+(?:płatności|zapłaty)|płatn[aey]\s+do|zapłat[ay]\s+do", re.IGNORECASE
)
_REACH = 40  # characters between such words and the end of the day
_POLISH = re.compile(r"(?<!\d)(\d{1,2})[./-](\d{1,2})[./-](20\d\d)(?!\d)")


def dates_in(text: str) -> tuple[date, ...]:
    """Days written in `text` as 2026-11-21 or 21.11.2026 (also with / or -), in order of time."""
    if not text:
        return ()
    parts = [match.groups() for match in _ISO.finditer(text)]
    parts += [match.groups()[::-1] for match in _POLISH.finditer(text)]
    days = (_day(*map(int, part)) for part in parts)
    return tuple(sorted(day for day in days if day))


def due_dates_in(text: str) -> tuple[date, ...]:
    """Days that stand next after words such as „termin płatności” or „płatne do”."""
    found: set[date] = set()
    for words in _DUE.finditer(text):
        near = text[words.end() : words.end() + _REACH]
        days = sorted((*_ISO.finditer(near), *_POLISH.finditer(near)), key=re.Match.start)
        found.update(dates_in(days[0][0]) if days else ())
    return tuple(sorted(found))


def counted_from(day: date, count: int, unit: str) -> date | None:
    """`count` days, weeks or months after `day`; None for a unit that nobody knows."""
    stem = unit.strip().lower()[:4]
    if stem.startswith(("dni", "dzie", "d")):
        return day + timedelta(days=count)
    if stem.startswith("ty"):
        return day + timedelta(weeks=count)
    if stem.startswith(("mies", "m-c", "mc")):
        months = day.month - 1 + count
        year, month = day.year + months // 12, months % 12 + 1
        return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
