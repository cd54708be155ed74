"""The client as a seller: data, logo, accounts, series, what is done with each kind."""

from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from obieg.office.changes import record_change
from obieg.office.models import Client, Event
from obieg.office.request import OperatorRequest, needs
from obieg.office.rights import Right
from obieg.sales.beginnings import accounts_of
from obieg.sales.forms.seller import AccountForm, PolicyForm, ProfileForm, SeriesForm
from obieg.sales.models import BankAccount, KindPolicy, Series
from obieg.sales.sellers import profile_of
from obieg.sales.views.files import attachment
from obieg.sales.views.reach import client_of

TAKEN = {"account": "Ten rachunek już jest.", "series": "Seria o tym symbolu już jest."}


@needs(Right.ISSUE)
def settings(request: OperatorRequest, client_id: int) -> HttpResponse:
    """Everything on one page; the profile is saved here, the rest has forms of its own."""
    client = client_of(request, client_id)
    if request.method != "POST":
        return _page(request, client)
    form = ProfileForm(request.POST, request.FILES, instance=profile_of(client))
    if not form.is_valid():
        return _page(request, client, profile=form)
    with transaction.atomic():
        form.save()
        record_change(form, thing="sales.profile", kind="edit", actor=request.user, client=client)
    messages.success(request, "Zapisano dane sprzedawcy.")
    return redirect("clients-sales", client.pk)


@require_POST
@needs(Right.ISSUE)
def policies(request: OperatorRequest, client_id: int) -> HttpResponse:
    """What approving a document of each kind does."""
    client = client_of(request, client_id)
    stored = _policies(client)
    form = PolicyForm(request.POST, stored=stored)
    if not form.is_valid():
        return _page(request, client, policy=form)
    with transaction.atomic():
        for kind, (sending, check_first) in form.chosen().items():
            KindPolicy.objects.of_client(client).update_or_create(
                client=client,
                kind=kind,
                defaults={"sending": sending, "check_first": check_first},
            )
        _note(request, client, "policies", {kind: one[0] for kind, one in form.chosen().items()})
    messages.success(request, "Zapisano sposób wysyłki.")
    return redirect("clients-sales", client.pk)


@require_POST
@needs(Right.ISSUE)
def account(request: OperatorRequest, client_id: int) -> HttpResponse:
    """Add an account."""
    client = client_of(request, client_id)
    form = AccountForm(request.POST, instance=BankAccount(client=client), prefix="account")
    return _kept(request, client, form, "account")


@require_POST
@needs(Right.ISSUE)
def account_remove(request: OperatorRequest, account_id: int) -> HttpResponse:
    """Remove an account; the invoices that name it keep it."""
    rows = BankAccount.objects.visible_to(request.user).select_related("client")
    stored = get_object_or_404(rows, pk=account_id)
    with transaction.atomic():
        _note(request, stored.client, "account_removed", {"number": stored.number})
        BankAccount.objects.of_client(stored.client).filter(pk=account_id).delete()
    return redirect("clients-sales", stored.client_id)


@require_POST
@needs(Right.ISSUE)
def series(request: OperatorRequest, client_id: int) -> HttpResponse:
    """Add a series."""
    client = client_of(request, client_id)
    form = SeriesForm(request.POST, instance=Series(client=client), prefix="series")
    return _kept(request, client, form, "series")


@require_POST
@needs(Right.ISSUE)
def series_edit(request: OperatorRequest, series_id: int) -> HttpResponse:
    """Change a series; one that gave numbers is put out of use, never removed."""
    rows = Series.objects.visible_to(request.user).select_related("client")
    stored = get_object_or_404(rows, pk=series_id)
    form = SeriesForm(request.POST, instance=stored, prefix=f"series{series_id}")
    return _kept(request, stored.client, form, "series")


def logo(request: OperatorRequest, client_id: int) -> HttpResponse:
    """The client's logo, as a picture."""
    profile = profile_of(client_of(request, client_id))
    content = bytes(profile.logo or b"")
    response = attachment(content, "logo", _kind(content), inline=True)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _kept(request: OperatorRequest, client: Client, form: Any, noun: str) -> HttpResponse:
    if form.is_valid():
        try:
            with transaction.atomic():
                form.save()
                _note(
                    request, client, noun, {name: str(v) for name, v in form.cleaned_data.items()}
                )
        except IntegrityError:
            form.add_error(None, TAKEN[noun])
        else:
            messages.success(request, "Zapisano.")
            return redirect("clients-sales", client.pk)
    return _page(request, client, **{noun: form})


def _note(request: OperatorRequest, client: Client, kind: str, after: dict[str, str]) -> None:
    Event.objects.create(
        client=client,
        thing="sales.profile",
        thing_id=client.pk,
        actor=request.user,
        kind=kind,
        after=after,
    )


def _policies(client: Client) -> dict[str, KindPolicy]:
    return {policy.kind: policy for policy in KindPolicy.objects.of_client(client)}


def _page(request: OperatorRequest, client: Client, **bound: Any) -> HttpResponse:
    """The page; a form that failed comes back as it was typed, with status 422."""
    profile = profile_of(client)
    every = Series.objects.of_client(client).order_by("code")
    facts = {
        "client": client,
        "stored": profile,
        "profile": ProfileForm(instance=profile),
        "policy": PolicyForm(stored=_policies(client)),
        "accounts": accounts_of(client),
        "account": AccountForm(prefix="account"),
        "all_series": [(one, SeriesForm(instance=one, prefix=f"series{one.pk}")) for one in every],
        "series": SeriesForm(prefix="series"),
    }
    return render(request, "sales/seller.html", facts | bound, status=422 if bound else 200)


def _kind(content: bytes) -> str:
    if content.startswith(b"\x89PNG"):
        return "image/png"
    return "image/jpeg" if content.startswith(b"\xff\xd8") else "image/svg+xml"
