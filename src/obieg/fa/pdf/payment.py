"""What is paid, how, and what is left: the part of a sheet that a buyer looks for first."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from obieg.core.money import ZERO, format_amount
from obieg.core.polish import format_date
from obieg.fa.model import Invoice
from obieg.fa.pdf.blocks import block
from obieg.fa.pdf.values import element_of
from obieg.fa.pdf.words import Words
from obieg.fa.view import Item, Section, Table, Value

HALF = 230  # pt: half of a page

_SMALL_SETTLEMENT = 8  # rows that stand above the amount due; more have a section of their own
_SHORT_LIST = 4  # rows
_TERM = ("Ilosc", "Jednostka", "ZdarzeniePoczatkowe")


def payment_blocks(section: Section, words: Words) -> dict[str, Any]:
    """Payment beside the sums; its tables need the whole width below."""
    narrow = tuple(table for table in section.tables if _is_narrow(table))
    below = tuple(table for table in section.tables if table not in narrow)
    listed = tuple(map(_as_item, narrow))
    beside = replace(section, items=(*listed, *_described_term(section.items)), tables=())
    return {
        "payment": block(beside, words) if beside else None,
        "payment_tables": block(replace(section, tables=below), words)["tables"],
    }


def _described_term(found: tuple[Item, ...]) -> list[Item]:
    """The items with a term in words as one of them: „30 dni od: otrzymanie faktury”."""
    parts = {element_of(one.values[0]): one.value for one in found}
    if not parts.keys() >= set(_TERM):
        return list(found)
    count, unit, event = (parts[element] for element in _TERM)
    whole = Item("Termin płatności", (Value(f"{count} {unit} od: {event}", "Termin"),))
    return [whole, *(one for one in found if element_of(one.values[0]) not in _TERM)]


def is_small(settlement: Section) -> bool:
    """Whether Rozliczenie fits above the amount due, and need not stand among the sections."""
    rows = sum(len(table.rows) for table in settlement.tables)
    return not settlement.parts and 0 < len(settlement.items) + rows <= _SMALL_SETTLEMENT


def settlement_block(section: Section, words: Words) -> dict[str, Any]:
    """Rozliczenie less its DoZaplaty, which is the amount due."""
    shown = [one for one in section.items if element_of(one.values[0]) != "DoZaplaty"]
    section = replace(section, items=tuple(shown))
    return block(section, words, HALF, fill=True)


def amount_due(invoice: Invoice, words: Words) -> dict[str, Any]:
    """The amount due, in large letters; P_15 above it where the two differ."""
    due, total = invoice.amount_due, invoice.total
    label = "Do zapłaty"
    if due < 0:
        label = "Do zwrotu"
    elif invoice.payment.is_paid or _paid_in_part(invoice):
        label = "Należność ogółem"
    differs = due != total or due < 0
    return {
        "label": words.label(label),
        "amount": _money(abs(due), invoice),
        "total_label": words.label("Należność ogółem"),
        "total": _money(total, invoice) if differs else "",
        "until": _until(invoice, words),
        "paid": _paid(invoice, words),
    }


def _until(invoice: Invoice, words: Words) -> str:
    """The day of payment where there is just one, and something to pay."""
    if len(invoice.due_dates) != 1 or invoice.payment.is_paid or invoice.amount_due <= 0:
        return ""
    return f"{words.label('Termin płatności')}: {format_date(invoice.due_dates[0])}"


def _paid(invoice: Invoice, words: Words) -> str:
    """What the issuer says is paid already, and what is then left."""
    if part := _paid_in_part(invoice):
        left = _money(invoice.amount_due - part, invoice)
        paid = f"{words.label('Zapłacono')}: {_money(part, invoice)}"
        return f"{paid} · {words.label('Pozostaje do zapłaty')}: {left}"
    if not invoice.payment.is_paid:
        return ""
    day = f" {format_date(invoice.payment.paid_on)}" if invoice.payment.paid_on else ""
    return f"{words.label('Zapłacono')}{day}"


def _paid_in_part(invoice: Invoice) -> Decimal:
    """The sum of partial payments that do not yet cover everything; else 0."""
    paid = sum((one.amount for one in invoice.payment.partial), ZERO)
    return paid if not invoice.payment.is_paid and ZERO < paid < invoice.amount_due else ZERO


def _is_narrow(table: Table) -> bool:
    """Whether a short list says as much as the table, such as that of two due dates."""
    return len(table.columns) == 1 and len(table.rows) <= _SHORT_LIST


def _as_item(table: Table) -> Item:
    return Item(table.title, tuple(cell for row in table.rows for cell in row if cell))


def _money(amount: Decimal, invoice: Invoice) -> str:
    return format_amount(amount, invoice.currency)
