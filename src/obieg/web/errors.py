"""The Polish face of a typed error: a page, a notice for htmx, or JSON for a program."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import reswap, retarget

from obieg.core.errors import UserFixable


def told(request: HttpRequest, error: UserFixable, *, status: int = 409) -> HttpResponse:
    """What went wrong, as whoever asked can show it."""
    if request.path.startswith("/api/"):
        body = {"code": error.code, "text": str(error), "findings": []}
        return JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
    if request.headers.get("HX-Request"):
        fragment = render(request, "web/parts/error.html", {"error": error}, status=status)
        return reswap(retarget(fragment, "#notices"), "innerHTML")
    facts = {"error": error, "back": came_from(request)}
    return render(request, "web/error.html", facts, status=status)


def came_from(request: HttpRequest) -> str:
    """The page of ours that led here, or the first one: no link leads out by a foreign Referer."""
    back = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure())
    return back if ours else "/"
