"""Pages of credentials: the plan of all clients, and what is tried and asked for at one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from obieg.calls import moving, outside
from obieg.calls import plan as plans
from obieg.calls.choosing import WayForm, choice_facts
from obieg.calls.listing import credentials_sheet
from obieg.calls.trial import try_credential
from obieg.core.errors import ObiegError
from obieg.core.polish import counted
from obieg.office.models import Client
from obieg.office.request import OperatorRequest, needs
from obieg.office.rights import Right
from obieg.office.uploads import LimitedFileField
from obieg.vault import enrolment
from obieg.vault.credentials import credential_for, signed_access_of
from obieg.vault.models import Credential, CredentialUsage, CredentialUse, Enrolment

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 50


class SignedForm(forms.Form):
    """The request as it was signed elsewhere."""

    document = LimitedFileField(label="Podpisany plik XML", most=outside.LARGEST)


@needs(Right.CREDENTIALS)
def plan(request: OperatorRequest) -> HttpResponse:
    """Who still lives on a token, the end of every access, and the way on."""
    return render(request, "calls/plan.html", {"plan": plans.plan_of(request.user)})


@require_POST
@needs(Right.CREDENTIALS)
def move_all(request: OperatorRequest) -> HttpResponse:
    """Begin, for every client, what can be done without anybody's signature."""
    begun, why = plans.begin_all(request.user)
    words = counted(begun, "przejście", "przejścia", "przejść")
    messages.success(request, f"Zlecono: {words}. Postęp widać na tej stronie.")
    for line in why:
        messages.warning(request, line)
    return redirect("credentials-plan")


@needs(Right.CREDENTIALS)
def sheet(request: OperatorRequest) -> HttpResponse:
    """The list for the quarterly audit."""
    name = f"poswiadczenia-{timezone.localdate():%Y-%m-%d}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(credentials_sheet(request.user), content_type=XLSX, headers=headers)


@needs(Right.CREDENTIALS)
def credentials(request: OperatorRequest, client_id: int) -> HttpResponse:
    """Everything that opens KSeF for a client, now and before."""
    return page(request, client_of(request, client_id))


@require_POST
@needs(Right.CREDENTIALS)
def try_now(request: OperatorRequest, client_id: int) -> HttpResponse:
    """Log in, with what Obieg uses or with the operator's own, and say what is permitted."""
    client = client_of(request, client_id)
    operator = request.user if "moje" in request.POST else None
    try:
        credential = credential_for(client, operator=operator)
        trial = try_credential(credential, client, actor=request.user, by_hand=True)
    except ObiegError as error:
        return page(request, client, error=error, status=422)
    return page(request, client, trial=trial, tried=credential)


@require_POST
@needs(Right.CREDENTIALS)
def choose_way(request: OperatorRequest, client_id: int) -> HttpResponse:
    """Say with which credential Obieg connects for the client."""
    client = client_of(request, client_id)
    form = WayForm(request.POST)
    if not form.is_valid():
        return page(request, client, way_form=form, status=422)
    form.keep(client, actor=request.user)
    messages.success(request, "Zapisano, czym Obieg łączy się z KSeF u tego klienta.")
    return redirect("clients-credentials", client.pk)


@require_POST
@needs(Right.CREDENTIALS)
def move(request: OperatorRequest, client_id: int) -> HttpResponse:
    """Queue the passage to the office's certificate."""
    client = client_of(request, client_id)
    try:
        moving.begin(client, actor=request.user)
    except ObiegError as error:
        return page(request, client, error=error, status=422)
    messages.success(request, "Zlecono próbę certyfikatu biura. Token zostaje do jej powodzenia.")
    return redirect("clients-credentials", client.pk)


@require_POST
@needs(Right.CREDENTIALS)
def enrol(request: OperatorRequest, client_id: int) -> HttpResponse:
    """Ask KSeF for a certificate that logs in; it is tried before it takes over."""
    client = client_of(request, client_id)
    try:
        enrolment.begin(client, actor=request.user, usage=CredentialUsage.AUTHENTICATION)
    except ObiegError as error:
        return page(request, client, error=error, status=422)
    messages.success(request, "Wniosek zlecony. Nowy certyfikat zastąpi obecny dostęp po próbie.")
    return redirect("clients-credentials", client.pk)


@require_POST
@needs(Right.CREDENTIALS)
def to_sign(request: OperatorRequest, client_id: int) -> HttpResponse:
    """The request with a fresh challenge, as a file."""
    client = client_of(request, client_id)
    try:
        document = outside.request_to_sign(client)
    except ObiegError as error:
        return page(request, client, error=error, status=422)
    name = f"AuthTokenRequest-{client.context}.xml"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(document, content_type="application/xml", headers=headers)


@require_POST
@needs(Right.CREDENTIALS)
def signed(request: OperatorRequest, client_id: int) -> HttpResponse:
    """Log in with the signed request."""
    client = client_of(request, client_id)
    form = SignedForm(request.POST, request.FILES)
    if not form.is_valid():
        return page(request, client, form=form, status=422)
    document = form.cleaned_data["document"].read()
    try:
        outside.log_in_signed(client, document, actor=request.user)
    except ObiegError as error:
        return page(request, client, error=error, status=422)
    messages.success(request, "KSeF przyjął podpis. Możesz teraz zamówić certyfikat.")
    return redirect("clients-credentials", client.pk)


def client_of(request: OperatorRequest, client_id: int) -> Client:
    """The client, or 404 where he is not the operator's."""
    return get_object_or_404(Client.objects.visible_to(request.user), pk=client_id)


def page(
    request: OperatorRequest, client: Client, *, status: int = 200, **more: Any
) -> HttpResponse:
    """A client's credentials, with what has just been done or has failed."""
    facts = {
        "client": client,
        "rows": _rows(client),
        "token": moving.token_in_use(client),
        "office": moving.office_certificate_for(client),
        "signed": signed_access_of(client),
        "enrolments": _enrolments(client),
        "uses": CredentialUse.objects.of_client(client)
        .select_related("credential", "actor")
        .order_by("-pk")[:10],
        "form": SignedForm(),
        **choice_facts(client, request.user),
    }
    return render(request, "calls/credentials.html", {**facts, **more}, status=status)


def _rows(client: Client) -> list[Credential]:
    rows = Credential.objects.of_client(client).defer("ciphertext", "wrapped_key")
    known = rows.select_related("created_by", "operator", "revocation")
    return list(known.order_by("-active", "-pk")[:SHOWN])


def _enrolments(client: Client) -> list[Enrolment]:
    rows = Enrolment.objects.of_client(client).filter(usage=CredentialUsage.AUTHENTICATION)
    return list(rows.defer("sealed_key").order_by("-pk")[:5])
