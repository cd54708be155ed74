"""Tables for the templates: columns as wide as their contents, letters as small as they must be."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from obieg.fa.pdf.letters import breakable, width, word_width
from obieg.fa.pdf.values import cell_text
from obieg.fa.pdf.words import Words
from obieg.fa.view import Table

PORTRAIT, LANDSCAPE = 510, 756  # pt between the margins
SIZES = (8.5, 8, 7.5, 7, 6.5, 6)  # pt
READABLE = 7  # pt; where a table asks for less, a page on its side is better

_GUTTER = 1.1  # em that a column needs besides its text
_TEXT = 22  # em that a column of text gets before it wraps
_HEAD = 0.92  # the heading's letters to the cells'
_LEAST = 2.6  # em


@dataclass(frozen=True, slots=True)
class Column:
    """What a table says about one column; `need` is in em."""

    label: str
    right: bool
    need: float
    grows: bool  # its text wraps, and it takes what room is left


def laid_out(
    columns: Sequence[Column], rows: list[list[str]], room: float = PORTRAIT, *, fill: bool = False
) -> dict[str, Any]:
    """A table as the templates take it; with `fill` it takes all the room there is."""
    size = next((size for size in SIZES if _total(columns) * size <= room), None)
    if size is None:
        share = room / SIZES[-1] / _total(columns)
        widths = [{"value": column.need, "fr": True} for column in columns]
        rooms = [column.need * share - _GUTTER for column in columns]
        size = SIZES[-1]
    else:
        growing = sum(column.need for column in columns if column.grows)
        left = room / size - _total(columns) + growing
        widths = [{"value": column.need, "fr": fill or column.grows} for column in columns]
        rooms = [left * c.need / growing - _GUTTER if c.grows else c.need for c in columns]
    return {
        "size": size,
        "columns": [
            {"label": breakable(column.label, have / _HEAD), "right": column.right, "width": given}
            for column, given, have in zip(columns, widths, rooms, strict=True)
        ],
        "rows": [[_fitted(text, rooms, n) for n, text in enumerate(row)] for row in rows],
    }


def plain_table(
    table: Table, words: Words, room: float = PORTRAIT, *, fill: bool = False
) -> dict[str, Any]:
    """Any table of the view; cells beyond the headings get a column without one."""
    rows = [[cell_text(cell, words) for cell in row] for row in table.rows]
    totals = [cell_text(cell, words) for cell in table.totals]
    columns = columns_of(table, rows, totals, words)
    for row in rows:
        row.extend([""] * (len(columns) - len(row)))
    totals += [""] * (len(columns) - len(totals) if totals else 0)
    laid = laid_out(columns, [*rows, totals] if totals else rows, room, fill=fill)
    return laid | {
        "title": words.label(table.title),
        "totals": laid["rows"].pop() if totals else [],
    }


def columns_of(
    table: Table, rows: list[list[str]], totals: list[str], words: Words
) -> list[Column]:
    """The columns of `table`, each with the room that its longest cell asks for."""
    count = max(len(table.columns), len(totals), *(len(row) for row in rows), 1)
    found = []
    for n in range(count):
        heading = table.columns[n] if n < len(table.columns) else None
        label = ""
        if heading:
            label = heading.label if heading.path else words.label(heading.label)
        cells = [row[n] for row in (*rows, totals) if n < len(row)]
        found.append(column(label, cells, right=bool(heading and heading.numeric)))
    return found


def column(label: str, cells: Sequence[str], *, right: bool) -> Column:
    """A column for `cells`; numbers never wrap, texts do when they are long."""
    wanted = max((width(cell) for cell in cells), default=0)
    head = word_width(label) * _HEAD
    grows = not right and wanted > _TEXT
    need = max(min(wanted, _TEXT) if grows else wanted, min(head, _TEXT), _LEAST - _GUTTER)
    return Column(label, right, need + _GUTTER, grows)


def least_size(table: Table, words: Words) -> float:
    """The size of letters with which `table` would stand on an upright page."""
    size: float = plain_table(table, words)["size"]
    return size


def _total(columns: Sequence[Column]) -> float:
    return sum(column.need for column in columns)


def _fitted(text: str, rooms: list[float], n: int) -> str:
    return breakable(text, rooms[n]) if n < len(rooms) else text
