"""Invoices, receipts and plain documents as PDF: tagged PDF/A-3, the XML attached."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time

from obieg.core.polish import WARSAW
from obieg.fa.model import Invoice
from obieg.fa.parse import parse
from obieg.fa.pdf.codes import Code
from obieg.fa.pdf.compiler import typeset
from obieg.fa.pdf.errors import UnreadableLogo
from obieg.fa.pdf.joining import count_pages, joined
from obieg.fa.pdf.logo import logo_data
from obieg.fa.pdf.plain import Facts, Paragraph, Table, plain_pdf
from obieg.fa.pdf.receipt import receipt_sheets
from obieg.fa.pdf.sheet import invoice_sheet
from obieg.fa.pdf.words import Words
from obieg.fa.upo import Upo, read_upo
from obieg.fa.view import view

__all__ = [
    "Code",
    "Facts",
    "Paragraph",
    "Table",
    "UnreadableLogo",
    "invoice_pdf",
    "plain_pdf",
    "together",
    "upo_pdf",
]


def invoice_pdf(
    xml: bytes,
    *,
    ksef_number: str | None = None,
    codes: Sequence[Code] = (),
    logo: bytes | None = None,
    bilingual: bool = False,
    note: str = "",
) -> bytes:
    """The invoice that `xml` holds as PDF/A-3a, `xml` itself attached as its source.

    `note` is a short line under the title; `logo` PNG, JPEG or SVG. Every value of the document
    is printed. Raises a subclass of `UnreadableInvoice`, or `UnreadableLogo`. Safe in threads.
    """
    invoice = parse(xml)
    shown = view(invoice, ksef_number=ksef_number)
    data = invoice_sheet(invoice, shown, codes=codes, note=note, words=Words(bilingual))
    return typeset(
        "invoice.typ",
        data,
        at=_moment(invoice),
        xml=xml,
        logo=logo_data(logo) if logo else "",
    )


def together(papers: Iterable[bytes], *, title: str, at: datetime) -> bytes:
    """One PDF/A-3a of `papers`, at least one, made here: each with its own pages and XML.

    `at` (aware) is the date of the whole.
    """
    return joined(papers, about=plain_pdf(title, (), foot="", at=at))


def upo_pdf(xml: bytes) -> bytes:
    """The receipt that `xml` holds as PDF/A-3a, `xml` itself attached; or `UnreadableUpo`."""
    upo = read_upo(xml)
    first, *others = _receipt_papers(upo, xml)
    return joined([first, *others]) if others else first


def _receipt_papers(upo: Upo, xml: bytes) -> Iterator[bytes]:
    """The receipt part by part; the first carries the XML."""
    last = max(entry.accepted_at for entry in upo.entries)
    page = 1
    for sheet in receipt_sheets(upo):
        attached = xml if "attached" in sheet else None
        paper = typeset("upo.typ", {**sheet, "first_page": page}, at=last, xml=attached)
        page += count_pages(paper)
        yield paper


def _moment(invoice: Invoice) -> datetime:
    """The document's date: when the XML was made, else the noon of the day of issue."""
    return invoice.created_at or datetime.combine(invoice.issue_date, time(12), WARSAW)
