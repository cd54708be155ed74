"""An invoice on paper: what matters at its place, and after it whatever else the view holds."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from obieg.core.money import ZERO, format_amount
from obieg.core.polish import format_date
from obieg.fa.model import Invoice
from obieg.fa.pdf.blocks import block, items
from obieg.fa.pdf.codes import Code, drawn
from obieg.fa.pdf.rows import rows_of
from obieg.fa.pdf.tables import LANDSCAPE, PORTRAIT, READABLE, least_size, plain_table
from obieg.fa.pdf.values import element_of
from obieg.fa.pdf.words import Words
from obieg.fa.view import Item, Section, Table, Value, View
from obieg.fa.view.codes import KINDS
from obieg.fa.view.records import item_of, slots_of, table_of

_IN_TITLE = frozenset({"P_2", "RodzajFaktury"})
_SMALL_SETTLEMENT = 8  # rows that stand above the amount due; more have a section of their own
_PARTIES = ("sprzedawca", "nabywca", "podmiot-trzeci", "podmiot-upowazniony")
_IN_ITS_OWN_BLOCK = frozenset({"P_15"})
_TERM = ("Ilosc", "Jednostka", "ZdarzeniePoczatkowe")
_SHORT_LIST = 4  # rows
_HALF = 230  # pt: half of a page


@dataclass(slots=True)
class Stack:
    """The sections of a view, taken off as they find their place."""

    left: list[Section]

    def take(self, *keys: str) -> list[Section]:
        taken = [section for section in self.left if section.key in keys]
        self.left = [section for section in self.left if section.key not in keys]
        return taken

    def one(self, key: str) -> Section:
        return next(iter(self.take(key)), Section(key, ""))


def invoice_sheet(
    invoice: Invoice, shown: View, *, codes: Sequence[Code], note: str, words: Words
) -> dict[str, Any]:
    """The data of `invoice.typ`. What no place below asks for is printed after all the others."""
    stack = Stack(list(shown.sections))
    document = stack.one("dokument")
    small: list[Item] = []
    data = {
        **_heading(invoice, shown, document, note, words),
        "parties": [_party(section, small, words) for section in stack.take(*_PARTIES)],
        "before": [block(section, words) for section in stack.take("korekta")],
        "lines": _lines(stack.one("pozycje"), small, words),
        "order": _order(invoice, stack.one("zamowienie"), small, words),
        "sums": _sums(stack.one("podsumowanie"), words),
        "due": _due(invoice, words),
        "codes": [drawn(code) for code in codes],
        **_settlement(stack, words),
        **_payment(stack.one("platnosc"), words),
    }
    marks, annotations = _annotations(stack.one("adnotacje"), small)
    technical = [*stack.one("techniczne").items]
    attachment = stack.one("zalacznik")
    footer = next(
        (one for one in stack.left if one.key == "stopka" and not (one.tables or one.parts)), None
    )
    if footer:
        stack.take("stopka")
    data["marks"] += [words.label(mark) for mark in marks]
    data["sections"] = [block(one, words) for one in (annotations, *stack.left) if one]
    data["footer"] = items(footer.items, words) if footer else []
    data["attachment"] = _attachment(attachment, words)
    data["small"] = items([*_gathered(small), *technical], words)
    return data


def _heading(
    invoice: Invoice, shown: View, document: Section, note: str, words: Words
) -> dict[str, Any]:
    """Title, facts and marks: every leaf of Fa that is in neither is shown with the amount due."""
    kept = [
        one
        for one in document.items
        if one.values[0].path and element_of(one.values[0]) not in _IN_TITLE | _IN_ITS_OWN_BLOCK
    ]
    marks = [one for one in kept if one.value == "tak"]
    number = [Item("Numer KSeF", (Value(shown.ksef_number),))] if shown.ksef_number else []
    return {
        "kind": words.label(KINDS.get(invoice.kind, invoice.kind)),
        "number": invoice.number,
        "title": shown.title,
        "author": invoice.seller.name or "—",
        "subject": shown.ksef_number,
        "note": note,
        "bilingual": words.bilingual,
        "facts": items([*(one for one in kept if one not in marks), *number], words),
        "marks": [words.label(one.label) for one in marks],
        "attached": f"{shown.ksef_number or 'faktura'}.xml",
    }


def _party(section: Section, small: list[Item], words: Words) -> dict[str, Any]:
    """A party: its name apart, its „nie” in the small print."""
    no = [one for one in section.items if one.value == "nie"]
    title = words.label(section.title)
    small += [Item(f"{title}: {words.label(one.label)}", one.values) for one in no]
    name = next((one.value for one in section.items if one.label == "Nazwa"), "")
    rest = [one for one in section.items if one not in no and one.label != "Nazwa"]
    return block(replace(section, items=tuple(rest)), words) | {"name": name}


def _lines(section: Section, small: list[Item], words: Words) -> list[dict[str, Any]]:
    if not section.tables:
        return []
    lines, *differences = section.tables
    rows = rows_of(lines, words)
    _identify(rows.identifiers, small)
    return [*rows.tables, *(plain_table(table, words) for table in differences)]


def _order(
    invoice: Invoice, section: Section, small: list[Item], words: Words
) -> dict[str, Any] | None:
    """The order of an advance, its rows laid out as an invoice's."""
    if not section or invoice.order is None:
        return None
    slots = list(slots_of(invoice.order, "Fa/Zamowienie"))
    leaves = [item_of(slot, invoice.currency) for slot in slots if slot.field.codec]
    found = [rows_of(table_of("", s.entries), words) for s in slots if not s.field.codec]
    for rows in found:
        _identify(rows.identifiers, small)
    return {
        "title": words.label(section.title),
        "items": items(leaves, words),
        "tables": [table for rows in found for table in rows.tables],
    }


def _sums(section: Section, words: Words) -> dict[str, Any] | None:
    if not section.tables:
        return None
    return plain_table(section.tables[0], words, _HALF, fill=True) | {
        "title": words.label(section.title)
    }


def _settlement(stack: Stack, words: Words) -> dict[str, Any]:
    """Rozliczenie above the amount due, or among the other sections where it is long."""
    section = next((one for one in stack.left if one.key == "rozliczenie"), None)
    if section is None or _count(section) > _SMALL_SETTLEMENT:
        return {"settlement": None}
    stack.take("rozliczenie")
    shown = [one for one in section.items if element_of(one.values[0]) != "DoZaplaty"]
    section = replace(section, items=tuple(shown))
    return {"settlement": block(section, words, _HALF, fill=True)}


def _payment(section: Section, words: Words) -> dict[str, Any]:
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


def _due(invoice: Invoice, words: Words) -> dict[str, Any]:
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


def _annotations(section: Section, small: list[Item]) -> tuple[list[str], Section]:
    """What applies, by name, and the bases that it needs; what does not, in the small print."""
    marks = [one.label for one in section.items if one.value == "tak"]
    small += [one for one in section.items if one.label == "Nie dotyczy"]
    others = [one for one in section.items if one.value != "tak" and one.label != "Nie dotyczy"]
    return marks, replace(section, items=tuple(others))


def _attachment(section: Section, words: Words) -> dict[str, Any] | None:
    """The attachment; on its side where upright its tables could not be read."""
    if not section:
        return None
    sizes = [least_size(table, words) for table in _tables(section)]
    turned = min(sizes, default=READABLE) < READABLE
    room = LANDSCAPE if turned else PORTRAIT
    return block(section, words, room) | {"turned": turned}


def _gathered(small: list[Item]) -> list[Item]:
    """The small print, each label once."""
    together: dict[str, tuple[Value, ...]] = {}
    for one in small:
        together[one.label] = (*together.get(one.label, ()), *one.values)
    return [Item(label, values) for label, values in together.items()]


def _identify(identifiers: list[str], small: list[Item]) -> None:
    if identifiers:
        values = tuple(Value(text) for text in identifiers)
        small.append(Item("Identyfikatory wierszy", values))


def _is_narrow(table: Table) -> bool:
    """Whether a short list says as much as the table, such as that of two due dates."""
    return len(table.columns) == 1 and len(table.rows) <= _SHORT_LIST


def _as_item(table: Table) -> Item:
    return Item(table.title, tuple(cell for row in table.rows for cell in row if cell))


def _tables(section: Section) -> list[Table]:
    return [*section.tables, *(table for part in section.parts for table in _tables(part))]


def _count(section: Section) -> int:
    return len(section.items) + sum(len(table.rows) for table in section.tables)


def _money(amount: Decimal, invoice: Invoice) -> str:
    return format_amount(amount, invoice.currency)
