"""The parts of a document that are posted: its rows, reconciled with the sums by rate.

The sums P_13_x and P_14_x are the authority, because the register of VAT and the tax are made of
them; a row's own amounts only say how a sum is divided.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from obieg.core.money import GROSZ, ZERO, to_grosze
from obieg.fa.lines import EffectiveLine, effective_lines
from obieg.fa.model import Invoice, RateSum
from obieg.fa.rates import SUM_BY_FIELD, SUM_BY_RATE, percent_of, tax_in
from obieg.fa.sums import lines_comparable, total_difference
from obieg.posting.suggestion import Part

MARGIN, OSS = "P_13_11", "P_13_5"
ADVANCE = "Zaliczka: "
DIFFERENCE = "Różnica między kwotą faktury (P_15) a sumami stawek"


def parts_of(invoice: Invoice) -> tuple[Part, ...]:
    """What is to be posted, at least one part; net and VAT add up to the document's sums.

    Where P_15 differs from the sums by more than rounding, one more part without tax bears it.
    """
    if not invoice.sums:
        return _without_sums(invoice)
    rows = _rows_by_sum(invoice) if lines_comparable(invoice) else {}
    parts: list[Part] = []
    for group in _used(invoice.sums):
        parts += _divided(group, rows.get(group.field, [])) or [_whole(group, invoice)]
    if difference := to_grosze(total_difference(invoice)):
        parts.append(Part((), DIFFERENCE, "", difference, ZERO))
    return tuple(parts)


def _used(sums: Sequence[RateSum]) -> Sequence[RateSum]:
    """The sums that are not zero; one of them where all are (a correction of data)."""
    return [group for group in sums if group.net or group.tax] or sums[:1]


def _rows_by_sum(invoice: Invoice) -> dict[str, list[EffectiveLine]]:
    """The rows of each sum; none at all where a row belongs to no sum that the document gives."""
    given = [group.field for group in _used(invoice.sums)]
    rows: dict[str, list[EffectiveLine]] = defaultdict(list)
    for line in effective_lines(invoice):
        if line.net or line.tax:
            rows[_sum_of(line, given)].append(line)
    return rows if set(rows) <= set(given) else {}


def _sum_of(line: EffectiveLine, given: Sequence[str]) -> str:
    if line.rate in SUM_BY_RATE:
        return SUM_BY_RATE[line.rate].net
    if line.rate:
        return OSS
    return given[0] if len(given) == 1 else MARGIN


def _divided(group: RateSum, rows: Sequence[EffectiveLine]) -> list[Part]:
    """The rows of one sum, the grosze between them and the sum put into the largest row.

    Empty where they differ by more than rounding: then the rows say nothing about the sum.
    """
    net_left = to_grosze(group.net - sum((row.net for row in rows), ZERO))
    tax_left = to_grosze(group.tax - sum((row.tax for row in rows), ZERO))
    tolerance = GROSZ * (len(rows) + 1)
    if not rows or abs(net_left) > tolerance or abs(tax_left) > tolerance:
        return []
    parts = [
        Part((row.number,), row.description, row.rate, to_grosze(row.net), to_grosze(row.tax))
        for row in rows
    ]
    return _completed(parts, to_grosze(group.net), to_grosze(group.tax))


def _completed(parts: list[Part], net: Decimal, vat: Decimal) -> list[Part]:
    """`parts` with what is missing to `net` and `vat` added to the largest of them."""
    largest = max(range(len(parts)), key=lambda index: abs(parts[index].net))
    part = parts[largest]
    parts[largest] = Part(
        part.source_lines,
        part.description,
        part.rate,
        net=part.net + net - sum((other.net for other in parts), ZERO),
        vat=part.vat + vat - sum((other.vat for other in parts), ZERO),
    )
    return parts


def _whole(group: RateSum, invoice: Invoice) -> Part:
    """A sum as one part, named by the rows of its rates."""
    rates = SUM_BY_FIELD[group.field].rates
    named = [row for row in _named_rows(invoice) if row[2] in rates or not rates]
    rate = next((row[2] for row in named), rates[0] if rates else "")
    numbers = tuple(dict.fromkeys(number for number, _, _ in named if number))
    description = next((text for _, text, _ in named if text), "") or group.label
    if invoice.kind.endswith("ZAL"):
        description = ADVANCE + description
    net, vat = to_grosze(group.net), to_grosze(group.tax)
    return Part(numbers, description, rate, net, vat, is_sum=True)


def _named_rows(invoice: Invoice) -> Iterable[tuple[int, str, str]]:
    """Number, description and rate of the rows; of an order's rows where there are no others."""
    if invoice.lines:
        return [(row.number, row.description, row.rate) for row in effective_lines(invoice)]
    return [(0, row.description, row.rate) for row in invoice.order_lines]


def _without_sums(invoice: Invoice) -> tuple[Part, ...]:
    """A simplified invoice may give the total only; its tax follows from a rate all rows share."""
    rows = effective_lines(invoice)
    total = to_grosze(invoice.total)
    if rows and to_grosze(sum((row.gross for row in rows), ZERO)) == total:
        parts = [
            Part((row.number,), row.description, row.rate, to_grosze(row.net), to_grosze(row.tax))
            for row in rows
        ]
        tax = sum((part.vat for part in parts), ZERO)
        return tuple(_completed(parts, total - tax, tax))
    return (_undivided(invoice, rows, total),)


def _undivided(invoice: Invoice, rows: Sequence[EffectiveLine], total: Decimal) -> Part:
    rates = {row.rate for row in rows}
    rate = rates.pop() if len(rates) == 1 else ""
    tax = tax_in(total, percent_of(rate))
    numbers = tuple(row.number for row in rows)
    named = next((text for _, text, _ in _named_rows(invoice) if text), "")
    return Part(numbers, named or f"Faktura {invoice.number}", rate, total - tax, tax)
