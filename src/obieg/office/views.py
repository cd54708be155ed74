"""Pages of the office: login, the client's data, operators and whom they serve."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django_htmx.http import HttpResponseClientRedirect

from obieg.office.changes import record_change
from obieg.office.forms import ClientForm, LoginForm, OperatorForm
from obieg.office.models import Client, Operator
from obieg.office.request import OperatorRequest, needs
from obieg.office.rights import Right


@method_decorator(login_not_required, name="dispatch")
class Login(LoginView):
    """Logging in; a fragment asked for after the session's end brings the whole page here."""

    authentication_form = LoginForm
    template_name = "office/login.html"
    redirect_authenticated_user = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.headers.get("HX-Request"):
            return HttpResponseClientRedirect(reverse("login"))
        return super().dispatch(request, *args, **kwargs)


class Password(PasswordChangeView):
    template_name = "office/password.html"
    success_url = reverse_lazy("today")

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, "Hasło zmienione.")
        return super().form_valid(form)


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
def operator_add(request: OperatorRequest) -> HttpResponse:
    return _edit_operator(request, Operator(), "create")


@needs(Right.ADMINISTER)
def operator_edit(request: OperatorRequest, operator_id: int) -> HttpResponse:
    return _edit_operator(request, get_object_or_404(Operator, pk=operator_id), "edit")


def _edit_operator(request: OperatorRequest, operator: Operator, kind: str) -> HttpResponse:
    form = OperatorForm(request.POST or None, instance=operator, editor=request.user)
    if form.is_valid():
        with transaction.atomic():
            form.save()
            record_change(form, thing="office.operator", kind=kind, actor=request.user)
        messages.success(request, f"Zapisano: {operator.name}.")
        return redirect("operators")
    return render(request, "office/operator_form.html", {"form": form})
