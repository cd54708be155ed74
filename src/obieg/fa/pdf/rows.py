"""The rows of an invoice or an order: figures in columns, the rest beneath the description."""

from dataclasses import dataclass
from typing import Any

from obieg.fa.pdf.tables import Column, column, laid_out
from obieg.fa.pdf.values import cell_text, element_of
from obieg.fa.pdf.words import Words
from obieg.fa.view import Table, Value

Row = tuple[Value | None, ...]

# in the order in which a buyer reads; those of an order in pairs with those of an invoice
_FIGURES = (
    *("NrWierszaFa", "NrWierszaZam", "P_7", "P_7Z", "P_8B", "P_8BZ", "P_8A", "P_8AZ"),
    *("P_9A", "P_9AZ", "P_9B", "P_10", "P_11", "P_11NettoZ", "P_12", "P_12Z"),
    *("P_12_XII", "P_12Z_XII", "P_11Vat", "P_11VatZ", "P_11A"),
)
_DESCRIPTIONS = frozenset({"P_7", "P_7Z"})
_BEFORE = frozenset({"StanPrzed", "StanPrzedZ"})
_IDENTIFIERS = frozenset({"UU_ID", "UU_IDZ"})
_ROOM = 15.0  # em that a description has at least


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows ready for the templates; `identifiers` (UU_ID) are for the small print."""

    tables: list[dict[str, Any]]
    identifiers: list[str]


def rows_of(table: Table, words: Words) -> Rows:
    """The rows of `table`: one table, or those before a correction and those after it."""
    elements = _elements(table)
    before = [row for row in table.rows if _named(row, elements, _BEFORE)]
    after = [row for row in table.rows if not _named(row, elements, _BEFORE)]
    titles = ("Stan przed korektą", "Stan po korekcie") if before else ("", "")
    tables = [
        _table(title, table, part, elements, words)
        for title, part in zip(titles, (before, after), strict=True)
        if part
    ]
    return Rows(tables, [_identifier(row, elements) for row in table.rows if _has_id(row)])


def _table(
    title: str, table: Table, rows: list[Row], elements: list[str], words: Words
) -> dict[str, Any]:
    shown = [name for name in _FIGURES if name in elements]
    described = next((name for name in shown if name in _DESCRIPTIONS), None)
    places = {name: n for n, name in enumerate(elements)}
    cells = [[cell_text(row[places[name]], words) for name in shown] for row in rows]
    details = [_details(row, table, elements, words) for row in rows]
    if described is None and any(details):
        described = "P_7"
        shown.insert(1, described)
        cells = [[*row[:1], "", *row[1:]] for row in cells]
    columns = [
        _column(name, table, [row[n] for row in cells], places, words)
        for n, name in enumerate(shown)
    ]
    at = shown.index(described) if described else -1
    return laid_out(columns, cells) | {
        "title": words.label(title),
        "details": details,
        "described": at,
        "totals": [],
    }


def _column(
    name: str, table: Table, cells: list[str], places: dict[str, int], words: Words
) -> Column:
    heading = table.columns[places[name]] if name in places else None
    label = words.label(heading.label) if heading else ""
    if name in _DESCRIPTIONS:
        return Column(label, right=False, need=_ROOM, grows=True)
    return column(label, cells, right=heading is not None and _is_figure(name, heading.numeric))


def _is_figure(name: str, numeric: bool) -> bool:
    return numeric or name in ("P_12", "P_12Z")


def _details(row: Row, table: Table, elements: list[str], words: Words) -> list[list[str]]:
    """Label and text of every cell that has no column of its own."""
    apart = _BEFORE | _IDENTIFIERS | set(_FIGURES)
    return [
        [words.label(heading.label), cell_text(cell, words)]
        for cell, name, heading in zip(row, elements, table.columns, strict=True)
        if cell and name not in apart
    ]


def _elements(table: Table) -> list[str]:
    """The element of each column, from the first row that fills it."""
    return [
        next(name for row in table.rows if (name := element_of(row[n])))
        for n in range(len(table.columns))
    ]


def _named(row: Row, elements: list[str], names: frozenset[str]) -> Value | None:
    return next((c for c, name in zip(row, elements, strict=True) if c and name in names), None)


def _has_id(row: Row) -> bool:
    return any(element_of(cell) in _IDENTIFIERS for cell in row)


def _identifier(row: Row, elements: list[str]) -> str:
    """Number and UU_ID of a row: `1: aaaa111133339990`."""
    number = _named(row, elements, frozenset({"NrWierszaFa", "NrWierszaZam"}))
    identifier = _named(row, elements, _IDENTIFIERS)
    texts = (cell.text for cell in (number, identifier) if cell)
    return ": ".join(texts)
