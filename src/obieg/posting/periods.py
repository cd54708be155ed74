"""In which month a document is posted."""

from collections.abc import Collection
from datetime import date

from obieg.core.calendar import Month
from obieg.core.polish import WARSAW
from obieg.inbox.models import Direction, Invoice


def first_period(invoice: Invoice) -> date:
    """The earliest month: that of issue; for a sale also that of an earlier supply (P_6)."""
    days = [invoice.issue_date]
    if invoice.direction == Direction.SALE and invoice.sale_date:
        days.append(invoice.sale_date)
    return Month.of(min(days)).first


def earliest_period(invoice: Invoice, suggested: date | None) -> date:
    """The same, or the month suggested for a correction that works in its original's month."""
    first = first_period(invoice)
    return min(first, suggested) if suggested else first


def usual_period(invoice: Invoice) -> date:
    """The first day of the month in which the document is posted unless someone says otherwise.

    A purchase: the month of receipt, which for KSeF is that of acceptance in Warsaw's time, but
    not before the month of issue (art. 86(10), (10b) VAT Act). A sale: the month of supply, which
    makes the tax due (art. 19a(1)); its correction: the month of issue (art. 29a(13)).
    """
    if invoice.direction == Direction.SALE:
        is_correction = invoice.kind.startswith("KOR")
        day = invoice.issue_date if is_correction else invoice.sale_date or invoice.issue_date
        return Month.of(day).first
    received = invoice.acquired_at.astimezone(WARSAW).date()
    return Month.of(max(received, invoice.issue_date)).first


def next_open(period: date, closed: Collection[date]) -> date:
    """`period` (the first day of a month), or the first month after it that is not closed."""
    while period in closed:
        period = Month.of(period).next().first
    return period
