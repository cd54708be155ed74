"""Rows with the amounts that count: a correction's pairs before and after become differences."""

from dataclasses import dataclass
from decimal import Decimal

from obieg.core.money import ZERO
from obieg.fa.model import Invoice, Line


@dataclass(frozen=True, slots=True)
class EffectiveLine:
    """A row with signed amounts in the invoice's currency; `line` is the state after, if any."""

    number: int
    description: str
    rate: str  # P_12, or the percentage of P_12_XII
    net: Decimal
    tax: Decimal
    gross: Decimal
    line: Line


def effective_lines(invoice: Invoice) -> tuple[EffectiveLine, ...]:
    """The rows of `invoice`, each counted once.

    Where a correction shows states (StanPrzed), the rows of one NrWierszaFa become one difference,
    after less before; a changed rate keeps two, the old rate's with minus. Everything else stands
    as written: a correction without StanPrzed states differences already.
    """
    if not any(line.before for line in invoice.lines):
        return tuple(_effective(line.number, line, [line]) for line in invoice.lines)
    groups: dict[tuple[int, str], list[Line]] = {}
    for line in invoice.lines:
        groups.setdefault((line.number, rate_of(line)), []).append(line)
    return tuple(_effective(number, _shown(lines), lines) for (number, _), lines in groups.items())


def rate_of(line: Line) -> str:
    """P_12, or P_12_XII written as a percentage."""
    if line.rate or line.rate_oss is None:
        return line.rate
    return f"{line.rate_oss.normalize():f}%"


def _shown(lines: list[Line]) -> Line:
    """The row that names the group: the state after, else the state before."""
    return next((line for line in lines if not line.before), lines[0])


def _effective(number: int, shown: Line, lines: list[Line]) -> EffectiveLine:
    net = tax = gross = ZERO
    for line in lines:
        sign = -1 if line.before else 1
        net += sign * line.net_amount
        tax += sign * line.tax_amount
        gross += sign * line.gross_amount
    return EffectiveLine(number, shown.description, rate_of(shown), net, tax, gross, shown)
