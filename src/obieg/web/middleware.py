"""What wraps every page: the content security policy and the Polish face of typed errors."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_htmx.http import reswap, retarget

from obieg.core.errors import UserFixable

Respond = Callable[[HttpRequest], HttpResponse]
POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)


def content_security_policy(respond: Respond) -> Respond:
    """Nothing is loaded from elsewhere and no inline script or style runs."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = respond(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response

    return middleware


class typed_errors:  # noqa: N801 - used as a function; a class because Django asks for process_exception
    """A `UserFixable` that reaches the edge becomes a page (or a notice) with its Polish text."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.respond(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, UserFixable):
            return None
        if request.headers.get("HX-Request"):
            fragment = render(request, "web/parts/error.html", {"error": error}, status=409)
            return reswap(retarget(fragment, "#notices"), "innerHTML")
        back = request.headers.get("Referer", "/")
        return render(request, "web/error.html", {"error": error, "back": back}, status=409)
