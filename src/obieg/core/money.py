"""Amounts of money: exact decimals, rounded in one place, written the Polish way."""

from decimal import ROUND_HALF_UP, Context, Decimal

GROSZ = Decimal("0.01")
ZERO = Decimal(0)
NBSP = "\N{NO-BREAK SPACE}"
_WIDE = Context(prec=80)  # an absurd amount is for a check to refuse, not for the arithmetic


def to_grosze(amount: Decimal) -> Decimal:
    """`amount` in złote rounded to whole grosze, halves away from zero (art. 106e(11) VAT Act)."""
    return amount.quantize(GROSZ, ROUND_HALF_UP, _WIDE)


def format_amount(amount: Decimal, currency: str = "") -> str:
    """`amount` for the screen: `1 234,56 zł`; at least two decimals, none of them lost."""
    places = max(2, -int(amount.normalize().as_tuple().exponent))
    grouped = f"{amount:,.{places}f}".replace(",", NBSP).replace(".", ",")
    if not currency:
        return grouped
    return f"{grouped}{NBSP}{'zł' if currency == 'PLN' else currency}"


def plain(amount: Decimal) -> str:
    """`amount` for files: decimal comma, no grouping, at least two decimals."""
    return format_amount(amount).replace(NBSP, "")
