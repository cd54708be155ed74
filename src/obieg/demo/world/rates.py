"""Invented exchange rates that move a little from day to day."""

from datetime import date
from decimal import Decimal

AROUND = {"PLN": Decimal(1), "EUR": Decimal("4.2500"), "USD": Decimal("3.9100")}


def rate_of(currency: str, day: date) -> Decimal:
    """PLN for one unit of `currency` on a day."""
    if currency == "PLN":
        return AROUND[currency]
    return AROUND[currency] + Decimal(day.toordinal() % 17 - 8) / 1000
