"""Approving many: first the list of what would be approved, then all of it at once."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from obieg.core.polish import counted
from obieg.office.request import OperatorRequest, needs
from obieg.office.rights import Right
from obieg.posting import decisions, queue
from obieg.posting.models import Dekret
from obieg.posting.obstacles import SURE
from obieg.posting.views.place import Place

MOST = 200  # in one go: as many as a person can look through
DOCUMENTS = ("dokument", "dokumenty", "dokumentów")


def look(request: OperatorRequest) -> HttpResponse:
    """What would be approved: every document of the filtered queue above the confidence."""
    place = Place.of(request)
    rows = _rows(place, _confidence(request))
    facts = {
        "rows": rows,
        "most": MOST,
        "confidence": _confidence(request),
        "levels": (95, 90, 85, 80),
        "query": place.query,
        "back": place.url(),
    }
    return render(request, "posting/bulk.html", facts)


@require_POST
@needs(Right.POST)
def approve_all(request: OperatorRequest) -> HttpResponse:
    """Approve what was left ticked; what cannot be approved stays, with the reason."""
    place = Place.of(request)
    ids = [int(key) for key in request.POST.getlist("dekret") if key.isdecimal()][:MOST]
    outcome = decisions.approve_many(ids, operator=request.user)
    if outcome.approved:
        messages.success(request, f"Zatwierdzono {counted(len(outcome.approved), *DOCUMENTS)}.")
    for dekret, reason in outcome.refused:
        messages.warning(request, f"{dekret.invoice.number}: {reason}")
    return redirect(place.url())


def _rows(place: Place, confidence: int) -> list[Dekret]:
    ids = queue.above(place.operator, place.filters, confidence, MOST)
    rows = Dekret.objects.visible_to(place.operator).filter(pk__in=ids)
    return list(rows.select_related("client", "invoice").order_by("queued_at", "pk"))


def _confidence(request: OperatorRequest) -> int:
    asked = request.GET.get("pewnosc", "")
    return min(int(asked), 100) if asked.isdecimal() else SURE
