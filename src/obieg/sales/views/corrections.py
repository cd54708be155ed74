"""Correcting a document: the draft of the correction, prepared, then opened in the form."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from obieg.core.errors import UserFixable
from obieg.inbox.models import Direction, Invoice
from obieg.office.request import OperatorRequest, needs
from obieg.office.rights import Right
from obieg.sales.corrections import WAYS, draft_correction
from obieg.sales.models import Sale
from obieg.sales.views.document import show
from obieg.sales.views.reach import sale_of

TWO = "buyer"  # the way that prepares two drafts


@require_POST
@needs(Right.ISSUE)
def correct(request: OperatorRequest, sale_id: int) -> HttpResponse:
    """Prepare the correction that the pressed button names, and open its form."""
    sale, way = sale_of(request, sale_id), request.POST.get("way", "")
    if way not in WAYS:
        return redirect("sales-one", sale.pk)
    try:
        made = draft_correction(sale, way, actor=request.user)
    except UserFixable as error:
        return show(request, sale, status=422, error=error)
    return _open(request, made, way)


@require_POST
@needs(Right.ISSUE)
def received(request: OperatorRequest, invoice_id: int) -> HttpResponse:
    """The same for a document that another program issued and KSeF brought."""
    rows = Invoice.objects.visible_to(request.user).filter(direction=Direction.SALE)
    invoice = get_object_or_404(rows.select_related("client"), pk=invoice_id)
    way = request.POST.get("way", "")
    if way not in WAYS:
        return redirect("documents-one", invoice.pk)
    return _open(request, draft_correction(invoice, way, actor=request.user), way)


def _open(request: OperatorRequest, made: Sale, way: str) -> HttpResponse:
    if way == TWO:
        messages.success(
            request,
            "Przygotowano dwa szkice: korektę do zera i nową fakturę. Wpisz właściwego nabywcę; "
            "nowa faktura pójdzie do KSeF po przyjęciu korekty.",
        )
    return redirect("sales-edit", made.pk)
