"""In which months input VAT may be deducted: art. 86(10), (10b), (11) VAT Act, and T-689/24."""

from dataclasses import dataclass
from datetime import date, timedelta

from obieg.core.calendar import Month, is_working_day

FILING_DAY = 25  # of the month after the period: art. 99(1), (2) VAT Act
LATER_MONTHS, LATER_QUARTERS = 3, 2  # art. 86(11) VAT Act
MONTHS_OF_QUARTER = 3


@dataclass(frozen=True, slots=True)
class Window:
    """The months of deduction; for a client who settles quarterly each means its quarter."""

    usual: Month
    first: Month
    last: Month


def window(
    tax_point: date, received: date, *, quarterly: bool = False, before_filing: bool = False
) -> Window:
    """When the VAT of an invoice may be deducted.

    Usually in the later of the periods of the tax point and of receipt. `before_filing`: the
    office follows the General Court in T-689/24, so that an invoice received before the period of
    the tax point was to be filed counts in that period. Never before receipt otherwise, and at the
    latest in the third month (second quarter) after the usual one.
    """
    statutory = max(Month.of(tax_point), Month.of(received))
    usual, first = statutory, min(Month.of(received), statutory)
    if before_filing and received <= filing_day(Month.of(tax_point), quarterly=quarterly):
        usual = first = min(Month.of(tax_point), statutory)
        first = min(first, Month.of(received))
    return Window(usual, first, _last(statutory, quarterly=quarterly))


def filing_day(period: Month, *, quarterly: bool = False) -> date:
    """The last day for filing `period`; a day that is not a working one moves to the next."""
    end = quarter_end(period) if quarterly else period
    following = end.next()
    day = date(following.year, following.number, FILING_DAY)
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def quarter_end(month: Month) -> Month:
    """The last month of the quarter of `month`."""
    return Month(month.year, month.number + -month.number % MONTHS_OF_QUARTER)


def later(month: Month, count: int) -> Month:
    """The month `count` months after `month`."""
    for _ in range(count):
        month = month.next()
    return month


def _last(usual: Month, *, quarterly: bool) -> Month:
    if quarterly:
        return later(quarter_end(usual), LATER_QUARTERS * MONTHS_OF_QUARTER)
    return later(usual, LATER_MONTHS)
