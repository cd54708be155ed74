"""The amounts that follow from a draft: rows, sums by rate, the total, what is to be paid.

The same figures stand in the form while it is typed and in the invoice that is built; what is
missing counts as nothing.

Rounding, to grosze, halves up (art. 106e(11) VAT Act). Net prices: a row's net is quantity x (price
less discount); the tax of a rate is computed once, on the sum of its rows (art. 106e(1)(13) and
(14)). Gross prices: the tax of a rate is gross x rate / (100 + rate) of its rows' sum, and the net
is what is left (art. 106e(7) and (8)). Where rows state their own tax (P_11Vat), the tax of their
rate is the sum of the rows' taxes (art. 106e(10)). The tax of an advance lies within it
(art. 106f(1)(3)).
"""

from dataclasses import dataclass
from decimal import Decimal

from obieg.core.money import ZERO
from obieg.fa.model import RateSum
from obieg.sales.amounts import LineTotals, line_totals
from obieg.sales.content import SaleContent
from obieg.sales.kinds import sums_of
from obieg.sales.sums import ordered

__all__ = ["LineTotals", "Totals", "totals"]


@dataclass(frozen=True, slots=True)
class Totals:
    """The amounts of a draft in its currency; a correction's are differences."""

    lines: tuple[LineTotals, ...]  # of content.lines, in order
    order_lines: tuple[LineTotals, ...]
    rates: tuple[RateSum, ...]  # each with label, net, tax, gross, tax_pln
    net: Decimal
    tax: Decimal
    gross: Decimal  # P_15
    amount_due: Decimal  # with charges and deductions


def totals(content: SaleContent) -> Totals:
    """Every amount of `content`, complete or not."""
    groups, gross = sums_of(content)
    rates = ordered(groups, without_zeros=content.kind.startswith("KOR"))
    return Totals(
        lines=tuple(line_totals(line, content) for line in content.lines),
        order_lines=tuple(line_totals(line, content) for line in content.order_lines),
        rates=rates,
        net=sum((one.net for one in groups.values()), ZERO),
        tax=sum((one.tax for one in rates), ZERO),
        gross=gross,
        amount_due=gross + settled(content),
    )


def settled(content: SaleContent) -> Decimal:
    """Charges less deductions."""
    charges = sum((charge.amount for charge in content.charges), ZERO)
    return charges - sum((one.amount for one in content.deductions), ZERO)
