"""The list of sales: one page of it, and the spreadsheet of what it shows."""

from django.http import HttpResponse
from django.shortcuts import render

from obieg.core.polish import today
from obieg.office.request import OperatorRequest
from obieg.sales import listing
from obieg.sales.forms.filters import FILTERS, SalesFilter
from obieg.sales.spreadsheet import MOST, workbook
from obieg.sales.states import SaleState
from obieg.sales.views.files import attachment
from obieg.sales.views.reach import rights_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLUMNS = (
    ("data", "Wystawiona", ""),
    ("numer", "Numer", ""),
    ("", "Nabywca", ""),
    ("", "Klient", ""),
    ("", "Netto", "num"),
    ("", "VAT", "num"),
    ("kwota", "Brutto", "num"),
    ("", "Stan", ""),
    ("", "Numer KSeF", ""),
)
TABS = (
    ("", "wszystkie"),
    (SaleState.DRAFT, "szkice"),
    (SaleState.READY, "niewysłane"),
    (SaleState.WAITING, "tryb awaryjny"),
    (SaleState.SENDING, "wysyłane"),
    (SaleState.REJECTED, "odrzucone"),
    (SaleState.ACCEPTED, "bez UPO"),
    (SaleState.CONFIRMED, "z UPO"),
)


def sales(request: OperatorRequest) -> HttpResponse:
    """One page of the list; its filters, order and place are its address."""
    form = SalesFilter(request.GET, operator=request.user)
    page, counts = listing.Page(rows=[], next="", count=0), {}
    if form.is_valid():
        wanted = form.selection()
        page = listing.page_of(request.user, wanted, request.GET.get("po", ""))
        counts = listing.counts(request.user, wanted)
    chosen = request.GET.get("stan", "")
    facts = {
        **rights_of(request),
        "form": form,
        "page": page,
        "tabs": [
            (state, label, counts.get(state, 0), state == chosen)
            for state, label in TABS
            if not state or counts.get(state) or state == chosen
        ],
        "columns": COLUMNS,
        "order": request.GET.get("sort", "-data"),
        "is_filtered": any(request.GET.get(name) for name in FILTERS),
    }
    return render(request, "sales/list.html", facts)


def spreadsheet(request: OperatorRequest) -> HttpResponse:
    """What the filters select, as a workbook."""
    form = SalesFilter(request.GET, operator=request.user)
    if not form.is_valid():
        return sales(request)
    rows = listing.everything(request.user, form.selection(), MOST)
    return attachment(workbook(rows), f"sprzedaz-{today().isoformat()}.xlsx", XLSX)
