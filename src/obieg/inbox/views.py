"""Pages of the inbox: clients and their synchronisation, fetching by hand, access to KSeF."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from obieg.core.errors import ObiegError, UserFixable
from obieg.core.polish import counted
from obieg.inbox import by_hand
from obieg.inbox.forms import AccessForm, CertificateForm, NumberForm, PeriodForm, TokenForm
from obieg.inbox.models import Invoice, Quarantined
from obieg.inbox.overview import overview_of, overviews
from obieg.inbox.queries import channels_of, packages_of, quarantined_of, xml_of
from obieg.inbox.rereading import retry_quarantined
from obieg.office.models import Client
from obieg.office.proof import is_fresh, take_typed
from obieg.office.request import OperatorRequest, fresh_form, needs
from obieg.office.rights import Right

PACKAGES_SHOWN = 12
KEPT = ("label", "environment")  # of a credential's form: what is no secret


def clients(request: OperatorRequest) -> HttpResponse:
    """The operator's clients, with what does not work marked."""
    words, state = request.GET.get("szukaj", ""), request.GET.get("stan", "")
    rows = overviews(request.user, words=words, state=state)
    facts = {"rows": rows, "words": words, "state": state, "is_filtered": bool(words or state)}
    return render(request, "inbox/clients.html", facts)


def client_page(request: OperatorRequest, client_id: int) -> HttpResponse:
    """One client: synchronisation, access, fetching by hand."""
    return _page(request, _client(request, client_id))


@require_POST
@needs(Right.IMPORT)
def synchronise_now(request: OperatorRequest, client_id: int) -> HttpResponse:
    client = _client(request, client_id)
    by_hand.synchronise_now(client, request.user)
    messages.success(request, "Synchronizacja zlecona. Możesz pracować dalej; wynik pojawi się tu.")
    return redirect("clients-page", client.pk)


@require_POST
@needs(Right.IMPORT)
def fetch_period(request: OperatorRequest, client_id: int) -> HttpResponse:
    client = _client(request, client_id)
    form = PeriodForm(request.POST, client=client)
    if not form.is_valid():
        return _page(request, client, period_form=form)
    by_hand.fetch_period(client, *form.asked(), request.user)
    messages.success(request, "Pobieranie okresu zlecone. Postęp widać w tabeli paczek.")
    return redirect("clients-page", client.pk)


@require_POST
@needs(Right.IMPORT)
def fetch_by_number(request: OperatorRequest, client_id: int) -> HttpResponse:
    client = _client(request, client_id)
    form = NumberForm(request.POST)
    if form.is_valid():
        number = form.cleaned_data["ksef_number"]
        try:
            found = by_hand.fetch_by_number(client, number, request.user)
        except ObiegError as error:
            form.add_error("ksef_number", f"{error} (kod {error.code})")
        else:
            return redirect("documents-one", found.pk) if found else redirect("clients-quarantine")
    return _page(request, client, number_form=form)


@require_POST
@needs(Right.CREDENTIALS)
@fresh_form(*KEPT)
def token_add(request: OperatorRequest, client_id: int) -> HttpResponse:
    client = _client(request, client_id)
    form = TokenForm(request.POST)
    if _kept(request, form, client):
        return redirect("clients-page", client.pk)
    return _page(request, client, token_form=form)


@require_POST
@needs(Right.CREDENTIALS)
@fresh_form(*KEPT)
def certificate_add(request: OperatorRequest, client_id: int) -> HttpResponse:
    client = _client(request, client_id)
    form = CertificateForm(request.POST, request.FILES)
    if _kept(request, form, client):
        return redirect("clients-page", client.pk)
    return _page(request, client, certificate_form=form)


@needs(Right.CREDENTIALS)
@fresh_form(*KEPT)
def office_access(request: OperatorRequest) -> HttpResponse:
    """The office's own certificate: for every client that granted the office its rights."""
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = CertificateForm(*posted, initial=take_typed(request.session, request.path))
    if form.is_bound and _kept(request, form, None):
        return redirect("office-access")
    return render(request, "inbox/office_access.html", {"form": form})


def quarantine(request: OperatorRequest) -> HttpResponse:
    """Files that could not be read, the newest first."""
    files = Quarantined.objects.visible_to(request.user).filter(resolved_at=None)
    shown = files.select_related("client").defer("content").order_by("-pk")[:200]
    return render(request, "inbox/quarantine.html", {"files": shown})


@require_POST
@needs(Right.IMPORT)
def quarantine_retry(request: OperatorRequest, client_id: int) -> HttpResponse:
    """Read the client's files again, as after an upgrade."""
    read = retry_quarantined(_client(request, client_id))
    words = counted(read, "plik odczytany", "pliki odczytane", "plików odczytanych")
    messages.success(request, f"{words}; pozostałe bez zmian.")
    return redirect("clients-quarantine")


def quarantined_file(request: OperatorRequest, file_id: int) -> HttpResponse:
    file = get_object_or_404(Quarantined.objects.visible_to(request.user), pk=file_id)
    return _download(file.content, file.name)


def invoice_xml(request: OperatorRequest, invoice_id: int) -> HttpResponse:
    """The original of a document, byte for byte."""
    invoice = get_object_or_404(Invoice.objects.visible_to(request.user), pk=invoice_id)
    return _download(xml_of(invoice), f"{invoice.ksef_number}.xml")


def _client(request: OperatorRequest, client_id: int) -> Client:
    return get_object_or_404(Client.objects.visible_to(request.user), pk=client_id)


def _page(request: OperatorRequest, client: Client, **bound: forms.Form) -> HttpResponse:
    """The client's page; a form that failed comes back as it was typed, with status 422."""
    start = {"environment": client.environment}
    token = {"label": f"Token {client.name}"[:200], **_typed(request, "clients-token", client)}
    certificate = _typed(request, "clients-certificate", client)
    visible = Client.objects.visible_to(request.user)
    facts: dict[str, Any] = {
        "overview": overview_of(client),
        "client": client,
        "branches": list(visible.filter(branch_of=client)),
        "head": visible.filter(branches=client).first(),
        "operators": client.operators.filter(is_active=True).order_by("name"),
        "channels": channels_of(client),
        "packages": packages_of(client, PACKAGES_SHOWN),
        "quarantined": len(quarantined_of(client)),
        "may_credentials": request.user.may(Right.CREDENTIALS),
        "period_form": PeriodForm(client=client),
        "number_form": NumberForm(),
        "is_fresh": is_fresh(request.session),
        "token_form": TokenForm(initial=start | token),
        "certificate_form": CertificateForm(initial=start | certificate),
        "typed": "token" if "environment" in token else "certificate" if certificate else "",
    }
    return render(request, "inbox/client.html", facts | bound, status=422 if bound else 200)


def _typed(request: OperatorRequest, name: str, client: Client) -> dict[str, Any]:
    """What was typed into the form sent to `name` before the proof was asked for."""
    return take_typed(request.session, reverse(name, args=[client.pk]))


def _kept(request: OperatorRequest, form: AccessForm, client: Client | None) -> bool:
    """Whether the credential of `form` went into the vault; otherwise the form says why not."""
    if not form.is_valid():
        return False
    try:
        form.keep(client, actor=request.user)
    except UserFixable as error:
        form.add_error(None, f"{error} (kod {error.code})")
        return False
    messages.success(request, "Dostęp zapisany w sejfie i używany od następnej synchronizacji.")
    return True


def _download(content: bytes | memoryview, name: str) -> HttpResponse:
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(
        bytes(content),
        content_type="application/xml",
        headers={"Content-Disposition": disposition},
    )
