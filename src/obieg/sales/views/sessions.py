"""Sessions in KSeF: open and past, what is in them, closed by hand, their receipts."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from obieg.core.errors import ObiegError, UserFixable
from obieg.office.request import OperatorRequest, needs
from obieg.office.rights import Right
from obieg.sales.models import KsefSession, Sale
from obieg.sales.sending import forgotten
from obieg.sales.sending.errors import GivingBackUnconfirmed
from obieg.sales.sending.sessions import UNFINISHED, close_session
from obieg.sales.sending.upo import fetch_upo
from obieg.sales.states import SessionState
from obieg.sales.views.reach import rights_of, session_of

PAST_SHOWN = 100
DOCUMENTS_SHOWN = 500


def sessions(request: OperatorRequest) -> HttpResponse:
    """The sessions under way, and the latest that ended."""
    rows = KsefSession.objects.visible_to(request.user).select_related("client", "opened_by")
    facts = {
        **rights_of(request),
        "open": rows.filter(state__in=UNFINISHED).order_by("-pk"),
        "past": rows.exclude(state__in=UNFINISHED).order_by("-pk")[:PAST_SHOWN],
        "most": PAST_SHOWN,
    }
    return render(request, "sales/sessions.html", facts)


def session(request: OperatorRequest, session_id: int) -> HttpResponse:
    """One session and the documents that went in it."""
    return _page(request, session_of(request, session_id))


@require_POST
@needs(Right.SEND)
def close(request: OperatorRequest, session_id: int) -> HttpResponse:
    """Have it closed: KSeF then prepares its UPO; the next document opens a new one."""
    shown = session_of(request, session_id)
    close_session(shown, actor=request.user)
    messages.success(request, "Zamknięcie sesji zlecone. UPO pojawi się, gdy KSeF je przygotuje.")
    return redirect("sales-session", shown.pk)


@require_POST
@needs(Right.SEND)
def fetch(request: OperatorRequest, session_id: int) -> HttpResponse:
    """Ask KSeF for the receipt of the whole session now."""
    shown = session_of(request, session_id)
    try:
        fetch_upo(shown, actor=request.user)
    except ObiegError as error:
        return _page(request, shown, error=error, status=409)
    messages.success(request, "UPO sesji odebrane.")
    return redirect("sales-session", shown.pk)


@require_POST
@needs(Right.EDIT_KSEF)
def give_back(request: OperatorRequest, session_id: int) -> HttpResponse:
    """Give up a session that KSeF does not know, once that is confirmed."""
    shown = session_of(request, session_id)
    try:
        if "confirmed" not in request.POST:
            raise GivingBackUnconfirmed
        outcome = forgotten.give_back(shown, actor=request.user)
    except ObiegError as error:
        status = 422 if isinstance(error, UserFixable) else 409
        return _page(request, session_of(request, session_id), error=error, status=status)
    messages.success(
        request,
        f"Sesja zakończona. Niewysłane znów: {outcome.released}; przyjęte w KSeF mimo to: "
        f"{outcome.accepted}.",
    )
    return redirect("sales-session", shown.pk)


def _page(
    request: OperatorRequest,
    shown: KsefSession,
    error: ObiegError | None = None,
    status: int = 200,
) -> HttpResponse:
    documents = Sale.objects.visible_to(request.user).filter(session=shown)
    facts = {
        **rights_of(request),
        "session": shown,
        "error": error,
        "sales": documents.select_related("upo").order_by("pk")[:DOCUMENTS_SHOWN],
        "upos": shown.upo.visible_to(request.user).order_by("pk")[:DOCUMENTS_SHOWN],
        "can_close": shown.kind == "online" and shown.state == SessionState.OPEN,
        "is_forgotten": forgotten.is_forgotten(shown),
        "can_fetch": bool(shown.reference) and shown.state != SessionState.OPEN,
    }
    return render(request, "sales/session.html", facts, status=status)
