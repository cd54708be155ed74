"""What an administrator sees of everybody's logging in: browsers, second factors, waits."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from obieg.logins import factor, sessions, tries
from obieg.logins.models import BrowserSession, Tries
from obieg.office.models import Operator
from obieg.office.operators import may_change
from obieg.office.request import OperatorRequest, fresh_login, needs
from obieg.office.rights import Right


@needs(Right.ADMINISTER)
def operator_logins(request: OperatorRequest, operator_id: int) -> HttpResponse:
    """One operator: the second factor and the browsers."""
    operator = get_object_or_404(Operator, pk=operator_id)
    facts = {
        "operator": operator,
        "factor": factor.confirmed_factor(operator),
        "browsers": sessions.sessions_of(operator),
        "may_change": may_change(request.user, operator),
    }
    return render(request, "logins/operator.html", facts)


@require_POST
@needs(Right.ADMINISTER)
def session_end(request: OperatorRequest, browser_id: int) -> HttpResponse:
    """Log an operator out in one browser."""
    browser = get_object_or_404(BrowserSession, pk=browser_id)
    sessions.end(browser, actor=request.user)
    messages.success(request, f"Wylogowano: {browser.operator.name}.")
    return redirect("operators-logins", browser.operator_id)


@require_POST
@needs(Right.ADMINISTER)
@fresh_login
def second_factor_off(request: OperatorRequest, operator_id: int) -> HttpResponse:
    """The phone is lost: at the next login the operator connects another."""
    operator = get_object_or_404(Operator, pk=operator_id)
    if not may_change(request.user, operator):
        raise PermissionDenied
    factor.remove(operator, actor=request.user)
    sessions.end_all(operator, actor=request.user)
    messages.success(request, f"Telefon odłączony: {operator.name}.")
    return redirect("operators-logins", operator.pk)


@needs(Right.ADMINISTER)
def waits(request: OperatorRequest) -> HttpResponse:
    """Who has to wait after failed attempts."""
    return render(request, "logins/waits.html", {"rows": tries.waiting()})


@require_POST
@needs(Right.ADMINISTER)
def unlock(request: OperatorRequest, tries_id: int) -> HttpResponse:
    """Let the next attempt be made at once."""
    tries.unlock(get_object_or_404(Tries, pk=tries_id), actor=request.user)
    messages.success(request, "Odblokowano.")
    return redirect("operators-waits")
