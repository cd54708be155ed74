"""A plain document on paper: paragraphs, labelled facts and tables, each with its heading."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from obieg.fa.pdf.compiler import typeset
from obieg.fa.pdf.tables import LANDSCAPE, PORTRAIT, READABLE, Column, column, laid_out


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A text, with a heading above it where it has a title."""

    text: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels and their values, one below the other."""

    pairs: Sequence[tuple[str, str]]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text as wide as `headings`; the columns whose places are in `right` hold numbers."""

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    title: str = ""
    right: frozenset[int] = frozenset()


Part = Paragraph | Facts | Table


def plain_pdf(title: str, parts: Sequence[Part], *, foot: str, at: datetime | None = None) -> bytes:
    """A tagged A4 document with `foot` and the number at the bottom of every page.

    With `at` (aware), the document's date, it is PDF/A-3a; without it undated, and no PDF/A. It
    lies on its side where a table asks for that. The same input gives the same bytes; texts are
    never read as markup. Safe in threads.
    """
    turned = any(_is_wide(part) for part in parts if isinstance(part, Table))
    room = LANDSCAPE if turned else PORTRAIT
    data = {
        "title": title,
        "author": "Obieg",
        "foot": foot,
        "turned": turned,
        "dated": at is not None,
        "parts": [_data(part, room) for part in parts],
    }
    return typeset("plain.typ", data, at=at, xml=None)


def _data(part: Part, room: float) -> dict[str, Any]:
    match part:
        case Table():
            table = laid_out(_columns(part), [list(row) for row in part.rows], room, fill=True)
            told: dict[str, Any] = {"kind": "table", "table": table | {"title": "", "totals": []}}
        case Facts():
            told = {"kind": "facts", "pairs": [list(pair) for pair in part.pairs]}
        case Paragraph():
            told = {"kind": "text", "text": part.text}
    return told | {"title": part.title}


def _is_wide(table: Table) -> bool:
    size: float = laid_out(_columns(table), [])["size"]
    return size < READABLE


def _columns(table: Table) -> list[Column]:
    return [
        column(label, [row[place] for row in table.rows], right=place in table.right)
        for place, label in enumerate(table.headings)
    ]
