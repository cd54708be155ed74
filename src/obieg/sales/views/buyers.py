"""The buyer in the form: contractors found while one types, and the data of the chosen one."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from obieg.office.request import OperatorRequest, needs
from obieg.office.rights import Right
from obieg.sales import contractors
from obieg.sales.beginnings import beginning
from obieg.sales.forms.invoice import InvoiceForm
from obieg.sales.models import Contractor
from obieg.sales.views.reach import client_of


@dataclass(frozen=True, slots=True)
class Offered:
    """A contractor in the list under the buyer's name."""

    contractor: Contractor
    number: str
    url: str  # a new invoice for it, for those without JavaScript
    fill: str  # its data, as the part of the form


@needs(Right.ISSUE)
def suggestions(request: OperatorRequest, client_id: int) -> HttpResponse:
    """The client's contractors that match what is typed."""
    client = client_of(request, client_id)
    found = contractors.find(client, request.GET.get("szukaj", ""))
    new = reverse("sales-new")
    offered = [
        Offered(
            one,
            contractors.number_of(one),
            f"{new}?klient={client.pk}&kontrahent={one.pk}",
            reverse("sales-buyer", args=[one.pk]),
        )
        for one in found
    ]
    return render(request, "sales/form/buyers.html", {"contractors": offered})


@needs(Right.ISSUE)
def fill(request: OperatorRequest, contractor_id: int) -> HttpResponse:
    """The form's part of the buyer, filled with a contractor; its day of payment beside it."""
    rows = Contractor.objects.visible_to(request.user).select_related("client")
    contractor = get_object_or_404(rows, pk=contractor_id)
    client = contractor.client
    form = InvoiceForm(client, beginning(client, contractor))
    due = next(iter(form.rows["payment__terms"]))
    facts = {"buyer": form.buyer, "due": due if contractor.payment_days is not None else None}
    return render(request, "sales/form/filled.html", facts)
