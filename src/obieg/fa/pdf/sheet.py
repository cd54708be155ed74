"""An invoice on paper: what matters at its place, and after it whatever else the view holds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from obieg.fa.model import Invoice
from obieg.fa.pdf.blocks import block, items
from obieg.fa.pdf.codes import Code, drawn
from obieg.fa.pdf.payment import HALF, amount_due, is_small, payment_blocks, settlement_block
from obieg.fa.pdf.rows import rows_of
from obieg.fa.pdf.tables import LANDSCAPE, PORTRAIT, READABLE, least_size, plain_table
from obieg.fa.pdf.values import element_of
from obieg.fa.pdf.words import Words
from obieg.fa.view import Item, Section, Table, Value, View
from obieg.fa.view.codes import KINDS
from obieg.fa.view.records import item_of, slots_of, table_of

_IN_TITLE = frozenset({"P_2", "RodzajFaktury"})
_PARTIES = ("sprzedawca", "nabywca", "podmiot-trzeci", "podmiot-upowazniony")
_IN_ITS_OWN_BLOCK = frozenset({"P_15"})


@dataclass(slots=True)
class Stack:
    """The sections of a view, taken off as they find their place."""

    left: list[Section]

    def take(self, *keys: str) -> list[Section]:
        taken = [section for section in self.left if section.key in keys]
        self.left = [section for section in self.left if section.key not in keys]
        return taken

    def one(self, key: str) -> Section:
        return self.one_if(key, bool)

    def one_if(self, key: str, fits: Callable[[Section], bool]) -> Section:
        """The section `key` if it is there and fits its place; else an empty one."""
        found = next((section for section in self.left if section.key == key), None)
        if found is None or not fits(found):
            return Section(key, "")
        self.left.remove(found)
        return found


def invoice_sheet(
    invoice: Invoice, shown: View, *, codes: Sequence[Code], note: str, words: Words
) -> dict[str, Any]:
    """The data of `invoice.typ`. What no place below asks for is printed after all the others."""
    stack = Stack(list(shown.sections))
    document = stack.one("dokument")
    settlement = stack.one_if("rozliczenie", is_small)
    footer = stack.one_if("stopka", _is_plain)
    attachment = stack.one("zalacznik")
    small: list[Item] = []
    data = {
        **_heading(invoice, shown, document, note, words),
        "parties": [_party(section, small, words) for section in stack.take(*_PARTIES)],
        "before": [block(section, words) for section in stack.take("korekta")],
        "lines": _lines(stack.one("pozycje"), small, words),
        "order": _order(invoice, stack.one("zamowienie"), small, words),
        "sums": _sums(stack.one("podsumowanie"), words),
        "due": amount_due(invoice, words),
        "codes": [drawn(code) for code in codes],
        "settlement": settlement_block(settlement, words) if settlement else None,
        **payment_blocks(stack.one("platnosc"), words),
    }
    marks, annotations = _annotations(stack.one("adnotacje"), small)
    technical = stack.one("techniczne").items
    data["marks"] += [words.label(mark) for mark in marks]
    data["sections"] = [block(one, words) for one in (annotations, *stack.left) if one]
    data["footer"] = items(footer.items, words)
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
    return plain_table(section.tables[0], words, HALF, fill=True) | {
        "title": words.label(section.title)
    }


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


def _is_plain(section: Section) -> bool:
    """Whether a section holds nothing but labels and values."""
    return bool(section.items) and not section.tables and not section.parts


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


def _tables(section: Section) -> list[Table]:
    return [*section.tables, *(table for part in section.parts for table in _tables(part))]
