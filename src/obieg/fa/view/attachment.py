"""The attachment of an invoice: blocks of facts, paragraphs and typed tables."""

from obieg.fa.model import Attachment, Block
from obieg.fa.model import Row as AttachedRow
from obieg.fa.model import Table as AttachedTable
from obieg.fa.shape import fields_of
from obieg.fa.view.page import Heading, Item, Section, Table, Value
from obieg.fa.view.records import slots_of


def attachment_section(attachment: Attachment | None) -> Section:
    """Zalacznik, block by block."""
    blocks = attachment.blocks if attachment else ()
    several = len(blocks) > 1
    parts = (
        _block(block, f"Zalacznik/BlokDanych[{n}]" if several else "Zalacznik/BlokDanych", n)
        for n, block in enumerate(blocks, 1)
    )
    return Section("zalacznik", "Załącznik", parts=tuple(parts))


def _block(block: Block, path: str, number: int) -> Section:
    items = (
        [Item("Nagłówek", (Value(block.heading, f"{path}/ZNaglowek"),))] if block.heading else []
    )
    items += _facts(block, path)
    paragraphs = next((s for s in slots_of(block, path) if s.field.name == "paragraphs"), None)
    if paragraphs:
        texts = tuple(Value(text, where) for text, where in paragraphs.entries)
        items.append(Item("Tekst", texts))
    tables = next((s for s in slots_of(block, path) if s.field.name == "tables"), None)
    return Section(
        "blok",
        f"Blok danych {number}",
        tuple(items),
        tuple(_attached_table(table, where) for table, where in tables.entries) if tables else (),
    )


def _facts(holder: Block | AttachedTable, path: str) -> list[Item]:
    """Keys and values of a block or a table: both come from the document."""
    slot = next((s for s in slots_of(holder, path) if s.field.name == "facts"), None)
    if slot is None:
        return []
    found = []
    for fact, where in slot.entries:
        key, value = fields_of(type(fact))
        found.append(
            Item(
                fact.key,
                (Value(fact.value, f"{where}/{value.path[-1]}"),),
                path=f"{where}/{key.path[-1]}",
            )
        )
    return found


def _attached_table(table: AttachedTable, path: str) -> Table:
    """A typed table, its headings, cells and totals as written."""
    numeric = [column.type in ("dec", "int") for column in table.columns]
    several = len(table.columns) > 1
    headings = tuple(
        Heading(
            column.name,
            is_number,
            f"{path}/TNaglowek/Kol[{n}]/NKom" if several else f"{path}/TNaglowek/Kol/NKom",
        )
        for n, (column, is_number) in enumerate(zip(table.columns, numeric, strict=True), 1)
    )
    rows: list[tuple[Value | None, ...]] = []
    totals: tuple[Value | None, ...] = ()
    for slot in slots_of(table, path):
        if slot.field.name == "rows":
            rows = [_row(row, where) for row, where in slot.entries]
        if slot.field.name == "totals":
            totals = tuple(Value(text, where) for text, where in slot.entries)
    described = table.description
    items = [Item("Opis", (Value(described, f"{path}/Opis"),))] if described else []
    return Table("", headings, tuple(rows), totals, (*items, *_facts(table, path)))


def _row(row: AttachedRow, path: str) -> tuple[Value | None, ...]:
    slot = next(slots_of(row, path), None)
    return tuple(Value(text, where) for text, where in slot.entries) if slot else ()
