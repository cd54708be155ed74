"""The empty table to fill in, with one worked example."""

import csv
import io

import xlsxwriter

from obieg.sales.importing.columns import COLUMNS, DOCUMENT

HEADINGS = (DOCUMENT, *(column.heading for column in COLUMNS))
EXAMPLE = ("1", *(column.example for column in COLUMNS))
EXPLAINED = (
    "klucz: wiersze o tym samym kluczu to jedna faktura, stoją razem",
    *(column.explained for column in COLUMNS),
)
_WIDTH = 18


def template_csv() -> bytes:
    """UTF-8 with BOM, semicolons: Polish Excel opens it with a double click."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=";")
    writer.writerow(HEADINGS)
    writer.writerow(EXAMPLE)
    return written.getvalue().encode("utf-8-sig")


def template_xlsx() -> bytes:
    """The sheet to fill in, and a second one that explains the columns."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True, "bg_color": "#E6F2F1"})
        plain = book.add_format({"num_format": "@"})  # text: no cell turns into a number or a day
        sheet = book.add_worksheet("Faktury")
        sheet.set_column(0, len(HEADINGS) - 1, _WIDTH, plain)
        sheet.write_row(0, 0, HEADINGS, bold)
        sheet.write_row(1, 0, EXAMPLE, plain)
        sheet.freeze_panes(1, 1)
        notes = book.add_worksheet("Opis kolumn")
        notes.set_column(0, 0, 26)
        notes.set_column(1, 1, 80)
        for row, pair in enumerate(zip(HEADINGS, EXPLAINED, strict=True)):
            notes.write_row(row, 0, pair)
    return written.getvalue()
