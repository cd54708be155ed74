"""Pages that grant permissions and take them back; each asks for a fresh login."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from obieg.calls.permissions import ordering
from obieg.calls.permissions.comparison import Comparison
from obieg.calls.permissions.forms import AuthorizationForm, FirmForm, PersonForm
from obieg.calls.permissions.models import OfficeFirm, Order
from obieg.calls.permissions.storing import reading_of
from obieg.calls.permissions.views import client_of, grant_of, page
from obieg.core.errors import UserFixable
from obieg.office.models import Client, Operator
from obieg.office.request import OperatorRequest, fresh_login, needs
from obieg.office.rights import Right

ORDERED = "Zlecono. Obieg czeka na odpowiedź KSeF; wynik pokaże się na tej stronie."
FORMS: dict[str, tuple[str, type[forms.Form]]] = {
    "osoba": ("Osoba", PersonForm),
    "podmiot": ("Podmiot (np. biuro)", FirmForm),
    "fakturujacy": ("Fakturujący w imieniu klienta", AuthorizationForm),
}


@require_POST
@needs(Right.PERMISSIONS)
@fresh_login
def grant_office(request: OperatorRequest, client_id: int) -> HttpResponse:
    """Let the office's NIP do what it needs here."""
    client = client_of(request, client_id)
    asked = Comparison(reading_of(client), OfficeFirm.present()).to_ask_for
    try:
        ordering.grant_office(
            client, scopes=asked, can_delegate="dalej" in request.POST, actor=request.user
        )
    except UserFixable as error:
        return page(request, client, error=error, status=422)
    messages.success(request, ORDERED)
    return redirect("clients-permissions", client.pk)


@needs(Right.PERMISSIONS)
@fresh_login
def grant(request: OperatorRequest, client_id: int) -> HttpResponse:
    """Let a person or a firm work at the client."""
    client = client_of(request, client_id)
    chosen = request.GET.get("komu", "osoba")
    chosen = chosen if chosen in FORMS else "osoba"
    form = FORMS[chosen][1](request.POST if request.method == "POST" else None)
    error = None
    if form.is_bound and form.is_valid():
        try:
            _order(client, form, request.user)
        except UserFixable as refused:
            error = refused
        else:
            messages.success(request, ORDERED)
            return redirect("clients-permissions", client.pk)
    facts = {
        "client": client,
        "form": form,
        "error": error,
        "chosen": chosen,
        "choices": [(key, title) for key, (title, _) in FORMS.items()],
        "may_manage": ordering.may_manage(client),
    }
    status = 422 if error or form.errors else 200
    return render(request, "permissions/grant.html", facts, status=status)


@needs(Right.PERMISSIONS)
@fresh_login
def revoke(request: OperatorRequest, grant_id: int) -> HttpResponse:
    """Take a permission back, asked once."""
    row = grant_of(request, grant_id)
    error = None
    if request.method == "POST":
        try:
            ordering.revoke(row, actor=request.user)
        except UserFixable as refused:
            error = refused
        else:
            messages.success(request, ORDERED)
            return redirect("clients-permissions", row.client_id)
    firm = OfficeFirm.present()
    facts = {
        "client": row.client,
        "grant": row,
        "error": error,
        "is_ours": firm is not None and row.holder_value == firm.nip,
    }
    return render(request, "permissions/revoke.html", facts, status=422 if error else 200)


def _order(client: Client, form: forms.Form, actor: Operator) -> Order:
    given = form.cleaned_data
    if isinstance(form, PersonForm):
        return ordering.grant_person(
            client,
            kind=form.kind,
            value=given["number"],
            first_name=given["first_name"],
            last_name=given["last_name"],
            scopes=given["scopes"],
            description=given["description"],
            actor=actor,
        )
    if isinstance(form, FirmForm):
        return ordering.grant_firm(client, actor=actor, **given)
    return ordering.authorize(client, actor=actor, **given)
