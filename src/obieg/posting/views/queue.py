"""The queue: three panes, and the decisions made there."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import reswap, retarget

from obieg.core.errors import UserFixable
from obieg.office.request import OperatorRequest, needs
from obieg.office.rights import Right
from obieg.posting import decisions
from obieg.posting.desk import Desk
from obieg.posting.heeding import heed
from obieg.posting.lines_form import split, without
from obieg.posting.models import Dekret
from obieg.posting.offers import offers_of
from obieg.posting.states import DekretState
from obieg.posting.trail import trail
from obieg.posting.views import decided
from obieg.posting.views.place import END, Place


def queue_page(request: OperatorRequest) -> HttpResponse:
    """The list and the desk; where only a part is asked for, that part."""
    place = Place.of(request)
    if request.htmx and request.GET.get("po"):
        return render(request, "posting/queue/rows.html", place.list_facts(None))
    dekret = place.chosen()
    if request.htmx:
        return _desk(request, place, dekret)
    return _page(request, place, dekret, Desk.of(dekret) if dekret else None)


@require_POST
@needs(Right.POST)
def approve(request: OperatorRequest, dekret_id: int) -> HttpResponse:
    """Approve as proposed, or as typed where something was changed."""
    place = Place.of(request)
    dekret = place.dekret(dekret_id)
    desk = Desk.of(dekret, request.POST)
    if not desk.is_valid():
        return _stay(request, place, desk)

    def act() -> None:
        decisions.approve(dekret, operator=request.user, **desk.decision())

    return _decide(request, place, desk, act, DekretState.APPROVED)


@require_POST
@needs(Right.POST)
def reject(request: OperatorRequest, dekret_id: int) -> HttpResponse:
    """Take the document out of the queue, with the reason why."""
    place = Place.of(request)
    dekret = place.dekret(dekret_id)

    def act() -> None:
        decisions.reject(dekret, operator=request.user, note=request.POST.get("note", ""))

    return _decide(request, place, Desk.of(dekret), act, DekretState.REJECTED)


@require_POST
@needs(Right.POST)
def undo(request: OperatorRequest, dekret_id: int) -> HttpResponse:
    """Take a decision back: the document returns to its queue and to the desk."""
    place = Place.of(request)
    dekret = place.dekret(dekret_id)
    decisions.undo(dekret, operator=request.user)
    decided.forget(request, dekret)
    dekret = place.dekret(dekret_id)
    if "document" in request.POST:
        return redirect("documents-one", dekret.invoice_id)
    if not request.htmx:
        return redirect(place.url(dokument=dekret.pk))
    facts = {**place.edges, **place.desk_facts(dekret), **decided.facts(request)}
    facts |= {"desk": Desk.of(dekret), "dekret": dekret, "current_id": dekret.pk}
    facts["is_listed"] = dekret.state == place.filters.state
    return render(request, "posting/queue/undone.html", facts)


@require_POST
@needs(Right.POST)
def preview(request: OperatorRequest, dekret_id: int) -> HttpResponse:
    """The sums and entries of what is typed so far."""
    place = Place.of(request)
    desk = Desk.of(place.dekret(dekret_id), request.POST)
    if request.htmx:
        return render(request, "posting/queue/preview.html", {"desk": desk})
    return _page(request, place, desk.dekret, desk)


@require_POST
@needs(Right.POST)
def divide(request: OperatorRequest, dekret_id: int) -> HttpResponse:
    """Split one line in two, or remove one; everything typed stays."""
    place = Place.of(request)
    desk = Desk.of(place.dekret(dekret_id), request.POST)
    asked = request.POST.get("split") or request.POST.get("remove") or ""
    index = int(asked) if asked.isdecimal() else -1
    if "remove" in request.POST:
        changed = desk.with_rows(without(desk.lines, index))
    else:
        rows = split(desk.lines, index, *desk.totals)
        changed = desk.with_rows(rows, focus=index + 1)
    if request.htmx:
        return _desk(request, place, desk.dekret, changed)
    return _page(request, place, desk.dekret, changed)


@require_POST
@needs(Right.POST)
def heeded(request: OperatorRequest, dekret_id: int) -> HttpResponse:
    """A warning was looked at; everything typed stays."""
    place = Place.of(request)
    dekret = place.dekret(dekret_id)
    heed(dekret, request.POST.get("heed", ""), operator=request.user)
    if "document" in request.POST:
        return redirect("documents-one", dekret.invoice_id)
    desk = Desk.of(place.dekret(dekret_id), request.POST)
    if request.htmx:
        return _desk(request, place, desk.dekret, desk)
    return _page(request, place, desk.dekret, desk)


def _decide(
    request: OperatorRequest,
    place: Place,
    desk: Desk,
    act: Callable[[], None],
    state: DekretState,
) -> HttpResponse:
    """Do it and go on to the next document, or stay with the reason why it cannot be done."""
    try:
        act()
    except UserFixable as error:
        desk.blame(error)
        return _stay(request, place, desk)
    decided.remember(request, desk.dekret, state)
    return _go_on(request, place, desk.dekret)


def _go_on(request: OperatorRequest, place: Place, dekret: Dekret) -> HttpResponse:
    """The next document; where the browser already shows it, the one after that."""
    if "document" in request.POST:
        return redirect("documents-one", dekret.invoice_id)
    if not request.htmx:
        following = place.after(dekret)
        return redirect(place.url(dokument=following.pk if following else END))
    facts = {**place.edges, **decided.facts(request), "decided_id": dekret.pk}
    if "shown" not in request.POST:
        return render(
            request, "posting/queue/after.html", facts | _facts(place, place.after(dekret))
        )
    shown = request.POST["shown"]
    if not shown.isdecimal():
        facts |= {"is_end_shown": True, "refreshed": _facts(place, None), "start_url": place.url()}
        return render(request, "posting/queue/after.html", facts)
    beside = place.dekret(int(shown))
    facts |= _facts(place, place.after(beside))
    if Desk.of(beside).version != request.POST.get("version"):
        facts["refreshed"] = _facts(place, beside)
    return render(request, "posting/queue/after.html", facts)


def _facts(place: Place, dekret: Dekret | None) -> dict[str, Any]:
    """A desk, and where the keys lead from it."""
    return {**place.desk_facts(dekret), "desk": Desk.of(dekret) if dekret else None}


@require_GET
def offers(request: OperatorRequest, dekret_id: int) -> HttpResponse:
    """The client's accounts, cost centres, projects and registers, to choose from while typing."""
    dekret = Place.of(request).dekret(dekret_id)
    facts = {"offers": offers_of(dekret.client), "dekret": dekret}
    return render(request, "posting/queue/offers.html", facts)


@require_GET
def history(request: OperatorRequest, dekret_id: int) -> HttpResponse:
    """Who did what to the dekret, and what it was before."""
    dekret = Place.of(request).dekret(dekret_id)
    return render(request, "posting/parts/trail.html", {"trail": trail(dekret)})


def _stay(request: OperatorRequest, place: Place, desk: Desk) -> HttpResponse:
    """The same document, with what is wrong and everything as it was typed."""
    if not request.htmx:
        return _page(request, place, desk.dekret, desk, status=422)
    response = _desk(request, place, desk.dekret, desk, status=422)
    return reswap(retarget(response, "#desk"), "innerHTML")


def _desk(
    request: OperatorRequest,
    place: Place,
    dekret: Dekret | None,
    desk: Desk | None = None,
    status: int = 200,
) -> HttpResponse:
    facts = place.desk_facts(dekret)
    facts["desk"] = desk or (Desk.of(dekret) if dekret else None)
    return render(request, "posting/queue/desk.html", facts, status=status)


def _page(
    request: OperatorRequest,
    place: Place,
    dekret: Dekret | None,
    desk: Desk | None,
    status: int = 200,
) -> HttpResponse:
    facts = {**place.list_facts(dekret), **place.edges, **place.desk_facts(dekret)}
    facts |= {**decided.facts(request), "desk": desk}
    return render(request, "posting/queue/page.html", facts, status=status)
