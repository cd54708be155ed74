"""A list of sales as a workbook that Excel opens: real numbers and days, no formulas."""

import io
from collections.abc import Iterable
from typing import Any

import xlsxwriter

from obieg.sales.listing import Entry
from obieg.sales.models import Sale
from obieg.sales.states import SaleState

MOST = 20_000  # rows of one sheet: what is read into memory at once
HEADINGS = (
    ("Data wystawienia", 12),
    ("Numer", 22),
    ("Rodzaj", 9),
    ("Klient", 28),
    ("Nabywca", 32),
    ("NIP nabywcy", 13),
    ("Netto", 12),
    ("VAT", 12),
    ("Brutto", 12),
    ("Waluta", 8),
    ("Termin płatności", 12),
    ("Stan", 18),
    ("Numer KSeF", 38),
)


def workbook(entries: Iterable[Entry]) -> bytes:
    """One sheet with a row for each document."""
    made = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(made, options) as book:
        sheet = book.add_worksheet("Sprzedaż")
        bold = book.add_format({"bold": True})
        looks = {
            "day": book.add_format({"num_format": "dd.mm.yyyy"}),
            "amount": book.add_format({"num_format": "#,##0.00"}),
        }
        for column, (heading, width) in enumerate(HEADINGS):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, heading, bold)
        sheet.freeze_panes(1, 0)
        for row, entry in enumerate(entries, 1):
            _write(sheet, row, entry, looks)
    return made.getvalue()


def _write(sheet: Any, row: int, entry: Entry, looks: dict[str, Any]) -> None:
    document = entry.document
    texts = {
        1: document.number,
        2: document.kind,
        3: document.client.name,
        4: document.buyer_name,
        5: document.buyer_nip,
        9: document.currency,
        11: SaleState(document.state).label if isinstance(document, Sale) else "spoza Obiegu",
        12: document.ksef_number,
    }
    for column, text in texts.items():
        sheet.write_string(row, column, text)
    for column, day in ((0, document.issue_date), (10, document.due_date)):
        if day:
            sheet.write_datetime(row, column, day, looks["day"])
    for column, amount in ((6, document.net), (7, document.tax), (8, document.gross)):
        sheet.write_number(row, column, amount, looks["amount"])
