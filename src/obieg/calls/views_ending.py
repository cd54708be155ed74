"""Pages of the end: of one credential, and of the cooperation with a client."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from obieg.calls.ending import end_cooperation, held_secrets, last_protocol
from obieg.calls.retiring import retire
from obieg.calls.views import client_of, page
from obieg.core.errors import ObiegError
from obieg.core.nip import clean_nip
from obieg.office.models import Client
from obieg.office.request import OperatorRequest, fresh_login, needs
from obieg.office.rights import Right
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

    def __init__(self, *args: Any, client: Client) -> None:
        super().__init__(*args)
        self._client = client

    def clean_nip(self) -> str:
        nip = clean_nip(self.cleaned_data["nip"])
        if nip != self._client.nip:
            raise forms.ValidationError("To nie jest NIP tego klienta.")
        return nip


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


@needs(Right.CREDENTIALS)
@fresh_login
def ending(request: OperatorRequest, client_id: int) -> HttpResponse:
    """What is held for the client, and the one button that ends it all."""
    client = client_of(request, client_id)
    form = EndingForm(*([request.POST] if request.method == "POST" else []), client=client)
    if not form.is_bound:
        return _ending(request, client, form)
    if not form.is_valid():
        return _ending(request, client, form, status=422)
    try:
        end_cooperation(client, in_ksef=form.cleaned_data["in_ksef"], actor=request.user)
    except ObiegError as error:
        return _ending(request, client, form, error=error, status=422)
    return redirect("clients-ending-protocol", client.pk)


@needs(Right.CREDENTIALS)
def protocol(request: OperatorRequest, client_id: int) -> HttpResponse:
    """What was done, to print and to sign."""
    client = client_of(request, client_id)
    event = last_protocol(client)
    if event is None:
        raise Http404
    return render(request, "calls/protocol.html", {"client": client, "event": event})


def _ending(
    request: OperatorRequest, client: Client, form: EndingForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    facts = {
        "client": client,
        "form": form,
        "held": held_secrets(client),
        "grants": AccessGrant.objects.of_client(client).count(),
        "last": last_protocol(client),
    }
    return render(request, "calls/ending.html", {**facts, **more}, status=status)
