"""Rows of an invoice and of an order as the content holds them."""

from collections.abc import Iterable
from typing import Any

from obieg.core.money import to_grosze
from obieg.fa.model import ExtraDescription, Invoice, Line, OrderLine
from obieg.fa.rates import percent_of, tax_on
from obieg.sales.amounts import value_of
from obieg.sales.composing.numbers import Numbering
from obieg.sales.content import AttributeContent, LineContent

_ALIKE = (
    *("description", "index", "gtin", "pkwiu", "cn", "pkob", "unit", "quantity", "uuid"),
    *("rate", "rate_oss", "annex15", "excise", "gtu", "procedure", "before"),
)


def has_gross_prices(invoice: Invoice) -> bool:
    """Whether the rows give gross prices and no net ones."""
    gross = any(line.unit_gross is not None or line.gross is not None for line in invoice.lines)
    net = any(line.unit_net is not None or line.net is not None for line in invoice.lines)
    return gross and not net


def line_contents(
    invoice: Invoice,
) -> tuple[tuple[LineContent, ...], tuple[ExtraDescription, ...]]:
    """FaWiersz with their descriptions, and the descriptions of no row of the invoice or order."""
    gross = has_gross_prices(invoice)
    attributes = _attributes(invoice)
    numbering = Numbering()
    lines = tuple(
        _line(line, gross=gross, number=_own(numbering, line)).model_copy(
            update={"attributes": attributes.pop(line.number, ()) if not line.before else ()}
        )
        for line in invoice.lines
    )
    ordered = {line.number for line in invoice.order_lines if not line.before}
    placed = {line.number for line in invoice.lines if not line.before} | ordered
    return lines, tuple(one for one in invoice.extra if one.line_number not in placed)


def order_contents(invoice: Invoice) -> tuple[LineContent, ...]:
    """ZamowienieWiersz, with the descriptions that no row of the invoice has."""
    attributes = _attributes(invoice)
    for line in invoice.lines:
        attributes.pop(line.number, ())
    gross = has_gross_prices(invoice)
    numbering = Numbering()
    return tuple(
        _order_line(line, gross=gross, number=_own(numbering, line)).model_copy(
            update={"attributes": attributes.pop(line.number, ()) if not line.before else ()}
        )
        for line in invoice.order_lines
    )


def _attributes(invoice: Invoice) -> dict[int, tuple[AttributeContent, ...]]:
    found: dict[int, tuple[AttributeContent, ...]] = {}
    for one in invoice.extra:
        if one.line_number:
            attribute = AttributeContent(key=one.key, value=one.value)
            found[one.line_number] = (*found.get(one.line_number, ()), attribute)
    return found


def _own(numbering: Numbering, line: Line | OrderLine) -> int | None:
    """The number of a row, where it is not the one that it would get anyway."""
    expected = numbering.following(before=line.before)
    number = numbering.take(line.number or expected, before=line.before)
    return None if number == expected else number


def _line(line: Line, *, gross: bool, number: int | None) -> LineContent:
    gross = gross or (line.net is None and line.unit_net is None)
    content = LineContent(
        **_alike(line, _ALIKE),
        number=number,
        delivery_date=line.delivery_date,
        price=line.unit_gross if gross else line.unit_net,
        discount=line.discount,
        tax=line.tax,
    )
    given = line.gross if gross else line.net
    if given is None or value_of(content) == to_grosze(given):
        return content
    return content.model_copy(update={"amount": given})


def _order_line(line: OrderLine, *, gross: bool, number: int | None) -> LineContent:
    """Net by the schema; where the invoice's own prices are gross, only the gross amount stays."""
    content = LineContent(**_alike(line, _ALIKE), number=number)
    if gross:
        return content.model_copy(update={"amount": line.gross_amount, "tax": line.tax_amount})
    changes: dict[str, Any] = {"price": line.unit_net}
    if value_of(content.model_copy(update=changes)) != line.net:
        changes["amount"] = line.net
    if line.tax not in (None, tax_on(line.net_amount, percent_of(line.rate, line.rate_oss))):
        changes["tax"] = line.tax
    return content.model_copy(update=changes)


def _alike(line: Line | OrderLine, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(line, name) for name in names}
