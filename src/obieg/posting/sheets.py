"""Tables as spreadsheets: figures stay figures, no text becomes a formula."""

import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

import xlsxwriter
from django.http import HttpResponse
from django.utils.http import content_disposition_header

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cell = str | int | Decimal | date | None
WIDEST, NARROWEST = 48, 9  # characters


def sheet(name: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A workbook of one sheet with fixed, filterable headings."""
    stored = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(stored, options) as book:
        formats = {
            Decimal: book.add_format({"num_format": "#,##0.00"}),
            date: book.add_format({"num_format": "dd.mm.yyyy"}),
        }
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        page = book.add_worksheet(name[:31])
        page.write_row(0, 0, headings, bold)
        widths = [len(heading) for heading in headings]
        place = 0
        for place, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                _write(page, place, column, value, formats)
                widths[column] = max(widths[column], len(str("" if value is None else value)))
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, max(place, 1), len(headings) - 1)
        for column, width in enumerate(widths):
            page.set_column(column, column, min(max(width + 2, NARROWEST), WIDEST))
    return stored.getvalue()


def download(body: bytes, file_name: str) -> HttpResponse:
    """The workbook as a file to be saved."""
    disposition = content_disposition_header(as_attachment=True, filename=file_name)
    return HttpResponse(
        body, content_type=XLSX, headers={"Content-Disposition": disposition or "attachment"}
    )


def _write(
    page: "xlsxwriter.worksheet.Worksheet",
    row: int,
    column: int,
    value: Cell,
    formats: dict[type, "xlsxwriter.format.Format"],
) -> None:
    if value is None:
        return
    if isinstance(value, date):
        page.write_datetime(row, column, value, formats[date])
    elif isinstance(value, Decimal):
        page.write_number(row, column, value, formats[Decimal])
    elif isinstance(value, int):
        page.write_number(row, column, value)
    else:
        page.write_string(row, column, value)
