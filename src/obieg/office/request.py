"""The request of an operator who has logged in, as every page behind the login sees it."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django_htmx.middleware import HtmxDetails

from obieg.office.models import Operator
from obieg.office.rights import Right

Arguments = ParamSpec("Arguments")


class OperatorRequest(HttpRequest):
    """A request that the login middleware has let through."""

    user: Operator
    htmx: HtmxDetails


View = Callable[Concatenate[OperatorRequest, Arguments], HttpResponseBase]


def owner_only(view: View[Arguments]) -> View[Arguments]:
    """403 for an operator who does not see every client of the office."""

    @wraps(view)
    def guarded(
        request: OperatorRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> HttpResponseBase:
        if not request.user.sees_all_clients:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def needs(right: Right) -> Callable[[View[Arguments]], View[Arguments]]:
    """403 for an operator whose role lacks `right`."""

    def guard(view: View[Arguments]) -> View[Arguments]:
        @wraps(view)
        def guarded(
            request: OperatorRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs
        ) -> HttpResponseBase:
            if not request.user.may(right):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return guard
