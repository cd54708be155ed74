"""Where a request comes from."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest

_BROWSERS = ("Edg", "OPR", "Firefox", "Chrome", "Safari")
_SYSTEMS = ("Windows", "Android", "iPhone", "iPad", "Mac OS", "Linux")
_NAMES = {"Edg": "Edge", "OPR": "Opera", "Mac OS": "macOS"}


def address_of(request: HttpRequest) -> str:
    """The IP address; behind our own proxy the one that the proxy saw, never what a client says.

    The proxy appends to X-Forwarded-For, so only the last entry is its own.
    """
    found = request.META.get("REMOTE_ADDR", "")
    if settings.HTTPS:
        found = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() or found
    try:
        return str(ip_address(found))
    except ValueError:
        return ""


def browser_of(request: HttpRequest) -> str:
    """The browser and system as a person would name them: `Firefox, Windows`."""
    said = request.headers.get("User-Agent", "")
    names = [
        next((_NAMES.get(name, name) for name in names if name in said), "")
        for names in (_BROWSERS, _SYSTEMS)
    ]
    return ", ".join(filter(None, names)) or "nieznana przeglądarka"
