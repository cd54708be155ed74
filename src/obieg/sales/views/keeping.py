"""The draft that saves itself while it is typed."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST
from django_htmx.http import replace_url

from obieg.core.errors import UserFixable
from obieg.core.polish import format_time
from obieg.office.request import OperatorRequest, needs
from obieg.office.rights import Right
from obieg.sales.content import SaleContent
from obieg.sales.drafts import content_of_sale, new_draft
from obieg.sales.errors import ApprovedDraft, NotADraft
from obieg.sales.forms.invoice import InvoiceForm
from obieg.sales.keeping import Kept, is_sensible, keep_draft, mark_of
from obieg.sales.models import Sale
from obieg.sales.states import SaleState
from obieg.sales.views.reach import client_of, own_contractor, remember_client, sale_of


@require_POST
@needs(Right.ISSUE)
def keep_new(request: OperatorRequest, client_id: int) -> HttpResponse:
    """A new invoice becomes a draft once there is something to keep."""
    client = client_of(request, client_id)
    form = InvoiceForm(client, SaleContent(), request.POST)
    content = own_contractor(client, form.content())
    if not is_sensible(content):
        return _told(request, form, None)
    remember_client(request, client)
    try:
        sale = new_draft(
            client, content, origin=Sale.Origin.FORM, actor=request.user, typed=form.typed()
        )
    except UserFixable as error:
        return _told(request, form, None, error=error)
    return _at_its_address(_told(request, form, sale, kept=Kept(sale), moved=True), sale)


@require_POST
@needs(Right.ISSUE)
def keep(request: OperatorRequest, sale_id: int) -> HttpResponse:
    """A draft again; beside the stored one where somebody else changed that."""
    sale = sale_of(request, sale_id)
    base = content_of_sale(sale) if sale.state == SaleState.DRAFT else SaleContent()
    form = InvoiceForm(sale.client, base, request.POST)
    form.seen = request.POST.get("seen", "")
    try:
        kept = _keep(request, sale, form)
    except UserFixable as error:
        return _told(request, form, sale, error=error)
    parted = kept.parted_from is not None
    response = _told(request, form, kept.sale, kept=kept, moved=parted)
    return _at_its_address(response, kept.sale) if parted else response


def _keep(request: OperatorRequest, sale: Sale, form: InvoiceForm) -> Kept:
    if sale.state != SaleState.DRAFT or sale.content is None:
        raise NotADraft(number=str(sale))
    if sale.approval is not None:
        raise ApprovedDraft
    content = own_contractor(sale.client, form.content())
    return keep_draft(
        sale, content, seen=form.seen, actor=request.user, typed=form.typed(), by_itself=True
    )


def _told(
    request: OperatorRequest,
    form: InvoiceForm,
    sale: Sale | None,
    *,
    kept: Kept | None = None,
    moved: bool = False,
    error: UserFixable | None = None,
) -> HttpResponse:
    """The line beside the buttons; where the draft has another address now, its links too."""
    facts: dict[str, Any] = {
        "client": form.client,
        "sale": sale,
        "form": form,
        "moved": moved,
        "unsaved": error,
    }
    if kept:
        form.seen = mark_of(kept.sale)
        facts |= {"kept": kept, "saved": f"zapisano {format_time(timezone.now())[-5:]}"}
    return render(request, "sales/form/kept.html", facts)


def _at_its_address(response: HttpResponse, sale: Sale) -> HttpResponse:
    return replace_url(response, reverse("sales-edit", args=[sale.pk]))
