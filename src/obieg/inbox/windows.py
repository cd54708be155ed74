"""Which stretch of time an export asks for, and where the next one begins.

Source: KSeF API 2.9, POST /invoices/exports; CIRFMF/ksef-docs, przyrostowe-pobieranie-faktur.md.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from obieg.core.polish import WARSAW

LONGEST = timedelta(days=100)  # dateRange at most, counted in UTC
WINDOW = LONGEST - timedelta(days=10)  # a margin for an order that is repeated days later


def end_for(start: datetime, now: datetime) -> datetime | None:
    """The `to` of an export from `start`: none, unless `start` is too old for an open end.

    Without an end KSeF makes the package as large as it may; the end is then its own high water
    mark.
    """
    return None if now - start <= WINDOW else start + WINDOW


def position_after(
    *,
    window_from: datetime,
    window_to: datetime | None,
    truncated: bool,
    last: datetime | None,
    hwm: datetime | None,
) -> datetime:
    """Where the next export begins once this one is stored; never before `window_from`.

    `last` is lastPermanentStorageDate, `hwm` permanentStorageHwmDate. Where KSeF gives no mark the
    position stays, for only a mark says that nothing more can appear before it.
    """
    if truncated:
        end = last
    elif hwm and window_to:
        end = min(hwm, window_to)
    else:
        end = hwm
    return max(end or window_from, window_from)


def period(date_from: date, date_to: date, now: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The windows that cover the days from `date_from` to `date_to` of Warsaw, up to `now`."""
    start = datetime.combine(date_from, time.min, WARSAW)
    end = min(datetime.combine(date_to + timedelta(days=1), time.min, WARSAW), now)
    while start < end:
        stop = min(start + WINDOW, end)
        yield start, stop
        start = stop
