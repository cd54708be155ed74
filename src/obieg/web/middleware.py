"""What wraps every page: the headers that tell a browser what it may do, typed errors in Polish."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from obieg.core.errors import UserFixable
from obieg.web.errors import told

Respond = Callable[[HttpRequest], HttpResponse]

# Of pages. Scripts assign innerHTML (htmx too), so that trusted types cannot be required.
PAGE = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; object-src 'none'; manifest-src 'self'"
)
# Of everything else: a logo, XML with a style sheet of its own. It may draw, no more.
FILE = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
PDF = "frame-ancestors 'none'"  # the browser's own viewer does not work in a sandbox
FEATURES = ("camera", "geolocation", "microphone", "payment", "usb", "serial", "hid", "midi")
ALWAYS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in FEATURES),
}


def security_headers(respond: Respond) -> Respond:
    """Nothing from elsewhere, nothing inline, nothing of people's data in a browser's cache."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = respond(request)
        response.headers.setdefault("Content-Security-Policy", policy_of(response))
        response.headers.setdefault("Cache-Control", "private, no-store")
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        return response

    return middleware


def policy_of(response: HttpResponse) -> str:
    """The content security policy of a page, a PDF, or another file."""
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind == "text/html":
        return PAGE + ("; upgrade-insecure-requests" if settings.HTTPS else "")
    return PDF if kind == "application/pdf" else FILE


class typed_errors:  # noqa: N801 - used as a function; a class because Django asks for process_exception
    """A `UserFixable` that reaches the edge becomes a page (or a notice) with its Polish text."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.respond(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return told(request, error) if isinstance(error, UserFixable) else None
