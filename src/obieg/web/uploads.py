"""How much may be sent to an address: what is announced as more is not read into memory."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from obieg.core.errors import UserFixable
from obieg.core.polish import file_size
from obieg.web.errors import told

LARGEST = 10_000_000  # bytes of a form with files; each file's own limit is in its form
LARGER = {"sales-import": 55_000_000}  # by the name of the address: the files of a month at once
OF_STRANGERS = 100_000  # bytes where nobody is logged in: a login and a password
PATIENCE = 4  # times the limit that are taken off the line, so that the browser shows the answer
CHUNK = 256 * 1024

View = Callable[..., HttpResponse]


class TooMuchSent(UserFixable):
    """More than the address takes; nothing of it was kept."""

    code = "web.too_much_sent"
    message_pl = (
        "Wysłane dane mają {size}, a ten adres przyjmuje najwyżej {most}. "
        "Sprawdź, czy to właściwy plik, albo wyślij mniej naraz."
    )


class upload_limits:  # noqa: N801 - used as a function; a class because Django asks for process_view
    """Answers 413 where more is announced than the address takes, before a form is read.

    A body of no announced length is none: WSGI reads as much as Content-Length says. Text alone is
    held to Django's DATA_UPLOAD_MAX_MEMORY_SIZE.
    """

    def __init__(self, respond: View) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.respond(request)

    def process_view(
        self, request: HttpRequest, _view: View, _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        size, most = _announced(request), limit_of(request)
        if size <= most:
            return None
        _take_off(request, most * PATIENCE)
        error = TooMuchSent(size=file_size(size), most=file_size(most))
        return told(request, error, status=413)


def limit_of(request: HttpRequest) -> int:
    """Bytes that the address of `request` takes from whoever sent it."""
    is_api = request.path.startswith("/api/")
    if not is_api and settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return OF_STRANGERS
    if not (request.content_type or "").startswith("multipart/"):
        return settings.DATA_UPLOAD_MAX_MEMORY_SIZE or LARGEST
    name = request.resolver_match.view_name if request.resolver_match else ""
    return LARGER.get(name, LARGEST)


def _announced(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _take_off(request: HttpRequest, most: int) -> None:
    """Read and forget: a browser that is still sending does not look at the answer."""
    while most > 0 and (chunk := request.read(min(CHUNK, most))):
        most -= len(chunk)
