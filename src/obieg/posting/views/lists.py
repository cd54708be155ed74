"""Lists of documents: purchases, sales, and all that a search finds."""

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse

from obieg.core.polish import today
from obieg.inbox.models import Direction
from obieg.office.request import OperatorRequest
from obieg.posting.forms import ListForm
from obieg.posting.listing import Page, everything, page_of
from obieg.posting.spreadsheet import csv_lines

TITLES = {Direction.PURCHASE: "Zakupy", None: "Dokumenty"}
NAMES = {Direction.PURCHASE: "purchases", None: "documents"}
COLUMNS = (
    ("data", "Wystawiona", ""),
    ("numer", "Numer", ""),
    ("", "Kontrahent", ""),
    ("", "Klient", ""),
    ("", "Netto", "num"),
    ("", "VAT", "num"),
    ("kwota", "Brutto", "num"),
    ("termin", "Termin", ""),
    ("", "Stan", ""),
)


def documents(request: OperatorRequest, direction: Direction | None = None) -> HttpResponse:
    """One page of a list; its filters, order and place are its address."""
    form = ListForm(request.GET, operator=request.user)
    page = Page(rows=[], next="", count=0)
    if form.is_valid():
        after = request.GET.get("po", "")
        page = page_of(request.user, form.selection(direction), after)
    facts = {
        "form": form,
        "page": page,
        "direction": direction,
        "title": TITLES[direction],
        "columns": COLUMNS,
        "order": request.GET.get("sort", "-data"),
        "sheet": reverse(f"{NAMES[direction]}-sheet"),
        "is_filtered": any(form[name].data for name in ("szukaj", "klient", "stan", "od", "do")),
    }
    return render(request, "posting/list.html", facts)


def spreadsheet(request: OperatorRequest, direction: Direction | None = None) -> HttpResponse:
    """Everything that the filters select, as CSV."""
    form = ListForm(request.GET, operator=request.user)
    if not form.is_valid():
        return documents(request, direction)
    rows = everything(request.user, form.selection(direction))
    name = f"{NAMES[direction]}-{today().isoformat()}.csv"
    return StreamingHttpResponse(  # type: ignore[return-value] # a response all the same
        csv_lines(rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
