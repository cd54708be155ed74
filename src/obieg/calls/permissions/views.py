"""Pages of one client's permissions: who may do what, reading anew, needs, the letter."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from obieg.calls.permissions import letter, reading, storing
from obieg.calls.permissions.client_page import facts_of
from obieg.calls.permissions.comparison import Comparison
from obieg.calls.permissions.forms import LetterForm
from obieg.calls.permissions.knowing import acquaint
from obieg.calls.permissions.models import Change, Grant, OfficeFirm
from obieg.calls.permissions.storing import reading_of
from obieg.core.errors import ObiegError, UserFixable
from obieg.office.models import Client, Event
from obieg.office.request import OperatorRequest, needs
from obieg.office.rights import Right


@needs(Right.PERMISSIONS)
def permissions(request: OperatorRequest, client_id: int) -> HttpResponse:
    """Who may do what at the client, by the last reading."""
    return page(request, client_of(request, client_id))


@require_POST
@needs(Right.PERMISSIONS)
def read_now(request: OperatorRequest, client_id: int) -> HttpResponse:
    """Ask KSeF at once."""
    client = client_of(request, client_id)
    try:
        reading.read(client, actor=request.user)
    except ObiegError as error:
        if isinstance(error, UserFixable):
            storing.note_failure(client, str(error))
        return page(request, client, error=error, status=422)
    messages.success(request, "Odczytano uprawnienia z KSeF.")
    return redirect("clients-permissions", client.pk)


@require_POST
@needs(Right.PERMISSIONS)
def settle(request: OperatorRequest, client_id: int) -> HttpResponse:
    """The changes made elsewhere that the page showed have been looked at."""
    client = client_of(request, client_id)
    upto = request.POST.get("do", "")
    if upto.isdigit():
        rows = Change.objects.of_client(client).filter(settled_at=None, pk__lte=int(upto))
        seen = list(rows.values_list("pk", flat=True))
        rows.update(settled_at=timezone.now(), settled_by=request.user)
        _note(client, request, "settle", {"changes": seen})
    return redirect("clients-permissions", client.pk)


@require_POST
@needs(Right.PERMISSIONS)
def set_needs(request: OperatorRequest, client_id: int) -> HttpResponse:
    """Whether the office sends this client's sales, and so needs to issue."""
    client = client_of(request, client_id)
    row = reading_of(client)
    before, row.issues = row.issues, "issues" in request.POST
    row.save(update_fields=["issues"])
    if before != row.issues:
        _note(client, request, "edit", {"issues": row.issues}, before={"issues": before})
    return redirect("clients-permissions", client.pk)


@require_POST
@needs(Right.PERMISSIONS)
def know(request: OperatorRequest, grant_id: int) -> HttpResponse:
    """The holder is known: here, or as one of the office's own."""
    grant = grant_of(request, grant_id)
    everywhere = "wszedzie" in request.POST
    acquaint(grant, everywhere=everywhere, actor=request.user)
    where = "jako osoba z biura, u wszystkich klientów" if everywhere else "u tego klienta"
    messages.success(request, f"{grant.holder}: odnotowano, {where}.")
    return redirect("clients-permissions", grant.client_id)


@needs(Right.PERMISSIONS)
def write(request: OperatorRequest, client_id: int) -> HttpResponse:
    """The letter that asks the client to grant what is missing: to copy, or to send."""
    client = client_of(request, client_id)
    asked = Comparison(reading_of(client), OfficeFirm.present()).to_ask_for
    try:
        proposed = {
            "recipients": ", ".join(letter.last_recipients(client)),
            "subject": letter.subject_for(client),
            "text": letter.text_for(client, asked) if asked else "",
        }
        form = LetterForm(request.POST if request.method == "POST" else None, initial=proposed)
        if form.is_bound and form.is_valid():
            letter.send(client, actor=request.user, **form.cleaned_data)
            messages.success(request, "List czeka na wysłanie. Stan pokazuje Poczta.")
            return redirect("clients-permissions", client.pk)
    except UserFixable as error:
        return page(request, client, error=error, status=422)
    facts = {"client": client, "form": form, "asked": asked}
    return render(request, "permissions/letter.html", facts, status=422 if form.errors else 200)


def client_of(request: OperatorRequest, client_id: int) -> Client:
    """The client, or 404 where he is not the operator's."""
    return get_object_or_404(Client.objects.visible_to(request.user), pk=client_id)


def grant_of(request: OperatorRequest, grant_id: int) -> Grant:
    """The permission, or 404 where its client is not the operator's."""
    rows = Grant.objects.visible_to(request.user).select_related("client")
    return get_object_or_404(rows, pk=grant_id)


def page(
    request: OperatorRequest, client: Client, *, status: int = 200, **more: Any
) -> HttpResponse:
    """The client's page, with what has just failed."""
    return render(request, "permissions/client.html", {**facts_of(client), **more}, status=status)


def _note(
    client: Client,
    request: OperatorRequest,
    kind: str,
    after: dict[str, Any],
    *,
    before: dict[str, Any] | None = None,
) -> None:
    Event.objects.create(
        client=client,
        thing="permissions.client",
        thing_id=client.pk,
        actor=request.user,
        kind=kind,
        before=before or {},
        after=after,
    )
