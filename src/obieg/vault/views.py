"""Pages of credentials: a client's certificate of type Offline."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from obieg.core.errors import UserFixable
from obieg.office.models import Client
from obieg.office.proof import is_fresh
from obieg.office.request import OperatorRequest, fresh_login, needs
from obieg.office.rights import Right
from obieg.vault import enrolment
from obieg.vault.forms import OfflineFileForm
from obieg.vault.models import Credential, CredentialUsage, Enrolment
from obieg.vault.offline import offline_certificate_for

ENROLMENTS_SHOWN = 5


@needs(Right.CREDENTIALS)
def offline(request: OperatorRequest, client_id: int) -> HttpResponse:
    """The certificate in use, what was asked for, and the ways to a new one."""
    return _page(request, _client(request, client_id))


@require_POST
@needs(Right.CREDENTIALS)
@fresh_login
def offline_enrol(request: OperatorRequest, client_id: int) -> HttpResponse:
    """Ask KSeF for one; the key is made here and stays here."""
    client = _client(request, client_id)
    try:
        enrolment.begin(client, actor=request.user)
    except UserFixable as error:
        return _page(request, client, error=error, status=422)
    messages.success(request, "Wniosek zlecony. Certyfikat pojawi się tu, gdy KSeF go wyda.")
    return redirect("clients-offline", client.pk)


@require_POST
@needs(Right.CREDENTIALS)
@fresh_login
def offline_file(request: OperatorRequest, client_id: int) -> HttpResponse:
    """Take one from files."""
    client = _client(request, client_id)
    form = OfflineFileForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            form.keep(client, actor=request.user)
        except UserFixable as error:
            form.add_error(None, f"{error} (kod {error.code})")
        else:
            messages.success(request, "Certyfikat Offline zapisany w sejfie.")
            return redirect("clients-offline", client.pk)
    return _page(request, client, form=form, status=422)


def _client(request: OperatorRequest, client_id: int) -> Client:
    return get_object_or_404(Client.objects.visible_to(request.user), pk=client_id)


def _page(
    request: OperatorRequest, client: Client, *, status: int = 200, **more: Any
) -> HttpResponse:
    asked = Enrolment.objects.of_client(client).filter(
        environment=client.environment, usage=CredentialUsage.OFFLINE
    )
    current, missing = _current(client)
    facts = {
        "client": client,
        "current": current,
        "missing": missing,
        "enrolments": asked.select_related("asked_by")
        .defer("sealed_key")
        .order_by("-pk")[:ENROLMENTS_SHOWN],
        "form": OfflineFileForm(),
        "is_fresh": is_fresh(request.session),
    }
    return render(request, "vault/offline.html", {**facts, **more}, status=status)


def _current(client: Client) -> tuple[Credential | None, UserFixable | None]:
    """The certificate in use, or why there is none."""
    try:
        return offline_certificate_for(client), None
    except UserFixable as error:
        return None, error
