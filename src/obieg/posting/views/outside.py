"""Purchases from outside KSeF: the list, typing one, a file of many, deleting a mistyped one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from obieg.core.polish import counted
from obieg.office.models import Client
from obieg.office.request import OperatorRequest, needs
from obieg.office.rights import Right
from obieg.posting import outside, outside_file
from obieg.posting.models import OutsidePurchase
from obieg.posting.outside_form import OutsideForm, OutsideUpload

SHOWN = 200
TWICE = "Z tego jest już w KSeF: {words}. Sprawdź je, zanim zaksięgujesz drugi raz."


@needs(Right.POST, on="POST")
def entries(request: OperatorRequest, client_id: int) -> HttpResponse:
    """The client's entries, the newest first, and the form of another one."""
    client = _client(request, client_id)
    form = OutsideForm(request.POST or None)
    if form.is_valid():
        _enter(request, client, [form.save(commit=False)])
        return redirect("clients-outside", client.pk)
    return _page(request, client, form, OutsideUpload())


@require_POST
@needs(Right.POST)
def take_in(request: OperatorRequest, client_id: int) -> HttpResponse:
    """Every row of a CSV file, or none where one is wrong."""
    client = _client(request, client_id)
    upload = OutsideUpload(request.POST, request.FILES)
    if not upload.is_valid():
        return _page(request, client, OutsideForm(), upload)
    try:
        purchases = outside_file.read(upload.cleaned_data["file"].read())
    except outside_file.OutsideFileUnreadable as error:
        upload.add_error("file", str(error))
        return _page(request, client, OutsideForm(), upload)
    _enter(request, client, purchases)
    return redirect("clients-outside", client.pk)


@require_POST
@needs(Right.POST)
def delete(request: OperatorRequest, entry_id: int) -> HttpResponse:
    """A mistyped entry goes; the trail keeps it."""
    visible = OutsidePurchase.objects.visible_to(request.user)
    entry = get_object_or_404(visible, pk=entry_id)
    outside.remove(entry, operator=request.user)
    messages.success(request, f"Usunięto wpis {entry.number}.")
    return redirect("clients-outside", entry.client_id)


def _enter(request: OperatorRequest, client: Client, purchases: list[OutsidePurchase]) -> None:
    known = outside.enter(purchases, client, operator=request.user)
    words = counted(len(purchases), "zakup", "zakupy", "zakupów")
    messages.success(request, f"Wpisano: {words}.")
    if known:
        words = counted(known, "dokument", "dokumenty", "dokumentów")
        messages.warning(request, TWICE.format(words=words))


def _page(
    request: OperatorRequest, client: Client, form: OutsideForm, upload: OutsideUpload
) -> HttpResponse:
    rows = OutsidePurchase.objects.of_client(client).select_related("invoice__dekret", "entered_by")
    facts = {
        "client": client,
        "form": form,
        "upload": upload,
        "rows": rows.order_by("-pk")[:SHOWN],
        "most": SHOWN,
        "here": "outside",
    }
    status = 422 if form.is_bound or upload.is_bound else 200
    return render(request, "posting/partners/outside.html", facts, status=status)


def _client(request: OperatorRequest, client_id: int) -> Client:
    return get_object_or_404(Client.objects.visible_to(request.user), pk=client_id)
