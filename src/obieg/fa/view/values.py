"""How a value of the model is written on the screen."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from obieg.core.money import NBSP, format_amount
from obieg.core.polish import WARSAW, format_date
from obieg.fa.view.codes import meaning
from obieg.fa.view.page import Value

PERCENT = frozenset({"Udzial", "P_12_XII", "P_12Z_XII"})
PLAIN_NUMBERS = frozenset(
    {"P_8B", "P_8BZ", "KursWaluty", "KursWalutyZ", "KursWalutyZK", "KursWalutyZW", "KursUmowny"}
)
RATES = frozenset({"P_12", "P_12Z"})


def show(element: str, value: Any, path: str, currency: str = "") -> Value:
    """A value in full: a code with its meaning, an amount with the currency where given."""
    text, hint = _text(element, value, currency)
    return Value(f"{text} – {hint}" if hint else text, path)


def show_cell(element: str, value: Any, path: str) -> Value:
    """A value for a table's cell: a bare code, its meaning as a hint."""
    text, hint = _text(element, value, "")
    return Value(text, path, hint)


def _text(element: str, value: Any, currency: str) -> tuple[str, str]:
    if isinstance(value, bool):
        return ("tak" if value else "nie"), ""
    if isinstance(value, Decimal):
        return _number(element, value, currency), ""
    if isinstance(value, datetime):
        return format_moment(value), ""
    if isinstance(value, date):
        return format_date(value), ""
    text = str(value)
    if element in RATES and text.isdigit():
        return f"{text}%", ""
    return text, meaning(element, text)


def _number(element: str, value: Decimal, currency: str) -> str:
    if element in PERCENT:
        return f"{plain_number(value)}%"
    return plain_number(value) if element in PLAIN_NUMBERS else format_amount(value, currency)


def plain_number(value: Decimal) -> str:
    """A quantity or a rate: grouped, no more decimals than it has."""
    whole = value == value.to_integral_value()
    text = f"{value.quantize(Decimal(1)) if whole else value.normalize():,f}"
    return text.replace(",", NBSP).replace(".", ",")


def format_moment(moment: datetime) -> str:
    """An aware moment in Warsaw's time, to the second: 21.11.2026 08:15:03."""
    return f"{moment.astimezone(WARSAW):%d.%m.%Y %H:%M:%S}"
