"""What is done with one document: issued, sent, taken back, cancelled, numbered by hand."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from obieg.core.errors import ObiegError, UserFixable
from obieg.core.polish import WARSAW
from obieg.office.request import OperatorRequest, needs
from obieg.office.rights import Right
from obieg.sales import drafts, issuing
from obieg.sales.elsewhere import record_elsewhere
from obieg.sales.errors import NeedsConfirmation, NotIssuable, OriginalNotAccepted
from obieg.sales.forms.elsewhere import ElsewhereForm
from obieg.sales.models import Sale
from obieg.sales.sending import send
from obieg.sales.sending.upo import fetch_upo
from obieg.sales.views.document import show
from obieg.sales.views.reach import sale_of
from obieg.sales.waiting import approve_waiting

DONE = 302  # the answer to what was done leads to the document


@require_POST
@needs(Right.ISSUE)
def issue(request: OperatorRequest, sale_id: int) -> HttpResponse:
    """Give a draft its number and freeze its bytes; what its client's setting says comes next."""
    sale = sale_of(request, sale_id)
    confirmed = frozenset(request.POST.getlist("confirmed"))
    try:
        issued = issuing.issue(sale, actor=request.user, confirmed=confirmed)
    except NeedsConfirmation as question:
        return show(request, sale_of(request, sale_id), status=422, confirm=question.findings)
    except NotIssuable as refusal:
        return show(request, sale_of(request, sale_id), status=422, error=refusal)
    except OriginalNotAccepted:
        approve_waiting(sale, actor=request.user, confirmed=confirmed)
        messages.success(request, "Zatwierdzono. Wystawi się sama po przyjęciu oryginału w KSeF.")
        return redirect("sales-one", sale.pk)
    except UserFixable as error:
        return show(request, sale_of(request, sale_id), status=422, error=error)
    messages.success(request, f"Wystawiono {issued}.")
    return redirect("sales-one", sale.pk)


@require_POST
@needs(Right.SEND)
def send_one(request: OperatorRequest, sale_id: int) -> HttpResponse:
    """Have the document sent to KSeF; the answer appears on its page."""
    sale = sale_of(request, sale_id)
    queued = send([sale], actor=request.user)
    for _, reason in queued.refused:
        return show(request, sale, status=422, error=reason)
    messages.success(request, "Wysyłka zlecona.")
    return redirect("sales-one", sale.pk)


@require_POST
@needs(Right.ISSUE)
def reopen(request: OperatorRequest, sale_id: int) -> HttpResponse:
    """Back to a draft; its number stays with it."""
    answer = _do(request, sale_id, issuing.reopen, "Dokument jest znowu szkicem.")
    is_form = sale_of(request, sale_id).content is not None
    return redirect("sales-edit", sale_id) if answer.status_code == DONE and is_form else answer


@require_POST
@needs(Right.ISSUE)
def cancel(request: OperatorRequest, sale_id: int) -> HttpResponse:
    """Cancel: the number stays used."""
    return _do(request, sale_id, issuing.cancel, "Anulowano. Numer pozostaje zużyty.")


@require_POST
@needs(Right.ISSUE)
def delete(request: OperatorRequest, sale_id: int) -> HttpResponse:
    """Delete a draft that never had a number."""
    sale = sale_of(request, sale_id)
    try:
        drafts.delete_draft(sale, actor=request.user)
    except UserFixable as error:
        return show(request, sale, status=422, error=error)
    messages.success(request, "Usunięto szkic.")
    return redirect("sales")


@require_POST
@needs(Right.ISSUE)
def copy(request: OperatorRequest, sale_id: int) -> HttpResponse:
    """A new draft with the same content."""
    sale = sale_of(request, sale_id)
    try:
        made = drafts.copy_sale(sale, actor=request.user)
    except UserFixable as error:
        return show(request, sale, status=422, error=error)
    return redirect("sales-edit", made.pk)


@require_POST
@needs(Right.SEND)
def fetch(request: OperatorRequest, sale_id: int) -> HttpResponse:
    """Ask KSeF for the receipt now."""
    sale = sale_of(request, sale_id)
    try:
        fetch_upo(sale, actor=request.user)
    except ObiegError as error:
        return show(request, sale, status=409, error=error)
    messages.success(request, "UPO odebrane.")
    return redirect("sales-one", sale.pk)


@require_POST
@needs(Right.EDIT_KSEF)
def elsewhere(request: OperatorRequest, sale_id: int) -> HttpResponse:
    """The KSeF number that another program got for the document."""
    sale, form = sale_of(request, sale_id), ElsewhereForm(request.POST)
    if not form.is_valid():
        return show(request, sale, status=422, elsewhere=form)
    asked = form.cleaned_data
    moment = datetime.combine(asked["acquired_on"], asked["acquired_at"], WARSAW)
    try:
        record_elsewhere(
            sale, ksef_number=asked["ksef_number"], acquired_at=moment, actor=request.user
        )
    except UserFixable as error:
        form.add_error(None, f"{error} (kod {error.code})")
        return show(request, sale, status=422, elsewhere=form)
    messages.success(request, "Zapisano numer KSeF.")
    return redirect("sales-one", sale.pk)


def _do(
    request: OperatorRequest, sale_id: int, act: Callable[..., Sale], told: str
) -> HttpResponse:
    sale = sale_of(request, sale_id)
    try:
        act(sale, actor=request.user)
    except UserFixable as error:
        return show(request, sale_of(request, sale_id), status=422, error=error)
    messages.success(request, told)
    return redirect("sales-one", sale.pk)
