"""The request of an operator who has logged in, as every page behind the login sees it."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from obieg.office import proof
from obieg.office.models import Operator
from obieg.office.rights import GUARDED, Right

Arguments = ParamSpec("Arguments")

REPEAT = "Potwierdź, że to Ty, i powtórz ostatnią czynność."
TOO_LATE = (
    "Nic nie zapisano: od ostatniego potwierdzenia minęło ponad 10 minut. Potwierdź, że to Ty, "
    "i wyślij formularz jeszcze raz. Wypełnione pola wrócą; hasła, tokeny i pliki podaj ponownie."
)


class OperatorRequest(HttpRequest):
    """A request that the login middleware has let through."""

    user: Operator
    htmx: HtmxDetails


View = Callable[Concatenate[OperatorRequest, Arguments], HttpResponseBase]


def needs(right: Right, *, on: str | None = None) -> Callable[[View[Arguments]], View[Arguments]]:
    """403 for an operator whose role lacks `right`; with `on` only where that method is used.

    A right of GUARDED also asks for a second factor, and leads to where it is set up or given.
    """

    def guard(view: View[Arguments]) -> View[Arguments]:
        @wraps(view)
        def guarded(
            request: OperatorRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs
        ) -> HttpResponseBase:
            if on and request.method != on:
                return view(request, *args, **kwargs)
            if not request.user.may(right):
                raise PermissionDenied
            if right in GUARDED and not _has_second_factor(request):
                return _lead_to("second-factor", request)
            return view(request, *args, **kwargs)

        return guarded

    return guard


def second_factor(view: View[Arguments]) -> View[Arguments]:
    """Ask for a second factor, whatever the role: where an operator's own keys are kept."""

    @wraps(view)
    def guarded(
        request: OperatorRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> HttpResponseBase:
        if not _has_second_factor(request):
            return _lead_to("second-factor", request)
        return view(request, *args, **kwargs)

    return guarded


def fresh_login(view: View[Arguments]) -> View[Arguments]:
    """Ask again for the password or a code where that was long ago; then the view goes on.

    What was sent with POST is lost on that way: a form is shown under the same guard, or is sent to
    a view of `fresh_form`.
    """
    return fresh_form()(view)


def fresh_form(*keeps: str) -> Callable[[View[Arguments]], View[Arguments]]:
    """The same for a view that takes a form: its fields `keeps` outlast the question.

    They are given back by `proof.take_typed` with the address of this view. Secrets and files are
    not to be named: they are typed again.
    """

    def guard(view: View[Arguments]) -> View[Arguments]:
        @wraps(view)
        def guarded(
            request: OperatorRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs
        ) -> HttpResponseBase:
            if proof.is_fresh(request.session):
                return view(request, *args, **kwargs)
            if request.method == "POST" and keeps:
                typed = {name: request.POST.getlist(name) for name in keeps}
                proof.keep_typed(request.session, request.path, typed)
                return _lead_to("login-confirm", request, TOO_LATE)
            return _lead_to("login-confirm", request)

        return guarded

    return guard


def _has_second_factor(request: OperatorRequest) -> bool:
    return proof.gave_second_factor(request.session) or proof.is_waived()


def _lead_to(name: str, request: OperatorRequest, message: str = REPEAT) -> HttpResponseBase:
    """To the page `name`, and from there back: to this page, or to the one that sent its form."""
    back = request.get_full_path()
    if request.method != "GET":
        back = urlsplit(request.headers.get("Referer", "")).path or "/"
        messages.warning(request, message)
    address = f"{reverse(name)}?{urlencode({'next': back})}"
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)
