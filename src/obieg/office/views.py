"""Pages of the office: the client's data, operators and whom they serve, absence."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST
from psycopg.errors import CheckViolation

from obieg.office import covers
from obieg.office.changes import record_change
from obieg.office.forms import ClientForm, CoverForm, OperatorForm
from obieg.office.models import Client, Cover, Operator
from obieg.office.operators import LAST_OWNER, may_change
from obieg.office.proof import take_typed
from obieg.office.request import OperatorRequest, fresh_form, needs
from obieg.office.rights import Right

KEPT = ("login", "name", "is_active", "role", "sees_all_clients", "served")  # no password


@needs(Right.RULES)
def client_edit(request: OperatorRequest, client_id: int) -> HttpResponse:
    """The client's data: form of accounting, VAT period, environment, interval."""
    client = get_object_or_404(Client.objects.visible_to(request.user), pk=client_id)
    form = ClientForm(request.POST or None, instance=client)
    if form.is_valid():
        with transaction.atomic():
            form.save()
            record_change(
                form, thing="office.client", kind="edit", actor=request.user, client=client
            )
        messages.success(request, f"Zapisano dane klienta {client.name}.")
        return redirect("clients-page", client.pk)
    return render(request, "office/client_form.html", {"form": form, "client": client})


@needs(Right.ADMINISTER)
def operators(request: OperatorRequest) -> HttpResponse:
    """Everyone who can log in, and how many clients they serve."""
    rows: QuerySet[Operator] = Operator.objects.annotate(assigned=Count("assignment"))
    return render(request, "office/operators.html", {"operators": rows.order_by("name")})


@needs(Right.ADMINISTER)
@fresh_form(*KEPT)
def operator_add(request: OperatorRequest) -> HttpResponse:
    return _edit_operator(request, Operator(), "create")


@needs(Right.ADMINISTER)
@fresh_form(*KEPT)
def operator_edit(request: OperatorRequest, operator_id: int) -> HttpResponse:
    return _edit_operator(request, get_object_or_404(Operator, pk=operator_id), "edit")


@needs(Right.ADMINISTER)
def cover_list(request: OperatorRequest) -> HttpResponse:
    """Who covers whom now and later, and a form for another."""
    form = CoverForm(request.POST or None, editor=request.user)
    if form.is_valid():
        cover = covers.begin(form.save(commit=False), actor=request.user)
        messages.success(
            request,
            f"{cover.covering.name} zastępuje: {cover.absent.name}, od {cover.first_day:%d.%m.%Y} "
            f"do {cover.last_day:%d.%m.%Y}.",
        )
        return redirect("operators-covers")
    lasting = Cover.objects.lasting().select_related("absent", "covering", "entered_by")
    facts = {"form": form, "covers": lasting}
    return render(request, "office/covers.html", facts, status=422 if form.is_bound else 200)


@require_POST
@needs(Right.ADMINISTER)
def cover_end(request: OperatorRequest, cover_id: int) -> HttpResponse:
    """End a cover before its last day."""
    covers.end(get_object_or_404(Cover, pk=cover_id), actor=request.user)
    messages.success(request, "Zastępstwo zakończone.")
    return redirect("operators-covers")


def _edit_operator(request: OperatorRequest, operator: Operator, kind: str) -> HttpResponse:
    if not may_change(request.user, operator):
        raise PermissionDenied
    typed = take_typed(request.session, request.path) if request.method == "GET" else {}
    form = OperatorForm(request.POST or None, instance=operator, editor=request.user, initial=typed)
    if form.is_valid() and _saved(form, kind, request.user):
        messages.success(request, f"Zapisano: {operator.name}.")
        return redirect("operators")
    return render(
        request, "office/operator_form.html", {"form": form}, status=422 if form.is_bound else 200
    )


def _saved(form: OperatorForm, kind: str, actor: Operator) -> bool:
    """Whether the database took it; it keeps an owner where two step down at the same moment."""
    try:
        with transaction.atomic():
            form.save()
            record_change(form, thing="office.operator", kind=kind, actor=actor)
    except IntegrityError as error:
        if not isinstance(error.__cause__, CheckViolation):
            raise
        form.add_error(None, LAST_OWNER)
        return False
    return True
