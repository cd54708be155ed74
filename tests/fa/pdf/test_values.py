"""Nothing is lost on paper: every value of every sample is in the text of its PDF."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from obieg.core.money import NBSP
from obieg.fa.errors import UnreadableInvoice
from obieg.fa.parse import parse
from obieg.fa.pdf import invoice_pdf
from obieg.fa.view import Item, Section, Value, View, view
from tests.fa.pdf.reading import squeezed, text_of
from tests.fa.xml import INVOICES
from tests.reference import needs_reference, samples

pytestmark = needs_reference


def is_readable(sample: Path) -> bool:
    try:
        parse(sample.read_bytes())
    except UnreadableInvoice:
        return False
    return True


SAMPLES = [
    sample
    for sample in samples(*INVOICES, "fa3-business-errors", "fa3-schema-invalid")
    if is_readable(sample)
]
KSEF = "9999999999-20260201-0123456789AB-CD"


@pytest.mark.parametrize("bilingual", [False, True], ids=["Polish", "Polish and English"])
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_prints_every_value(sample: Path, *, bilingual: bool) -> None:
    xml = sample.read_bytes()
    pdf = text_of(invoice_pdf(xml, ksef_number=KSEF, bilingual=bilingual))

    found = Counter(values_of(view(xml, ksef_number=KSEF)))
    missing = [value for value, times in found.items() if times_said(pdf, value) < times]

    assert missing == []
    assert squeezed(KSEF) in pdf


def times_said(pdf: str, value: tuple[str, str, str]) -> int:
    """How often the text has the value: itself, its label for a mark, a code or its meaning."""
    label, text, hint = value
    ways = [without_currency(text), *text.split(" – "), *([hint] if hint else [])]
    if label == "Przed korektą":
        return 1_000 * ("stanprzedkorektą" in pdf.lower())  # the title of their table
    if text == "tak":
        ways.append(label)
    return max(pdf.lower().count(squeezed(way).lower()) for way in ways)


def without_currency(text: str) -> str:
    amount, _, currency = text.rpartition(NBSP)
    return amount if currency.isalpha() else text


def values_of(shown: View) -> Iterator[tuple[str, str, str]]:
    """Label, text and hint of everything in the view that was read from the document."""
    for section in all_sections(shown.sections):
        for item in section.items:
            yield from _item(item)
        for table in section.tables:
            for fact in table.facts:
                yield from _item(fact)
            yield from (("", h.label, "") for h in table.columns if h.path)
            labels = [heading.label for heading in table.columns]
            for row in (*table.rows, table.totals):
                padded = [*labels, *[""] * len(row)]
                yield from (
                    _value(label, cell)
                    for label, cell in zip(padded, row, strict=False)
                    if cell and cell.path
                )


def _item(item: Item) -> Iterator[tuple[str, str, str]]:
    if item.path:
        yield "", item.label, ""
    yield from (_value(item.label, value) for value in item.values if value.path)


def _value(label: str, value: Value) -> tuple[str, str, str]:
    return label, value.text, value.hint


def all_sections(sections: tuple[Section, ...]) -> Iterator[Section]:
    for section in sections:
        yield section
        yield from all_sections(section.parts)
