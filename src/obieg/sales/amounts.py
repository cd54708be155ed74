"""What one row of a draft is worth."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from obieg.core.money import ZERO, to_grosze
from obieg.fa.rates import HUNDRED, SUM_BY_RATE, percent_of, tax_in, tax_on
from obieg.sales.content import LineContent, SaleContent

OSS, MARGIN = "P_13_5", "P_13_11"
_PRICE = Decimal("1E-8")  # TKwotowy2


@dataclass(frozen=True, slots=True)
class LineTotals:
    """In the draft's currency; zeros where the row does not say yet."""

    net: Decimal = ZERO
    tax: Decimal = ZERO
    gross: Decimal = ZERO


def line_totals(line: LineContent, content: SaleContent) -> LineTotals:
    """The amounts of a row, each rounded to grosze (rules in `totals`)."""
    value = value_of(line)
    if value is None:
        return LineTotals()
    percent = percent_of(line.rate, line.rate_oss)
    if has_gross_price(line, content):
        tax = tax_in(value, percent) if line.tax is None else line.tax
        return LineTotals(value - tax, tax, value)
    tax = tax_on(value, percent) if line.tax is None else line.tax
    return LineTotals(value, tax, value + tax)


def value_of(line: LineContent) -> Decimal | None:
    """P_11, or P_11A of gross prices; None where the row says neither amount nor price.

    A discount comes off the unit price: so in the Ministry's example 4 of FA(3).
    """
    if line.amount is not None:
        return to_grosze(line.amount)
    if line.price is None or line.quantity is None:
        return None
    return to_grosze(line.quantity * (line.price - (discount_of(line) or ZERO)))


def discount_of(line: LineContent) -> Decimal | None:
    """P_10, off the unit price; a percentage is counted to the eight places of the schema."""
    if line.discount is not None or line.discount_percent is None or line.price is None:
        return line.discount
    exact = line.price * line.discount_percent / HUNDRED
    return shortened(exact.quantize(_PRICE, ROUND_HALF_UP))


def shortened(number: Decimal) -> Decimal:
    """`number` without zeros at its end, but not as 1E+2."""
    short = number.normalize()
    return short if short == 0 or short.as_tuple().exponent <= 0 else short.quantize(Decimal(1))  # type: ignore[operator] # finite: an integer


def has_gross_price(line: LineContent, content: SaleContent) -> bool:
    """Whether the row's price holds the tax; under a margin scheme it always does."""
    return content.prices == "gross" or sum_field(line, content) == MARGIN


def sum_field(line: LineContent, content: SaleContent) -> str:
    """The P_13_x that gathers the row; empty where its rate is not said yet, or unknown."""
    if line.rate in SUM_BY_RATE:
        return SUM_BY_RATE[line.rate].net
    if line.rate:
        return ""
    if line.rate_oss is not None:
        return OSS
    return MARGIN if content.annotations.margin else ""
