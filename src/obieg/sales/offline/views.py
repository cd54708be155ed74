"""Pages of the offline modes: what waits and until when, outages, the mode of a document."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from obieg.core.errors import UserFixable
from obieg.office.request import OperatorRequest, needs
from obieg.office.rights import Right
from obieg.sales.errors import NeedsConfirmation, OriginalNotAccepted
from obieg.sales.models import Outage, Sale
from obieg.sales.offline import codes, marking, outages
from obieg.sales.offline.choosing import issue_or_mark
from obieg.sales.offline.due import due_soon
from obieg.sales.offline.forms import EndForm, OutageForm
from obieg.sales.states import OfflineMode, SaleState
from obieg.sales.views.reach import sale_of
from obieg.sales.waiting import approve_waiting
from obieg.vault.offline import offline_certificate_for

OUTAGES_SHOWN = 30


def overview(request: OperatorRequest) -> HttpResponse:
    """What waits for KSeF, and KSeF's outages."""
    return _overview(request, OutageForm(initial={"started_at": timezone.localtime()}))


@require_POST
@needs(Right.ADMINISTER)
def outage_add(request: OperatorRequest) -> HttpResponse:
    """Enter an outage; every deadline that depends on it moves."""
    form = OutageForm(request.POST)
    if not form.is_valid():
        return _overview(request, form, status=422)
    outages.enter(**form.cleaned_data, actor=request.user)
    messages.success(request, "Zapisano przerwę. Terminy przeliczone.")
    return redirect("sales-offline")


@require_POST
@needs(Right.ADMINISTER)
def outage_end(request: OperatorRequest, outage_id: int) -> HttpResponse:
    """Say when an outage ended; the days are counted from then."""
    outage = get_object_or_404(Outage, pk=outage_id)
    form = EndForm(request.POST)
    try:
        at = form.moment() if form.is_valid() else timezone.now()
        outages.end(outage, at=at, actor=request.user)
    except UserFixable as error:
        messages.error(request, f"{error} (kod {error.code})")
    else:
        messages.success(request, "Zapisano koniec przerwy. Terminy przeliczone.")
    return redirect("sales-offline")


@needs(Right.ISSUE)
def mode(request: OperatorRequest, sale_id: int) -> HttpResponse:
    """Issue a draft in an offline mode, or mark what was issued and not sent."""
    sale = sale_of(request, sale_id)
    if request.method != "POST":
        return _mode(request, sale)
    chosen = request.POST.get("mode", "")
    if chosen not in OfflineMode.values or not chosen:
        return _mode(request, sale, status=422)
    confirmed = frozenset(request.POST.getlist("confirmed"))
    try:
        issue_or_mark(sale, chosen, actor=request.user, confirmed=confirmed)
    except NeedsConfirmation as question:
        asked = {"confirm": question.findings, "confirmed": confirmed - question.codes}
        return _mode(request, sale, chosen=chosen, status=422, **asked)
    except OriginalNotAccepted:
        approve_waiting(sale, actor=request.user, confirmed=confirmed, mode=chosen)
        messages.success(request, "Zatwierdzono. Wystawi się sama po przyjęciu oryginału w KSeF.")
        return redirect("sales-one", sale.pk)
    except UserFixable as error:
        return _mode(request, sale, chosen=chosen, error=error, status=422)
    messages.success(request, f"{sale}: {OfflineMode(chosen).label}.")
    return redirect("sales-one", sale.pk)


def _overview(request: OperatorRequest, form: OutageForm, *, status: int = 200) -> HttpResponse:
    now = timezone.now()
    shown = list(Outage.objects.all()[:OUTAGES_SHOWN])
    facts = {
        "due": due_soon(request.user),
        "outages": [(one, one.lasts(now)) for one in shown],
        "may_administer": request.user.may(Right.ADMINISTER),
        "form": form,
    }
    return render(request, "sales/offline/overview.html", facts, status=status)


def _mode(
    request: OperatorRequest, sale: Sale, *, status: int = 200, **more: object
) -> HttpResponse:
    facts = {
        "sale": sale,
        "is_draft": sale.state == SaleState.DRAFT,
        "can_mark": sale.state in (SaleState.DRAFT, SaleState.READY),
        "choices": marking.choices(sale.client),
        "missing": _missing(sale),
        "may_enrol": request.user.may(Right.CREDENTIALS),
        "codes": codes.stored_codes(sale),
        "due": outages.deadline_of(sale) if sale.offline_mode else None,
    }
    return render(request, "sales/offline/mode.html", {**facts, **more}, status=status)


def _missing(sale: Sale) -> UserFixable | None:
    """Why code II cannot be signed, told before anybody tries."""
    try:
        offline_certificate_for(sale.client)
    except UserFixable as error:
        return error
    return None
