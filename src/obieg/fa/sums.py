"""Whether the amounts of a document agree with each other, within the rounding of their parts."""

from decimal import Decimal

from obieg.core.money import GROSZ, ZERO, to_grosze
from obieg.fa.lines import EffectiveLine, effective_lines
from obieg.fa.model import Invoice, Line, RateSum
from obieg.fa.rates import SUM_BY_FIELD

_PARTIAL = frozenset({"ZAL", "ROZ", "KOR_ZAL", "KOR_ROZ", "UPR"})
"""Kinds whose rows show something else than the sums: the whole order, or no prices."""


def total_difference(invoice: Invoice) -> Decimal:
    """P_15 less the sums of P_13_x and P_14_x; 0 within a grosz for each sum and the total.

    0 too where the document gives no sums.
    """
    if not invoice.sums:
        return ZERO
    difference = invoice.total - invoice.net_total - invoice.tax_total
    return _beyond(difference, GROSZ * (len(invoice.sums) + 1))


def lines_difference(invoice: Invoice) -> Decimal:
    """The rows' net less the sum of P_13_x; 0 within a grosz for each row.

    0 too where rows cannot be compared: advances and settlements, rows without prices, margins.
    """
    if not lines_comparable(invoice):
        return ZERO
    net = sum((line.net for line in effective_lines(invoice)), ZERO)
    return _beyond(to_grosze(net - invoice.net_total), GROSZ * (len(invoice.lines) + 1))


def lines_comparable(invoice: Invoice) -> bool:
    """Whether the rows of `invoice` ought to add up to its sums."""
    return bool(
        invoice.sums
        and invoice.lines
        and invoice.kind not in _PARTIAL
        and all(line.is_priced for line in invoice.lines)
    )


def bookable_lines(invoice: Invoice) -> tuple[EffectiveLine, ...]:
    """Rows whose amounts add up to the sums of the document, for posting.

    The effective rows where they do; else (advances, settlements, corrections without rows or with
    rows that show only the state after) one row for each rate's sum, with the number 0. Without
    sums, the rows as they are; without rows too, one row with P_15 as its net.
    """
    rows = effective_lines(invoice)
    if not invoice.sums:
        return rows or (_row(invoice.number, "", invoice.total, ZERO),)
    if lines_comparable(invoice) and not lines_difference(invoice):
        return rows
    return tuple(
        _row(f"Sprzedaż: {group.label}", _rate(group), group.net, group.tax)
        for group in invoice.sums
    )


def _rate(group: RateSum) -> str:
    return next(iter(SUM_BY_FIELD[group.field].rates), "")


def _row(description: str, rate: str, net: Decimal, tax: Decimal) -> EffectiveLine:
    line = Line(description=description, net=net, tax=tax, rate=rate)
    return EffectiveLine(0, description, rate, net, tax, net + tax, line)


def _beyond(difference: Decimal, tolerance: Decimal) -> Decimal:
    return difference if abs(difference) > tolerance else ZERO
