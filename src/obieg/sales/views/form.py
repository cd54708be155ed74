"""The invoice's form: new, again, saved at any time, issued; its totals while it is typed."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from obieg.core.errors import UserFixable
from obieg.core.polish import format_time
from obieg.fa.finding import Finding
from obieg.office.models import Client
from obieg.office.request import OperatorRequest, needs
from obieg.office.rights import Right
from obieg.sales import contractors
from obieg.sales.beginnings import beginning
from obieg.sales.content import SaleContent
from obieg.sales.drafts import content_of_sale, new_draft
from obieg.sales.errors import AmountTooLarge
from obieg.sales.forms.invoice import InvoiceForm
from obieg.sales.issuing import (
    NeedsConfirmation,
    NotIssuable,
    OriginalNotAccepted,
    findings_of,
    issue,
)
from obieg.sales.keeping import Kept, keep_draft, mark_of
from obieg.sales.models import Contractor, Sale
from obieg.sales.states import SaleState
from obieg.sales.views.reach import (
    client_of,
    own_contractor,
    remember_client,
    sale_of,
    usual_client,
)
from obieg.sales.views.screen import blame_large_rows, facts, sums_of
from obieg.sales.waiting import approve_waiting

ISSUE, APPROVE = "issue", "approve"  # the button that was pressed; anything else saves


@needs(Right.ISSUE)
def new(request: OperatorRequest) -> HttpResponse:
    """A new invoice of the client that the address names, or of the last one."""
    client = usual_client(request)
    if client is None:
        return render(request, "sales/form/no_client.html")
    remember_client(request, client)
    if request.method != "POST":
        form = InvoiceForm(client, beginning(client, _contractor(request, client)))
        return render(request, "sales/form/page.html", facts(request, client, form))
    form = InvoiceForm(client, SaleContent(), request.POST)
    content = _with_contractor(request, form)
    try:
        sale = new_draft(
            client, content, origin=Sale.Origin.FORM, actor=request.user, typed=form.typed()
        )
    except UserFixable as error:
        return _unsaved(request, form, None, error)
    return _go_on(request, sale, form)


@needs(Right.ISSUE)
def edit(request: OperatorRequest, sale_id: int) -> HttpResponse:
    """A draft again, as it was left."""
    sale = sale_of(request, sale_id)
    if sale.state != SaleState.DRAFT or sale.content is None:
        messages.warning(request, "Ten dokument nie jest już szkicem z formularza.")
        return redirect("sales-one", sale.pk)
    remember_client(request, sale.client)
    base = content_of_sale(sale)
    if request.method != "POST":
        form = InvoiceForm.restored(sale.client, base, sale.typed)
        form.seen = mark_of(sale)
        return _page(request, sale, form, findings_of(sale))
    form = InvoiceForm(sale.client, base, request.POST)
    form.seen = request.POST.get("seen", "")
    content = _with_contractor(request, form)
    try:
        kept = keep_draft(sale, content, seen=form.seen, actor=request.user, typed=form.typed())
    except UserFixable as error:
        return _unsaved(request, form, sale, error)
    if kept.parted_from:
        return _part(request, kept)
    form.seen = mark_of(kept.sale)
    return _go_on(request, sale, form)


@require_POST
@needs(Right.ISSUE)
def live_totals(request: OperatorRequest, client_id: int) -> HttpResponse:
    """The amounts of what is typed so far; nothing is saved."""
    form = InvoiceForm(client_of(request, client_id), SaleContent(), request.POST)
    shown, amounts = sums_of(form)
    found = {"form": form, "totals": shown, "amounts": amounts}
    return render(request, "sales/form/totals.html", found)


def _go_on(request: OperatorRequest, sale: Sale, form: InvoiceForm) -> HttpResponse:
    """Issue where that was asked for and can be done; else the form, with what is in the way."""
    if request.POST.get("act") == ISSUE:
        return _issue(request, sale, form)
    if request.POST.get("act") == APPROVE and form.is_valid():
        return _approve(request, sale, form)
    if request.htmx and request.resolver_match and "sale_id" in request.resolver_match.kwargs:
        return _body(request, sale, form, findings_of(sale))
    address = reverse("sales-edit", args=[sale.pk])
    if request.htmx:
        return HttpResponseClientRedirect(address)
    messages.success(request, "Zapisano szkic.")
    return redirect(address)


def _part(request: OperatorRequest, kept: Kept) -> HttpResponse:
    """To the draft beside the one that somebody else changed; nothing is issued then."""
    who = f" ({kept.other})" if kept.other else ""
    messages.warning(
        request,
        f"Ktoś inny zmienił ten szkic{who}. Nic nie zginęło: tu jest Twoja wersja jako osobny "
        "szkic, tamta została bez zmian na liście. Porównaj je i usuń jedną.",
    )
    address = reverse("sales-edit", args=[kept.sale.pk])
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


def _unsaved(
    request: OperatorRequest, form: InvoiceForm, sale: Sale | None, error: UserFixable
) -> HttpResponse:
    """What could not even be saved, as it was typed, with the reason and its place."""
    if isinstance(error, AmountTooLarge):
        blame_large_rows(form)
    shown = facts(request, form.client, form, sale, error=error)
    part = "body" if request.htmx else "page"
    return render(request, f"sales/form/{part}.html", shown, status=422)


def _issue(request: OperatorRequest, sale: Sale, form: InvoiceForm) -> HttpResponse:
    confirmed = frozenset(request.POST.getlist("confirmed"))
    if not form.is_valid():
        return _stay(request, sale, form, findings_of(sale))
    try:
        issued = issue(sale, actor=request.user, confirmed=confirmed)
    except OriginalNotAccepted as early:
        return _stay(request, sale, form, findings_of(sale), error=early, may_wait=True)
    except NotIssuable as refusal:
        return _stay(request, sale, form, refusal.findings)
    except NeedsConfirmation as question:
        return _stay(request, sale, form, findings_of(sale), confirm=question.findings)
    except UserFixable as error:
        return _stay(request, sale, form, findings_of(sale), error=error)
    return _to_document(request, sale, f"Wystawiono {issued}.")


def _approve(request: OperatorRequest, sale: Sale, form: InvoiceForm) -> HttpResponse:
    """Approve what waits for its original's KSeF number: it is issued by itself then."""
    confirmed = frozenset(request.POST.getlist("confirmed"))
    try:
        approve_waiting(sale, actor=request.user, confirmed=confirmed)
    except NotIssuable as refusal:
        return _stay(request, sale, form, refusal.findings)
    return _to_document(request, sale, "Zatwierdzono. Wystawi się sama po przyjęciu oryginału.")


def _to_document(request: OperatorRequest, sale: Sale, told: str) -> HttpResponse:
    messages.success(request, told)
    address = reverse("sales-one", args=[sale.pk])
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


def _stay(
    request: OperatorRequest,
    sale: Sale,
    form: InvoiceForm,
    findings: Iterable[Finding],
    **more: Any,
) -> HttpResponse:
    """The form as it was typed, saved as a draft, with what is in the way."""
    if request.htmx:
        response = _body(request, sale, form, findings, **more)
        response["HX-Push-Url"] = reverse("sales-edit", args=[sale.pk])
        return response
    return _page(request, sale, form, findings, status=422, **more)


def _page(
    request: OperatorRequest,
    sale: Sale,
    form: InvoiceForm,
    findings: Iterable[Finding],
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    shown = facts(request, sale.client, form, sale, findings, **more)
    return render(request, "sales/form/page.html", shown, status=status)


def _body(
    request: OperatorRequest,
    sale: Sale,
    form: InvoiceForm,
    findings: Iterable[Finding],
    **more: Any,
) -> HttpResponse:
    shown = facts(request, sale.client, form, sale, findings, **more)
    shown["saved"] = f"zapisano {format_time(timezone.now())[-5:]}"
    return render(request, "sales/form/body.html", shown)


def _with_contractor(request: OperatorRequest, form: InvoiceForm) -> SaleContent:
    """The content; a buyer that is to be remembered becomes a contractor of the client."""
    content = own_contractor(form.client, form.content())
    wanted = form.buyer.cleaned_data.get("keep_buyer")
    if content.contractor or not wanted or not content.buyer.name:
        return content
    with transaction.atomic():
        kept = contractors.remembered(form.client, content.buyer, actor=request.user)
    return content.model_copy(update={"contractor": kept.pk})


def _contractor(request: OperatorRequest, client: Client) -> Contractor | None:
    asked = request.GET.get("kontrahent", "")
    if not asked.isdecimal():
        return None
    return Contractor.objects.of_client(client).filter(pk=asked).first()
