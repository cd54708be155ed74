"""Sums of a document by rate, right to the grosz."""

from collections.abc import Iterable
from decimal import Decimal

from obieg.core.money import ZERO, to_grosze
from obieg.demo.world.documents import Document, Line

TAXED = {"23": 23, "8": 8, "5": 5}
# The fields of the sums by rate, in the schema's order: P_13_x and P_14_x share the ending.
FIELDS = {
    "23": "1",
    "8": "2",
    "5": "3",
    "0 WDT": "6_2",
    "0 EX": "6_3",
    "zw": "7",
    "np I": "8",
    "np II": "9",
    "oo": "10",
}
Sums = dict[str, tuple[Decimal, Decimal]]  # by rate: net and tax


def sums_of(document: Document) -> Sums:
    """What the invoice is about by rate: differences for a correction, a part for an advance."""
    sums = sums_of_lines(document.lines, gross_priced=document.gross_priced)
    if document.kind == "ZAL":
        return share_of(sums, document.advance)
    if document.kind == "ROZ":
        paid = share_of(sums, document.advance)
        return {
            rate: (net - paid[rate][0], tax - paid[rate][1]) for rate, (net, tax) in sums.items()
        }
    return sums


def sums_of_lines(lines: Iterable[Line], *, gross_priced: bool) -> Sums:
    """Net and tax by rate, in the schema's order; lines „before” count against the others."""
    totals: dict[str, Decimal] = {}
    for line in lines:
        amount = -line.amount if line.before else line.amount
        totals[line.rate] = totals.get(line.rate, ZERO) + amount
    return {
        rate: split(totals[rate], rate, gross=gross_priced) for rate in FIELDS if rate in totals
    }


def split(amount: Decimal, rate: str, *, gross: bool) -> tuple[Decimal, Decimal]:
    """Net and tax of an amount that is gross or net."""
    percent = TAXED.get(rate, 0)
    if gross:
        tax = to_grosze(amount * percent / (100 + percent))
        return amount - tax, tax
    return amount, to_grosze(amount * percent / 100)


def share_of(sums: Sums, paid: Decimal) -> Sums:
    """`paid` (gross) spread over the rates as the whole is; the last rate takes the remainder."""
    whole = gross_of(sums)
    shares: Sums = {}
    left = paid
    for rate, (net, tax) in sums.items():
        last = len(shares) == len(sums) - 1
        part = left if last else to_grosze(paid * (net + tax) / whole)
        shares[rate] = split(part, rate, gross=True)
        left -= part
    return shares


def gross_of(sums: Sums) -> Decimal:
    return sum((net + tax for net, tax in sums.values()), ZERO)
