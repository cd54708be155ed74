"""From the rows of a table to drafts' contents, every mistake at its row."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, NamedTuple

from pydantic import ValidationError

from obieg.sales.columns import columns_of
from obieg.sales.content import SaleContent
from obieg.sales.content_errors import explain
from obieg.sales.errors import AmountTooLarge
from obieg.sales.importing.cells import CellError
from obieg.sales.importing.columns import BY_HEADING, BY_PLACE, DOCUMENT, LINE, Column
from obieg.sales.importing.sheets import Row


class RowError(NamedTuple):
    """What is wrong in a row; `column` is a heading, or empty."""

    row: int
    column: str
    text: str


@dataclass(slots=True)
class TableDocument:
    """One invoice of the table: its content, or the errors of its rows."""

    key: str
    rows: list[int]
    digest: str  # of its cells: the same document in another file is known by it
    content: SaleContent | None = None
    errors: list[RowError] = field(default_factory=list)


def read_documents(rows: Iterable[Row]) -> list[TableDocument]:
    """The documents of the table in order; rows of one document stand together."""
    documents = [_document(key, list(group)) for key, group in groupby(rows, key=_key_of)]
    seen: dict[str, TableDocument] = {}
    for document in documents:
        earlier = seen.setdefault(document.key, document)
        if document.key and earlier is not document:
            where = earlier.rows[-1]
            words = f"wiersze dokumentu „{document.key}” nie stoją razem (poprzednie: {where})"
            document.errors.append(RowError(document.rows[0], DOCUMENT, words))
            document.content = None
    return documents


def _key_of(row: Row) -> str:
    return row.cells.get(DOCUMENT.casefold(), "")


def _document(key: str, rows: list[Row]) -> TableDocument:
    document = TableDocument(key, [row.number for row in rows], _digest(rows))
    if not key:
        document.errors = [
            RowError(row.number, DOCUMENT, "wpisz numer kolejny albo inny klucz dokumentu")
            for row in rows
        ]
        return document
    raw = _gather(rows, document.errors)
    if document.errors:
        return document
    try:
        content = SaleContent.model_validate(raw)
        columns_of(content)
    except ValidationError as error:
        document.errors = list(_placed(error, rows))
    except AmountTooLarge as error:
        document.errors = [RowError(document.rows[0], "", str(error))]
    else:
        document.content = content
    return document


def _digest(rows: list[Row]) -> str:
    written = json.dumps([sorted(row.cells.items()) for row in rows])
    return hashlib.sha256(written.encode()).hexdigest()[:32]


def _gather(rows: list[Row], errors: list[RowError]) -> dict[str, Any]:
    """The raw content; the document's own columns are taken from the first row that has them."""
    raw: dict[str, Any] = {"lines": []}
    written: dict[str, str] = {}
    for row in rows:
        line: dict[str, Any] = {}
        for heading, cell in row.cells.items():
            column = BY_HEADING.get(heading)
            if column is None:
                continue
            if not column.is_of_line and not _is_new(column, row, cell, written, errors):
                continue
            try:
                value = column.read(cell)
            except CellError as error:
                errors.append(RowError(row.number, column.heading, str(error)))
                continue
            if column.is_of_line:
                line[column.place[1]] = value
            else:
                _put(raw, column.place, value)
        raw["lines"].append(line)
    _complete(raw)
    return raw


def _is_new(
    column: Column, row: Row, cell: str, written: dict[str, str], errors: list[RowError]
) -> bool:
    """Whether this row is the first that says it; a later one may only repeat it."""
    if (first := written.get(column.heading)) is None:
        written[column.heading] = cell
        return True
    if first != cell:
        words = f"inna wartość niż wyżej w tym dokumencie („{first}”)"
        errors.append(RowError(row.number, column.heading, words))
    return False


def _put(raw: dict[str, Any], place: tuple[str, ...], value: Any) -> None:
    for step in place[:-1]:
        raw = raw.setdefault(step, {})
    raw[place[-1]] = value


def _complete(raw: dict[str, Any]) -> None:
    """What one cell says and the content has as a list or a pair."""
    payment = raw.get("payment", {})
    if "terms" in payment:
        payment["terms"] = [{"due": payment["terms"]}]
    if "accounts" in payment:
        payment["accounts"] = [{"number": payment["accounts"].replace(" ", "")}]
    if raw.get("annotations", {}).get("exempt_basis"):
        raw["annotations"]["exempt_by"] = "act"


def _placed(error: ValidationError, rows: list[Row]) -> Iterator[RowError]:
    for place, text in explain(error):
        row = rows[0].number
        names = tuple(step for step in place if isinstance(step, str))
        if place[:1] == (LINE,) and len(place) > 1 and isinstance(place[1], int):
            row = rows[place[1]].number
        column = BY_PLACE.get(names)
        yield RowError(row, column.heading if column else "", text)
