"""A list of documents as a spreadsheet: CSV that Excel opens with a double click."""

import csv
from collections.abc import Iterable, Iterator

from obieg.core.cells import plain_cell
from obieg.core.money import plain
from obieg.inbox.models import Invoice
from obieg.posting.states import DekretState

BOM = "\ufeff"
HEADINGS = (
    "Data wystawienia",
    "Numer",
    "Numer KSeF",
    "Rodzaj",
    "Klient",
    "Sprzedawca",
    "NIP sprzedawcy",
    "Nabywca",
    "NIP nabywcy",
    "Netto",
    "VAT",
    "Brutto",
    "Do zapłaty",
    "Waluta",
    "Termin płatności",
    "Stan",
)


class _Line:
    """Gives back what the csv writer writes, so that it can be streamed."""

    def write(self, line: str) -> str:
        return line


def csv_lines(invoices: Iterable[Invoice]) -> Iterator[str]:
    """The sheet, line by line: semicolons and decimal commas, as Polish Excel reads them."""
    writer = csv.writer(_Line(), delimiter=";", lineterminator="\r\n")
    yield BOM + writer.writerow(HEADINGS)
    for invoice in invoices:
        yield writer.writerow(_cells(invoice))


def _cells(invoice: Invoice) -> list[str]:
    return [
        invoice.issue_date.isoformat(),
        plain_cell(invoice.number),
        invoice.ksef_number,
        invoice.kind,
        plain_cell(invoice.client.name),
        plain_cell(invoice.seller_name),
        plain_cell(invoice.seller_nip),
        plain_cell(invoice.buyer_name),
        plain_cell(invoice.buyer_nip),
        *(plain(amount) for amount in (invoice.net, invoice.tax, invoice.gross)),
        plain(invoice.amount_due),
        invoice.currency,
        invoice.due_date.isoformat() if invoice.due_date else "",
        DekretState(invoice.dekret.state).label if hasattr(invoice, "dekret") else "",
    ]
