"""Files of one document: its XML, its PDF, its UPO."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header

from obieg.fa.pdf import upo_pdf
from obieg.inbox.models import Invoice
from obieg.office.request import OperatorRequest
from obieg.sales import printing
from obieg.sales.models import Upo
from obieg.sales.storage import bytes_of
from obieg.sales.views.reach import sale_of

XML, PDF = "application/xml", "application/pdf"


def sale_xml(request: OperatorRequest, sale_id: int) -> HttpResponse:
    """The document's bytes, as KSeF has them or will have them."""
    sale = sale_of(request, sale_id)
    return attachment(printing.bytes_shown(sale), f"{printing.file_name(sale)}.xml", XML)


def sale_pdf(request: OperatorRequest, sale_id: int) -> HttpResponse:
    """The document as PDF, with its codes; shown, or with ?pobierz saved."""
    sale = sale_of(request, sale_id)
    return pdf_answer(request, printing.pdf_of(sale), printing.file_name(sale))


def invoice_pdf(request: OperatorRequest, invoice_id: int) -> HttpResponse:
    """A document that KSeF brought, as PDF."""
    rows = Invoice.objects.visible_to(request.user).select_related("client")
    invoice = get_object_or_404(rows, pk=invoice_id)
    return pdf_answer(request, printing.pdf_of(invoice), printing.file_name(invoice))


def upo_file(request: OperatorRequest, upo_id: int) -> HttpResponse:
    """A receipt as PDF, or with ?xml as it came from KSeF."""
    upo = get_object_or_404(Upo.objects.visible_to(request.user), pk=upo_id)
    content = bytes_of(upo)
    if "xml" in request.GET:
        return attachment(content, f"UPO-{upo.reference}.xml", XML)
    return pdf_answer(request, upo_pdf(content), f"UPO-{upo.reference}")


def pdf_answer(request: OperatorRequest, content: bytes, name: str) -> HttpResponse:
    """A PDF in the browser's own viewer, from which it is printed too."""
    return attachment(content, f"{name}.pdf", PDF, inline="pobierz" not in request.GET)


def attachment(content: bytes, name: str, kind: str, *, inline: bool = False) -> HttpResponse:
    """A file to be saved, or where `inline` to be shown."""
    disposition = content_disposition_header(as_attachment=not inline, filename=name)
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": disposition})
