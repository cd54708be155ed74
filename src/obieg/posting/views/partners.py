"""Contractors with history: the list of a client's, and one with all that is known of it."""

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render

from obieg.core.calendar import Month
from obieg.core.polish import today
from obieg.inbox.models import Direction
from obieg.office.models import Client
from obieg.office.request import OperatorRequest
from obieg.posting import partners
from obieg.posting.forms import SIDES, SearchField

HEIGHT, STEP = 80, 16  # of the chart, in its own units
ORDERS = [("data", "ostatni dokument"), ("dokumenty", "liczba dokumentów"), ("kwota", "suma")]


class PartnersForm(forms.Form):
    """Whose partners, which of them, in which order, from which place on."""

    szukaj = SearchField()
    rodzaj = forms.ChoiceField(label="Rodzaj", required=False, choices=SIDES)
    sort = forms.ChoiceField(label="Kolejność", required=False, choices=ORDERS)
    od = forms.IntegerField(required=False, min_value=0, max_value=100_000)
    od.widget = forms.HiddenInput()

    @property
    def direction(self) -> Direction:
        return Direction(self.cleaned_data.get("rodzaj") or Direction.PURCHASE)


def partner_list(request: OperatorRequest, client_id: int) -> HttpResponse:
    """The client's partners, a page at a time."""
    client = _client(request, client_id)
    form = PartnersForm(request.GET)
    facts: dict[str, Any] = {"client": client, "form": form, "rows": [], "here": "partners"}
    if form.is_valid():
        asked, start = form.cleaned_data, form.cleaned_data["od"] or 0
        found = partners.partners(client, form.direction, asked["szukaj"], asked["sort"], start)
        more = start + partners.PAGE if len(found) > partners.PAGE else None
        facts |= {"rows": found[: partners.PAGE], "next": more, "direction": form.direction}
    return render(request, "posting/partners/list.html", facts)


def partner(request: OperatorRequest, client_id: int) -> HttpResponse:
    """One partner: its documents, decisions, amounts by month, accounts and rules."""
    client = _client(request, client_id)
    form = PartnersForm(request.GET)
    nip = request.GET.get("nip", "")
    if not form.is_valid():
        raise Http404
    documents = partners.documents_of(client, form.direction, nip)
    is_sale = form.direction == Direction.SALE
    newest = documents[0] if documents else None
    facts = {
        "client": client,
        "direction": form.direction,
        "nip": nip,
        "name": newest and (newest.buyer_name if is_sale else newest.seller_name),
        "documents": documents,
        "most": partners.DOCUMENTS,
        "usual": partners.usual_accounts(client, form.direction, [nip]).get(nip, []),
        "rules": partners.rules_of(client, form.direction, nip),
        "accounts": [] if is_sale else partners.accounts_of(client, nip),
        "bars": partners.bars(documents, Month.of(today()), height=HEIGHT, step=STEP),
        "width": STEP * partners.MONTHS,
        "height": HEIGHT,
        "here": "partners",
    }
    return render(request, "posting/partners/one.html", facts)


def _client(request: OperatorRequest, client_id: int) -> Client:
    return get_object_or_404(Client.objects.visible_to(request.user), pk=client_id)
