"""Logging in: the password, then the code; and the proof asked for again."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django_htmx.http import HttpResponseClientRedirect

from obieg.logins import sessions
from obieg.logins.factor import confirmed_factor
from obieg.logins.forms import CodeForm, LoginForm, PasswordAgainForm
from obieg.office.models import Operator
from obieg.office.proof import needs_second_factor, note_proof
from obieg.office.request import OperatorRequest, fresh_login

PENDING = "login_pending"  # in the session: who gave his password, and has the code to give
PENDING_SECONDS = 5 * 60


@method_decorator(login_not_required, name="dispatch")
class Login(LoginView):
    """The password; a fragment asked for after the session's end brings the whole page here."""

    authentication_form = LoginForm
    template_name = "logins/login.html"
    redirect_authenticated_user = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.headers.get("HX-Request"):
            return HttpResponseClientRedirect(reverse("login"))
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        operator, back = form.get_user(), self.get_success_url()
        if confirmed_factor(operator):
            self.request.session[PENDING] = [operator.pk, int(timezone.now().timestamp())]
            return onward("login-code", back)
        sessions.begin(self.request, operator, second_factor=False)
        return onward("second-factor", back) if needs_second_factor(operator) else redirect(back)


@login_not_required
def code(request: HttpRequest) -> HttpResponse:
    """The code, from who has just given the password."""
    operator = _pending(request)
    if operator is None:
        return redirect("login")
    form = CodeForm(request.POST or None, operator=operator)
    if form.is_valid():
        del request.session[PENDING]
        sessions.begin(request, operator, second_factor=True)
        return redirect(back_of(request))
    facts = {"form": form, "next": back_of(request)}
    return render(request, "logins/code.html", facts, status=422 if form.is_bound else 200)


def confirm(request: OperatorRequest) -> HttpResponse:
    """The proof again: a code from who has a second factor, else the password."""
    with_code = confirmed_factor(request.user) is not None
    kind = CodeForm if with_code else PasswordAgainForm
    form = kind(request.POST or None, operator=request.user)
    if form.is_valid():
        note_proof(request.session, second_factor=with_code)
        return redirect(back_of(request))
    facts = {"form": form, "next": back_of(request)}
    return render(request, "logins/confirm.html", facts, status=422 if form.is_bound else 200)


@method_decorator(fresh_login, name="dispatch")
class Password(PasswordChangeView):
    """One's own password; every other browser is logged out."""

    template_name = "logins/password.html"
    success_url = reverse_lazy("today")

    def form_valid(self, form: Any) -> HttpResponse:
        former = self.request.session.session_key or ""
        response = super().form_valid(form)
        self.request.session.save()
        sessions.keep_after_password_change(self.request, form.user, former)
        messages.success(self.request, "Hasło zmienione; w innych przeglądarkach wylogowano.")
        return response


def _pending(request: HttpRequest) -> Operator | None:
    operator_id, at = request.session.get(PENDING) or (0, 0)
    if timezone.now().timestamp() - at > PENDING_SECONDS:
        return None
    return Operator.objects.filter(pk=operator_id, is_active=True).first()


def back_of(request: HttpRequest) -> str:
    """The page of ours that was asked for before this one."""
    asked = request.POST.get("next") or request.GET.get("next", "")
    inside = url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure())
    return asked if inside and asked else reverse("today")


def onward(name: str, back: str) -> HttpResponse:
    """To the page `name`, and from there to `back`."""
    return redirect(f"{reverse(name)}?{urlencode({'next': back})}")
