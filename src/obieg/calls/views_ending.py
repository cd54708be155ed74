"""Pages of the end: of one credential, and of the cooperation with a client."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from obieg.calls import ending as endings
from obieg.calls import revoking
from obieg.calls.ending import held_secrets, last_protocol, present_ending
from obieg.calls.models import Revocation
from obieg.calls.protocol import protocol_pdf
from obieg.calls.retiring import retire
from obieg.calls.states import EndingState
from obieg.calls.views import client_of, page
from obieg.core.errors import ObiegError
from obieg.core.nip import clean_nip
from obieg.office.models import Client, Event
from obieg.office.proof import take_typed
from obieg.office.request import OperatorRequest, fresh_form, fresh_login, needs
from obieg.office.rights import Right
from obieg.office.states import IllegalTransition
from obieg.vault.errors import CredentialInUse
from obieg.vault.models import AccessGrant, Credential


class EndingForm(forms.Form):
    """The wish to end, confirmed by the client's number."""

    in_ksef = forms.BooleanField(
        label="Unieważnij też w KSeF",
        required=False,
        initial=True,
        help_text="Odznacz tylko wtedy, gdy KSeF nie odpowiada, a zniszczyć trzeba od razu.",
    )
    nip = forms.CharField(label="Przepisz NIP klienta", max_length=20)

    def __init__(self, *args: Any, client: Client, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._client = client
        if client.internal_id:  # its NIP is its head's
            self.fields["nip"].label = "Przepisz identyfikator wewnętrzny oddziału"

    def clean_nip(self) -> str:
        typed = clean_nip(self.cleaned_data["nip"])
        if typed != clean_nip(self._client.context):
            raise forms.ValidationError(f"To nie jest {self._client.context_name} tego klienta.")
        return typed


@require_POST
@needs(Right.CREDENTIALS)
@fresh_login
def retire_one(request: OperatorRequest, credential_id: int) -> HttpResponse:
    """Revoke a withdrawn credential in KSeF and destroy it here."""
    rows = Credential.objects.visible_to(request.user).select_related("client")
    credential = get_object_or_404(rows.filter(client__isnull=False), pk=credential_id)
    client = credential.client
    assert client is not None  # noqa: S101 - filtered above
    try:
        if credential.active:
            raise CredentialInUse(label=credential.label)
        in_ksef = "tylko-tutaj" not in request.POST
        said = retire(credential, client, in_ksef=in_ksef, actor=request.user)
    except ObiegError as error:
        return page(request, client, error=error, status=422)
    messages.success(request, "Zniszczono w sejfie" + (f"; {said}." if said else "."))
    return redirect("clients-credentials", client.pk)


@require_POST
@needs(Right.CREDENTIALS)
@fresh_login
def revoke_again(request: OperatorRequest, revocation_id: int) -> HttpResponse:
    """Queue once more a revocation that failed or waits."""
    rows = Revocation.objects.visible_to(request.user).select_related("credential", "client")
    row = get_object_or_404(rows, pk=revocation_id)
    revoking.ask(row.credential, row.client, actor=request.user)
    messages.success(request, "Zlecono unieważnienie w KSeF. Wynik pojawi się na liście.")
    return redirect("clients-credentials", row.client.pk)


@needs(Right.CREDENTIALS)
@fresh_form("in_ksef", "nip")
def ending(request: OperatorRequest, client_id: int) -> HttpResponse:
    """What is held for the client, and the one button that ends it all."""
    client = client_of(request, client_id)
    present = present_ending(client)
    if present is not None and present.state != EndingState.DONE:
        return redirect("clients-ending-progress", client.pk)
    posted = [request.POST] if request.method == "POST" else []
    typed = take_typed(request.session, request.path) or None
    form = EndingForm(*posted, client=client, initial=typed)
    if not form.is_bound:
        return _ending(request, client, form)
    if not form.is_valid():
        return _ending(request, client, form, status=422)
    try:
        endings.begin(client, in_ksef=form.cleaned_data["in_ksef"], actor=request.user)
    except ObiegError as error:
        return _ending(request, client, form, error=error, status=422)
    return redirect("clients-ending-progress", client.pk)


@needs(Right.CREDENTIALS)
def progress(request: OperatorRequest, client_id: int) -> HttpResponse:
    """What was done and what is left, line by line; the page looks again by itself."""
    client = client_of(request, client_id)
    present = present_ending(client)
    if present is None:
        return redirect("clients-ending", client.pk)
    lines = list(endings.lines_of(present))
    facts = {
        "client": client,
        "ending": present,
        "lines": lines,
        "done": sum(line.done_at is not None for line in lines),
    }
    return render(request, "calls/ending_progress.html", facts)


@require_POST
@needs(Right.CREDENTIALS)
@fresh_login
def repeat(request: OperatorRequest, client_id: int) -> HttpResponse:
    """Go on with an ending that was broken off, with KSeF or without."""
    client = client_of(request, client_id)
    present = present_ending(client)
    if present is None:
        raise Http404
    in_ksef = present.in_ksef and "tylko-tutaj" not in request.POST
    try:
        endings.repeat(present, in_ksef=in_ksef, actor=request.user)
    except IllegalTransition:
        messages.warning(request, "Zakończenie współpracy już trwa albo się skończyło.")
    return redirect("clients-ending-progress", client.pk)


@needs(Right.CREDENTIALS)
def protocol(request: OperatorRequest, client_id: int) -> HttpResponse:
    """What was done, to print and to sign."""
    client = client_of(request, client_id)
    facts = {"client": client, "event": _protocol(client)}
    return render(request, "calls/protocol.html", facts)


@needs(Right.CREDENTIALS)
def protocol_file(request: OperatorRequest, client_id: int) -> HttpResponse:
    """The same as PDF."""
    client = client_of(request, client_id)
    name = f"protokol-zakonczenia-{client.nip}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    content = protocol_pdf(client, _protocol(client))
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _protocol(client: Client) -> Event:
    event = last_protocol(client)
    if event is None:
        raise Http404
    return event


def _ending(
    request: OperatorRequest, client: Client, form: EndingForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    facts = {
        "client": client,
        "form": form,
        "held": held_secrets(client),
        "grants": AccessGrant.objects.of_client(client).count(),
        "unsent": revoking.documents_waiting(client=client),
        "last": last_protocol(client),
    }
    return render(request, "calls/ending.html", {**facts, **more}, status=status)
