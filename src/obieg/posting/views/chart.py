"""A client's books: accounts, cost centres and projects, vehicles, registers; files and copies."""

from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from obieg.core.polish import counted
from obieg.office.changes import record_change
from obieg.office.models import Client
from obieg.office.request import OperatorRequest, needs
from obieg.office.rights import Right
from obieg.posting import chart_file
from obieg.posting.chart_file import ChartFileUnreadable
from obieg.posting.chart_forms import (
    AccountForm,
    ChartUpload,
    CopyForm,
    DimensionForm,
    ProfileForm,
    VehicleForm,
)
from obieg.posting.charts import apply_template, copy_chart
from obieg.posting.models import Account, Dimension, Profile, Vehicle

ACCOUNTS = ("konto", "konta", "kont")


class Noun(NamedTuple):
    """What a list holds."""

    model: Any
    form: Any
    order: tuple[str, ...]
    thing: str  # in the trail
    title: str
    one: str  # in the accusative: dodaj …
    url: str  # of the list; the form's has `-edit`


NOUNS = {
    "accounts": Noun(
        Account, AccountForm, ("number",), "posting.account", "Plan kont", "konto", "clients-chart"
    ),
    "dimensions": Noun(
        Dimension,
        DimensionForm,
        ("kind", "code"),
        "posting.dimension",
        "MPK i projekty",
        "MPK lub projekt",
        "clients-dimensions",
    ),
    "vehicles": Noun(
        Vehicle,
        VehicleForm,
        ("plate",),
        "posting.vehicle",
        "Pojazdy",
        "pojazd",
        "clients-vehicles",
    ),
}


@needs(Right.RULES, on="POST")
def rows(request: OperatorRequest, client_id: int, noun: str) -> HttpResponse:
    """One list of a client's books, with a form to add to it."""
    client = _client(request, client_id)
    kind = NOUNS[noun]
    form = kind.form(request.POST or None, instance=kind.model(client=client))
    if form.is_valid():
        _save(request, form, kind, client, "create")
        return redirect(kind.url, client.pk)
    facts = {
        "rows": kind.model.objects.of_client(client).order_by(*kind.order),
        "form": form,
        "copy_form": CopyForm(operator=request.user, client=client),
        "upload_form": ChartUpload(),
    }
    return _page(request, client, noun, status=422 if form.is_bound else 200, **facts)


@needs(Right.RULES)
def edit(request: OperatorRequest, row_id: int, noun: str) -> HttpResponse:
    """One row of a list; accounts are never deleted, because the past names them."""
    kind = NOUNS[noun]
    visible = kind.model.objects.visible_to(request.user).select_related("client")
    row = get_object_or_404(visible, pk=row_id)
    form = kind.form(request.POST or None, instance=row)
    if form.is_valid():
        _save(request, form, kind, row.client, "edit")
        return redirect(kind.url, row.client.pk)
    facts = {"form": form, "client": row.client, "noun": kind, "row": row}
    return render(request, "posting/chart/edit.html", facts, status=422 if form.is_bound else 200)


@needs(Right.RULES)
def profile(request: OperatorRequest, client_id: int) -> HttpResponse:
    """The accounts of the other side, and the registers of VAT."""
    client = _client(request, client_id)
    stored = Profile.objects.of_client(client).first() or Profile(client=client)
    form = ProfileForm(request.POST or None, instance=stored)
    if form.is_valid():
        with transaction.atomic():
            form.save()
            record_change(
                form, thing="posting.profile", kind="edit", actor=request.user, client=client
            )
        messages.success(request, "Zapisano konta i rejestry.")
        return redirect("clients-registers", client.pk)
    status = 422 if form.is_bound else 200
    return _page(request, client, "profile", status=status, form=form)


@require_POST
@needs(Right.RULES)
def copy(request: OperatorRequest, client_id: int) -> HttpResponse:
    """Add what is missing: from the office's template, or from another client's chart."""
    client = _client(request, client_id)
    before = Account.objects.of_client(client).count()
    if "template" in request.POST:
        apply_template(client)
    else:
        form = CopyForm(request.POST, operator=request.user, client=client)
        if not form.is_valid():
            messages.warning(request, "Wybierz klienta, którego plan skopiować.")
            return redirect("clients-chart", client.pk)
        copy_chart(form.cleaned_data["source"], client, operator=request.user)
    added = Account.objects.of_client(client).count() - before
    messages.success(request, f"Dodano {counted(added, *ACCOUNTS)}; istniejące zostały bez zmian.")
    return redirect("clients-chart", client.pk)


@require_POST
@needs(Right.RULES)
def take_in(request: OperatorRequest, client_id: int) -> HttpResponse:
    """A file: first what it would do, row by row; then, confirmed, doing it."""
    client = _client(request, client_id)
    upload = ChartUpload(request.POST, request.FILES)
    text = request.POST.get("text", "")
    if not text:
        if not upload.is_valid():
            large = upload.has_error("file", "too_large")
            chosen = str(upload.errors["file"][0]) if large else "Wybierz plik CSV z planem kont."
            messages.warning(request, chosen)
            return redirect("clients-chart", client.pk)
        text = chart_file.decoded(upload.cleaned_data["file"].read())
    found = chart_file.read(text, client)
    if not found:
        raise ChartFileUnreadable(problem="W pliku nie ma żadnego konta.")
    if "confirmed" in request.POST:
        count = chart_file.take_in(found, client, operator=request.user)
        messages.success(request, f"Wczytano {counted(count, *ACCOUNTS)}.")
        return redirect("clients-chart", client.pk)
    faulty = [row for row in found if row.faults]
    changing = [row for row in found if row.effect in ("nowe", "zmiana")]
    facts = {"client": client, "rows": found, "text": text, "faulty": faulty, "changing": changing}
    return render(request, "posting/chart/import.html", facts)


def export(request: OperatorRequest, client_id: int) -> HttpResponse:
    """The chart as CSV, ready to be read back."""
    client = _client(request, client_id)
    name = f"plan-kont-{client.nip}.csv"
    return HttpResponse(
        chart_file.csv_of(client),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _client(request: OperatorRequest, client_id: int) -> Client:
    return get_object_or_404(Client.objects.visible_to(request.user), pk=client_id)


def _save(
    request: OperatorRequest, form: "forms.ModelForm[Model]", kind: Noun, client: Client, how: str
) -> None:
    with transaction.atomic():
        form.save()
        record_change(form, thing=kind.thing, kind=how, actor=request.user, client=client)
    messages.success(request, f"Zapisano: {kind.title}.")


def _page(
    request: OperatorRequest, client: Client, here: str, status: int = 200, **facts: Any
) -> HttpResponse:
    facts |= {
        "client": client,
        "here": here,
        "noun": NOUNS.get(here),
        "may_edit": request.user.may(Right.RULES),
    }
    return render(request, f"posting/chart/{here}.html", facts, status=status)
