"""Any record of the model as items and tables: nothing it holds can be missed."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from obieg.fa.model import Address
from obieg.fa.shape import Field, fields_of
from obieg.fa.view.labels import label_of
from obieg.fa.view.page import Heading, Item, Section, Table, Value
from obieg.fa.view.values import show, show_cell

_ALWAYS_TABLES = frozenset(
    {"Obciazenia", "Odliczenia", "ZaplataCzesciowa", "RachunekBankowyFaktora"}
)  # their columns' names mean nothing without the caption
_LAST_COLUMNS = frozenset({"UU_ID", "UU_IDZ"})

Cells = dict[str, tuple[Any, str]]  # element: value and path


@dataclass(frozen=True, slots=True)
class Slot:
    """A field of a record together with what it holds and where in the document it lies."""

    field: Field
    value: Any
    path: str

    @property
    def element(self) -> str:
        return self.field.path[-1]

    @property
    def label(self) -> str:
        return label_of(*self.field.path[-2:])

    @property
    def entries(self) -> tuple[tuple[Any, str], ...]:
        """The values of a repeated field, each with its own path."""
        if len(self.value) == 1:
            return ((self.value[0], self.path),)
        return tuple((one, f"{self.path}[{n}]") for n, one in enumerate(self.value, 1))


def slots_of(record: Any, base: str) -> Iterator[Slot]:
    """The fields of `record` that say something, in the schema's order."""
    for field in fields_of(type(record)):
        value = getattr(record, field.name)
        if value is None or value == () or value == "":
            continue
        if value is False and field.default is False:
            continue
        yield Slot(field, value, "/".join((base, *field.path) if base else field.path))


def section_of(key: str, title: str, record: Any, base: str, currency: str = "") -> Section:
    """`record` as a section: leaves as items, repeated records as tables, others as parts."""
    items: list[Item] = []
    tables: list[Table] = []
    parts: list[Section] = []
    for slot in slots_of(record, base) if record is not None else ():
        if slot.field.codec:
            items.append(item_of(slot, currency))
        elif slot.field.many:
            _many(slot, currency, items, tables, parts)
        else:
            _one(slot.element, slot.value, slot.path, currency, items, parts)
    return Section(key, title, tuple(items), tuple(tables), tuple(parts))


def table_of(title: str, entries: tuple[tuple[Any, str], ...]) -> Table:
    """Records of one kind as rows; a column that no row fills is left out."""
    rows = [_cells(record, path) for record, path in entries]
    order = dict.fromkeys(field.path[-1] for field in fields_of(type(entries[0][0])))
    columns = [name for name in order if any(name in row for row in rows)]
    columns.sort(key=lambda name: name in _LAST_COLUMNS)
    headings = tuple(
        Heading(label_of(name), numeric=any(_is_number(row.get(name)) for row in rows))
        for name in columns
    )
    return Table(
        title, headings, tuple(tuple(_cell(row, name) for name in columns) for row in rows)
    )


def address_item(label: str, address: Address, path: str) -> Item:
    """An address as one item of several lines, the country after them."""
    slots = sorted(slots_of(address, path), key=lambda slot: slot.element == "KodKraju")
    return Item(label, tuple(show(slot.element, slot.value, slot.path) for slot in slots))


def item_of(slot: Slot, currency: str) -> Item:
    """A leaf, or a repeated one, as one item."""
    entries = slot.entries if slot.field.many else ((slot.value, slot.path),)
    values = tuple(show(slot.element, value, path, currency) for value, path in entries)
    return Item(slot.label, values)


def _many(
    slot: Slot, currency: str, items: list[Item], tables: list[Table], parts: list[Section]
) -> None:
    label = slot.label
    if _is_flat(slot.value[0]) and (len(slot.value) > 1 or slot.element in _ALWAYS_TABLES):
        tables.append(table_of(label, slot.entries))
        return
    for value, path in slot.entries:
        _one(slot.element, value, path, currency, items, parts)


def _one(
    element: str, value: Any, path: str, currency: str, items: list[Item], parts: list[Section]
) -> None:
    label = label_of(element)
    if isinstance(value, Address):
        items.append(address_item(label, value, path))
        return
    inner = section_of(element.lower(), label, value, path, currency)
    if _is_flat(value):
        items.extend(inner.items)
    elif inner:
        parts.append(inner)


def _cells(record: Any, base: str) -> Cells:
    return {slot.element: (slot.value, slot.path) for slot in slots_of(record, base)}


def _cell(row: Cells, name: str) -> Value | None:
    if name not in row:
        return None
    value, path = row[name]
    return show_cell(name, value, path)


def _is_number(cell: tuple[Any, str] | None) -> bool:
    return cell is not None and isinstance(cell[0], Decimal)


def _is_flat(record: Any) -> bool:
    return all(field.codec and not field.many for field in fields_of(type(record)))
