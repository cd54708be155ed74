"""Documents on paper: a sale or a received invoice as PDF with its codes, many in one file."""

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from functools import singledispatch
from io import RawIOBase
from typing import Any

from django.utils import timezone

from obieg.core.polish import counted, today
from obieg.fa.pdf import Code, invoice_pdf, together, upo_pdf
from obieg.inbox.models import Invoice
from obieg.inbox.queries import xml_of as received_xml
from obieg.ksef.environment import EnvironmentUnknown, environment
from obieg.ksef.qr import invoice_link
from obieg.sales.checking import expected_number
from obieg.sales.models import Sale
from obieg.sales.offline.codes import codes_of
from obieg.sales.papers import paper_of, said_by
from obieg.sales.sellers import profile_of
from obieg.sales.states import OfflineMode, SaleState
from obieg.sales.storage import bytes_of, xml_of

_UNSAFE = re.compile(r"[^\w.,()-]+")


def bytes_shown(sale: Sale) -> bytes:
    """The document's bytes; of a draft those that it would have if it were issued now.

    Raises UnwritableText, OriginalMissing for a draft that cannot be one yet.
    """
    content = said_by(sale) if sale.state == SaleState.DRAFT else None
    if content is None:
        return xml_of(sale)
    day = today()
    number = expected_number(sale, content, day)
    return paper_of(sale, content, number=number, now=timezone.now(), day=day, strict=False).xml


@singledispatch
def pdf_of(document: Sale | Invoice) -> bytes:
    """The document as PDF/A-3 with its XML inside; one received from KSeF has no logo."""
    raise TypeError(f"{type(document).__name__} is not printed")


@pdf_of.register
def _sale(document: Sale) -> bytes:
    xml = bytes_shown(document)
    profile = profile_of(document.client)
    return invoice_pdf(
        xml,
        ksef_number=document.ksef_number or None,
        codes=_codes(document, xml),
        logo=bytes(profile.logo) if profile.logo else None,
        bilingual=profile.bilingual,
        note=_note(document),
    )


@pdf_of.register
def _received(document: Invoice) -> bytes:
    xml = received_xml(document)
    return invoice_pdf(xml, ksef_number=document.ksef_number, codes=_codes(document, xml))


def file_name(document: Sale | Invoice) -> str:
    """A name for the document's files: its number without what file systems refuse."""
    return _UNSAFE.sub("-", document.number).strip("-.") or f"szkic-{document.pk}"


def pdfs_in_one(documents: Sequence[Sale | Invoice]) -> bytes:
    """One PDF of `documents`, at least one, in their order; each counts its own pages."""
    title = counted(len(documents), "faktura", "faktury", "faktur")
    return together(map(pdf_of, documents), title=title, at=timezone.now())


def pdfs_in_zip(documents: Iterable[Sale | Invoice], *, with_upo: bool) -> Iterator[bytes]:
    """An archive of PDFs, one document in memory at a time; receipts beside them on wish."""
    return _archive(_files(documents, with_upo=with_upo))


def _files(documents: Iterable[Sale | Invoice], *, with_upo: bool) -> Iterator[tuple[str, bytes]]:
    receipts: set[int] = set()
    for document in documents:
        owner = f"{document.client.context}/"
        yield f"{owner}{file_name(document)}-{document.pk}.pdf", pdf_of(document)
        upo = document.upo if isinstance(document, Sale) else None
        if with_upo and upo and upo.pk not in receipts:
            receipts.add(upo.pk)
            yield f"{owner}UPO-{_UNSAFE.sub('-', upo.reference)}.pdf", upo_pdf(bytes_of(upo))


def _archive(files: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    out = _Stream()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:  # PDFs are packed already
        for name, content in files:
            archive.writestr(name, content)
            yield out.taken()
    yield out.taken()


class _Stream(RawIOBase):
    """Collects what the archive writes until it is taken; it cannot be gone back in."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.parts.append(bytes(data))
        return len(self.parts[-1])

    def taken(self) -> bytes:
        content, self.parts = b"".join(self.parts), []
        return content


def _codes(document: Sale | Invoice, xml: bytes) -> tuple[Code, ...]:
    """The codes; none where the document's KSeF is a local emulator that is not there any more."""
    try:
        return codes_of(document) if isinstance(document, Sale) else (_code_of(document, xml),)
    except EnvironmentUnknown:
        return ()


def _code_of(invoice: Invoice, xml: bytes) -> Code:
    link = invoice_link(
        environment(invoice.environment).qr_url,
        seller_nip=invoice.seller_nip,
        issue_date=invoice.issue_date,
        xml=xml,
    )
    return Code(link, invoice.ksef_number)


def _note(sale: Sale) -> str:
    if sale.state == SaleState.DRAFT:
        return "SZKIC – to nie jest faktura"
    if sale.state == SaleState.CANCELLED:
        return "ANULOWANA"
    return OfflineMode(sale.offline_mode).label if sale.offline_mode else ""
