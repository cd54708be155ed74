"""A document as ordered sections of labelled values and tables, with cautions on top."""

from obieg.fa.model import Invoice
from obieg.fa.parse import parse
from obieg.fa.view.cautions import cautions_of
from obieg.fa.view.codes import KINDS
from obieg.fa.view.page import Caution, Heading, Item, Section, Table, Value, View
from obieg.fa.view.sections import sections_of

__all__ = ["Caution", "Heading", "Item", "Section", "Table", "Value", "View", "view"]


def view(source: bytes | Invoice, *, ksef_number: str | None = None) -> View:
    """The view of a document, read or still in bytes; every value of it is in some section.

    Raises a subclass of `UnreadableInvoice` for bytes that cannot be read.
    """
    invoice = parse(source) if isinstance(source, bytes) else source
    title = f"{KINDS.get(invoice.kind, invoice.kind)} {invoice.number}"
    number = ksef_number or ""
    return View(title, number, cautions_of(invoice), sections_of(invoice, number))
