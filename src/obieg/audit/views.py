"""The page of the audit: who did what, with filters, as a list and as a file."""

import csv
import json
from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone

from obieg.audit.models import Redaction, Seal
from obieg.audit.selection import PAGE, THINGS, Selection
from obieg.audit.words import deed, facts
from obieg.core.cells import plain_cell
from obieg.office.models import Client, Event, Operator
from obieg.office.request import OperatorRequest, needs
from obieg.office.rights import Right

BOM = "\ufeff"
HEADINGS = ("Nr", "Kiedy", "Kto", "Klient", "Co", "Nr rzeczy", "Czyn", "Kod", "Przed", "Po")
MOST = 200_000  # rows of one file


@needs(Right.AUDIT)
def entries(request: OperatorRequest) -> HttpResponse:
    """The entries that the filters select, a hundred a page."""
    selection = Selection.read(request.GET)
    found = list(selection.events(request.user)[: PAGE + 1])
    query = request.GET.copy()
    query.pop("przed", None)
    context: dict[str, Any] = {
        "lines": [_line(entry) for entry in found[:PAGE]],
        "emptied": _emptied(found),
        "next": found[PAGE - 1].pk if len(found) > PAGE else None,
        "query": query.urlencode(),
        "selection": selection,
        "things": THINGS,
        "clients": Client.objects.visible_to(request.user),
        "operators": Operator.objects.order_by("name"),
        "seal": Seal.objects.last(),
    }
    return render(request, "audit/entries.html", context)


def _line(entry: Event) -> dict[str, Any]:
    thing = THINGS.get(entry.thing, entry.thing)
    return {"entry": entry, "thing": thing, "deed": deed(entry), "facts": facts(entry)}


def _emptied(found: list[Event]) -> set[int]:
    """Those whose content went with the data of who they were about."""
    keys = [entry.pk for entry in found]
    return set(Redaction.objects.filter(pk__in=keys).values_list("pk", flat=True))


@needs(Right.AUDIT)
def sheet(request: OperatorRequest) -> HttpResponseBase:
    """The same as CSV."""
    events = Selection.read(request.GET).events(request.user)[:MOST]
    response = StreamingHttpResponse(_lines(events), content_type="text/csv; charset=utf-8")
    name = f"slad-{timezone.localdate():%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


class _Line:
    """Gives back what the csv writer writes, so that it can be streamed."""

    def write(self, line: str) -> str:
        return line


def _lines(events: Any) -> Iterator[str]:
    writer = csv.writer(_Line(), delimiter=";")
    yield BOM + writer.writerow(HEADINGS)
    for event in events.iterator(chunk_size=2000):
        yield writer.writerow(_row(event))


def _row(event: Event) -> list[str]:
    moment = timezone.localtime(event.at)
    return [
        str(event.pk),
        f"{moment:%Y-%m-%d %H:%M:%S}",
        plain_cell(event.actor.name) if event.actor else "Obieg",
        plain_cell(event.client.name) if event.client else "biuro",
        THINGS.get(event.thing, event.thing),
        str(event.thing_id),
        deed(event),
        event.kind,
        *(f"'{json.dumps(facts, ensure_ascii=False)}" for facts in (event.before, event.after)),
    ]
