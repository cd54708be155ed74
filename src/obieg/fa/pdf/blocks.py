"""Sections of the view as the templates take them: every item, table and part of them."""

from collections.abc import Iterable
from typing import Any

from obieg.fa.pdf.letters import width, word_width
from obieg.fa.pdf.tables import PORTRAIT, plain_table
from obieg.fa.pdf.values import element_of, item_text
from obieg.fa.pdf.words import Words
from obieg.fa.view import Item, Section

_STRONG = frozenset({"Termin", "NrRB", "NrKSeFFaKorygowanej", "NIP", "NrVatUE"})
_WIDE = 34  # em; a longer text takes the whole line
_LONG_WORD = 16  # em; so does a longer word, as a KSeF number: broken, it cannot be copied
_SEVERAL = 4  # values that stand below each other; more run on


def block(
    section: Section, words: Words, room: float = PORTRAIT, *, fill: bool = False
) -> dict[str, Any]:
    """A section with all that is in it."""
    return {
        "title": words.label(section.title),
        "items": items(section.items, words),
        "tables": [
            plain_table(table, words, room, fill=fill) | {"facts": items(table.facts, words)}
            for table in section.tables
        ],
        "parts": [block(part, words, room) for part in section.parts],
    }


def items(found: Iterable[Item], words: Words) -> list[dict[str, Any]]:
    return [item(one, words) for one in found]


def item(one: Item, words: Words) -> dict[str, Any]:
    """A label with its values; the label may come from the document, and is then left alone."""
    values = _values(one, words)
    if len(values) > _SEVERAL and not one.path:
        values = [", ".join(values)]
    return {
        "label": one.label if one.path else words.label(one.label),
        "values": values,
        "strong": any(element_of(value) in _STRONG for value in one.values),
        "wide": any(map(_is_wide, values)),
    }


def _values(one: Item, words: Words) -> list[str]:
    """The item's values; the country of an address on the line of its town."""
    if one.label == "Nie dotyczy":
        return [words.absent(value.text) for value in one.values]
    texts = [item_text(value, words) for value in one.values]
    if len(texts) > 1 and element_of(one.values[-1]) == "KodKraju":
        *texts, town, country = texts
        return [*texts, f"{town}, {country}"]
    return texts


def _is_wide(value: str) -> bool:
    return width(value) > _WIDE or word_width(value) > _LONG_WORD
