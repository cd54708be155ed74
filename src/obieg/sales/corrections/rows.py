"""Rows of a correction: pairs of states, or differences."""

from collections.abc import Sequence
from decimal import Decimal

from obieg.core.money import ZERO
from obieg.sales.amounts import discount_of, value_of
from obieg.sales.content import LineContent


def pairs(before: Sequence[LineContent], after: Sequence[LineContent]) -> tuple[LineContent, ...]:
    """Each row as it was and as it is, by its number; new rows at the end."""
    now = {row.number: row for row in after}
    found: list[LineContent] = []
    for row in before:
        found.append(row.model_copy(update={"before": True, "attributes": ()}))
        if row.number in now:
            found.append(now.pop(row.number))
    return (*found, *now.values())


def differences(
    before: Sequence[LineContent], after: Sequence[LineContent]
) -> tuple[LineContent, ...]:
    """What changed, as rows to be added to those before; rows that stay are left out."""
    now = {row.number: row for row in after}
    found: list[LineContent] = []
    for row in before:
        new = now.pop(row.number, None)
        if new is None:
            found.append(reversed_row(row))
        elif _rate(new) != _rate(row):
            found.extend((reversed_row(row), new.model_copy(update={"number": None})))
        elif not _same(row, new):
            found.append(_difference(row, new))
    return (*found, *now.values())


def zeroed(row: LineContent) -> LineContent:
    """The row with nothing left of it."""
    if row.price is not None and row.quantity is not None:
        changes = {"quantity": ZERO, "amount": None}
    else:
        changes = {"amount": None if value_of(row) is None else ZERO}
    return row.model_copy(update={**changes, "tax": None if row.tax is None else ZERO})


def reversed_row(row: LineContent) -> LineContent:
    """The row with minus."""
    value = value_of(row)
    changes: dict[str, object] = {"tax": None if row.tax is None else -row.tax, "attributes": ()}
    if row.quantity is not None:
        changes["quantity"] = -row.quantity
    if row.amount is not None or row.price is None or row.quantity is None:
        changes["amount"] = None if value is None else -value
    return row.model_copy(update=changes)


def combined(row: LineContent, difference: LineContent) -> LineContent:
    """`row` after a correction by `difference`."""
    value = (value_of(row) or ZERO) + (value_of(difference) or ZERO)
    tax = None if row.tax is None else row.tax + (difference.tax or ZERO)
    if difference.price is not None and _price(row) != _price(difference):
        changes = {"price": _price(row) + _price(difference), "discount": None}
        changes["quantity"] = row.quantity
    else:
        changes = {"quantity": (row.quantity or ZERO) + (difference.quantity or ZERO)}
    return _worth(row.model_copy(update={**changes, "discount_percent": None, "tax": tax}), value)


def _difference(row: LineContent, new: LineContent) -> LineContent:
    """Of the quantity at the same price, of the price for the same quantity, else of the value."""
    value = (value_of(new) or ZERO) - (value_of(row) or ZERO)
    tax = None if new.tax is None else new.tax - (row.tax or ZERO)
    changes: dict[str, object] = {"tax": tax, "attributes": ()}
    if _price(row) == _price(new):
        changes["quantity"] = (new.quantity or ZERO) - (row.quantity or ZERO)
    elif row.quantity == new.quantity:
        changes |= {"price": _price(new) - _price(row), "discount": None, "discount_percent": None}
    else:
        changes |= {"price": None, "quantity": None, "discount": None, "discount_percent": None}
    return _worth(new.model_copy(update=changes), value)


def _worth(row: LineContent, value: Decimal) -> LineContent:
    """`row` with its value stated where price and quantity do not give it."""
    row = row.model_copy(update={"amount": None})
    return row if value_of(row) == value else row.model_copy(update={"amount": value})


def _price(row: LineContent) -> Decimal:
    """The unit price less its discount."""
    return (row.price or ZERO) - (discount_of(row) or ZERO)


def _rate(row: LineContent) -> tuple[object, ...]:
    return row.rate, row.rate_oss


def _same(row: LineContent, new: LineContent) -> bool:
    return row.model_copy(update={"attributes": ()}) == new.model_copy(update={"attributes": ()})
