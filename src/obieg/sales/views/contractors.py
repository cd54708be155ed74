"""The buyers of a client: their list, and the form of one."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from obieg.office.models import Event
from obieg.office.request import OperatorRequest, needs
from obieg.office.rights import Right
from obieg.sales import contractors as kept
from obieg.sales.forms.contractor import ContractorForm
from obieg.sales.models import Contractor
from obieg.sales.views.reach import client_of, rights_of

MOST = 200


def contractors(request: OperatorRequest, client_id: int) -> HttpResponse:
    """The client's buyers, found by name or number."""
    client = client_of(request, client_id)
    words = request.GET.get("szukaj", "")
    rows = kept.find(client, words, MOST)
    facts = {
        **rights_of(request),
        "client": client,
        "words": words,
        "rows": [(row, kept.number_of(row)) for row in rows],
        "most": MOST,
    }
    return render(request, "sales/contractors.html", facts)


@needs(Right.ISSUE)
def contractor_add(request: OperatorRequest, client_id: int) -> HttpResponse:
    return _edit(request, Contractor(client=client_of(request, client_id)))


@needs(Right.ISSUE)
def contractor_edit(request: OperatorRequest, contractor_id: int) -> HttpResponse:
    return _edit(request, _contractor(request, contractor_id))


@require_POST
@needs(Right.ISSUE)
def remove(request: OperatorRequest, contractor_id: int) -> HttpResponse:
    """Forget a buyer; its invoices keep what they say."""
    stored = _contractor(request, contractor_id)
    with transaction.atomic():
        Event.objects.create(
            client=stored.client,
            thing="sales.contractor",
            thing_id=stored.pk,
            actor=request.user,
            kind="delete",
            before={"name": stored.name},
        )
        Contractor.objects.of_client(stored.client).filter(pk=contractor_id).delete()
    messages.success(request, f"Usunięto: {stored.name}.")
    return redirect("clients-contractors", stored.client_id)


def _contractor(request: OperatorRequest, contractor_id: int) -> Contractor:
    rows = Contractor.objects.visible_to(request.user).select_related("client")
    return get_object_or_404(rows, pk=contractor_id)


def _edit(request: OperatorRequest, stored: Contractor) -> HttpResponse:
    before = {"name": stored.name, "nip": stored.content.get("nip", "")} if stored.pk else None
    form = ContractorForm(request.POST or None, instance=stored)
    if form.is_valid():
        with transaction.atomic():
            saved = form.save(commit=False)
            kept.keep(saved, form.buyer(), actor=request.user, before=before)
        messages.success(request, f"Zapisano: {saved.name}.")
        return redirect("clients-contractors", stored.client_id)
    facts = {"client": stored.client, "contractor": stored, "form": form}
    return render(request, "sales/contractor.html", facts, status=422 if form.is_bound else 200)
