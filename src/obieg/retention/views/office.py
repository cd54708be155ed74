"""Pages of the whole office: the table of periods, a person searched for, operators who left."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from obieg.core.errors import UserFixable
from obieg.office.models import Client, Operator
from obieg.office.request import OperatorRequest, fresh_login, needs
from obieg.office.rights import Right
from obieg.retention import leavers, overview, persons
from obieg.retention.archive.writing import BOM, cell, line
from obieg.retention.forms import PeriodsForm, PersonForm
from obieg.retention.periods import set_periods
from obieg.retention.tidying import last_tidying

HEADINGS = ("Klient", "Co", "Nazwa", "NIP lub inny numer", "Dokument albo e-mail")


@needs(Right.ADMINISTER)
def periods_table(request: OperatorRequest) -> HttpResponse:
    """What is kept how long, whose data may go, who left."""
    facts = {
        "lines": overview.lines(),
        "former": overview.former(request.user),
        "clients": Client.objects.visible_to(request.user).active(),
        "leavers": [(one, leavers.obstacle(one)) for one in leavers.leavers()],
        "tidied": last_tidying(),
    }
    return render(request, "retention/overview.html", facts)


@needs(Right.ADMINISTER)
@fresh_login
def periods(request: OperatorRequest) -> HttpResponse:
    """Set the periods; none below what the law or the program needs."""
    form = PeriodsForm(request.POST or None)
    if form.is_valid():
        set_periods(form.cleaned_data, actor=request.user)
        messages.success(request, "Zapisano okresy. Zastosuje je najbliższa noc.")
        return redirect("retention")
    status = 422 if form.errors else 200
    return render(request, "retention/periods.html", {"form": form}, status=status)


@needs(Right.ADMINISTER)
def person(request: OperatorRequest) -> HttpResponse:
    """Where data of a person are; sent with POST, so that no name stays in an address."""
    form = PersonForm(request.POST or None)
    facts: dict[str, Any] = {"form": form, "found": None}
    if form.is_valid():
        rows = persons.found(form.cleaned_data["words"], operator=request.user)
        persons.note_search(sum(row.count for row in rows), operator=request.user, kind="search")
        facts |= {"found": rows, "words": form.cleaned_data["words"]}
    status = 422 if form.errors else 200
    return render(request, "retention/person.html", facts, status=status)


@require_POST
@needs(Right.ADMINISTER)
@fresh_login
def person_sheet(request: OperatorRequest) -> HttpResponseBase:
    """The same as CSV, row by row."""
    form = PersonForm(request.POST)
    if not form.is_valid():
        return render(request, "retention/person.html", {"form": form}, status=422)
    words = form.cleaned_data["words"]
    found = persons.found(words, operator=request.user)
    persons.note_search(sum(row.count for row in found), operator=request.user, kind="export")
    response = StreamingHttpResponse(
        _lines(words, request.user), content_type="text/csv; charset=utf-8"
    )
    name = f"osoba-{timezone.localdate():%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
@needs(Right.ADMINISTER)
@fresh_login
def forget(request: OperatorRequest, operator_id: int) -> HttpResponse:
    """Remove the name and the login of an operator who left."""
    operator = get_object_or_404(Operator, pk=operator_id)
    try:
        leavers.forget(operator, actor=request.user)
    except UserFixable as error:
        messages.error(request, f"{error} (kod {error.code})")
    else:
        messages.success(request, "Usunięto dane operatora. W śladzie został jego numer.")
    return redirect("retention")


def _lines(words: str, operator: Operator) -> Iterator[str]:
    yield BOM + line(HEADINGS)
    for row in persons.rows(words, operator=operator):
        yield line(map(cell, (row.client, row.what, row.name, row.number, row.about)))
