"""The page of one document: what it says, what KSeF said, and what can be done with it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe

from obieg.core.errors import UserFixable
from obieg.fa.errors import UnreadableInvoice
from obieg.fa.finding import Finding, Severity
from obieg.fa.render import to_html
from obieg.fa.view import view
from obieg.office.request import OperatorRequest
from obieg.sales.forms.elsewhere import ElsewhereForm
from obieg.sales.issuing import findings_of
from obieg.sales.models import Sale
from obieg.sales.printing import bytes_shown
from obieg.sales.states import IN_KSEF, UNSENT, SaleState
from obieg.sales.trail import trail
from obieg.sales.views.reach import rights_of, sale_of
from obieg.sales.views.ways import OFFERED

CORRECTABLE = IN_KSEF | {SaleState.OUTSIDE, SaleState.READY, SaleState.SENDING, SaleState.WAITING}


def document(request: OperatorRequest, sale_id: int) -> HttpResponse:
    """Three panes: the KSeF card, the document, findings and actions."""
    return show(request, sale_of(request, sale_id))


def show(
    request: OperatorRequest,
    sale: Sale,
    *,
    status: int = 200,
    elsewhere: ElsewhereForm | None = None,
    **more: Any,
) -> HttpResponse:
    """The page of `sale`, with what a refused action left on it."""
    findings = _findings(sale)
    is_queued = sale.state in UNSENT and sale.queued_version == sale.version
    facts = {
        **rights_of(request),
        "sale": sale,
        "seen": _seen(sale),
        "findings": sorted(findings, key=lambda one: one.severity != Severity.ERROR),
        "errors": sum(one.severity == Severity.ERROR for one in findings),
        "trail": trail(sale),
        "corrections": sale.corrections.visible_to(request.user).order_by("pk"),
        "followers": sale.followers.visible_to(request.user).order_by("pk"),
        "elsewhere": elsewhere or ElsewhereForm(),
        "is_draft": sale.state == SaleState.DRAFT,
        "is_form": sale.state == SaleState.DRAFT and sale.content is not None,
        "can_send": sale.state in UNSENT,
        "can_reopen": _may_become(sale, SaleState.DRAFT),
        "can_cancel": _may_become(sale, SaleState.CANCELLED) and sale.state != SaleState.DRAFT,
        "can_be_elsewhere": _may_become(sale, SaleState.OUTSIDE) or sale.state == SaleState.OUTSIDE,
        "is_under_way": sale.state == SaleState.SENDING or is_queued,
        "is_queued": is_queued,
        "is_accepted": sale.state in IN_KSEF,
        "ways": OFFERED if sale.state in CORRECTABLE and sale.kind != "UPR" else (),
    }
    return render(request, "sales/document.html", facts | more, status=status)


def _may_become(sale: Sale, state: SaleState) -> bool:
    return state in Sale.TRANSITIONS[SaleState(sale.state)]


def _findings(sale: Sale) -> tuple[Finding, ...]:
    """Checked now while it can still be mended; afterwards what the last check found."""
    if sale.state in (SaleState.DRAFT, *UNSENT):
        return tuple(findings_of(sale))
    return tuple(Finding(**stored) for stored in sale.findings)


def _seen(sale: Sale) -> SafeString | None:
    """The document as it reads; None where it is not far enough to be one."""
    try:
        shown = view(bytes_shown(sale), ksef_number=sale.ksef_number or None)
    except (UnreadableInvoice, UserFixable):
        return None
    return mark_safe(to_html(shown))  # noqa: S308 - to_html escapes every value
