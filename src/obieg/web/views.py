"""Pages that belong to no single room: today, taking on a client, the look, the health check."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from obieg.office.covers import covers_told_to
from obieg.office.forms import ClientForm
from obieg.office.request import OperatorRequest, needs
from obieg.office.rights import Right
from obieg.watch.health import health as installation_health
from obieg.web import today
from obieg.web.context import THEMES
from obieg.web.onboarding import take_on

A_YEAR = 365 * 24 * 3600


@login_not_required
def health(request: HttpRequest) -> JsonResponse:
    """For machines: what is wrong with the installation, by codes; 503 without the database."""
    try:
        return JsonResponse(installation_health())
    except DatabaseError:
        problems = [{"code": "database", "severity": "stop"}]
        return JsonResponse({"status": "stop", "problems": problems}, status=503)


def today_page(request: OperatorRequest) -> HttpResponse:
    """What needs me."""
    loads = today.loads(request.user)
    return render(
        request,
        "web/today.html",
        {
            "watch": today.watch_line(request.user),
            "matters": today.matters(request.user),
            "loads": loads,
            "covers": covers_told_to(request.user),
            "has_clients": bool(loads) or today.has_clients(request.user),
        },
    )


def demo_loading(request: OperatorRequest) -> HttpResponse:
    """The note about a demo that is still being loaded; nothing once it is there."""
    return render(request, "web/parts/demo_loading.html")


@needs(Right.ADMINISTER)
def client_add(request: OperatorRequest) -> HttpResponse:
    """Take on a client; the next thing is its access to KSeF, on the client's page."""
    form = ClientForm(request.POST or None)
    if form.is_valid():
        client = take_on(form, operator=request.user)
        messages.success(request, f"Dodano klienta {client.name}. Teraz dodaj dostęp do KSeF.")
        return redirect("clients-page", client.pk)
    return render(request, "office/client_form.html", {"form": form})


@login_not_required
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Light, dark, or as the system has it: kept in a cookie, so that no page flashes."""
    back = request.POST.get("next", "")
    inside = url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure())
    response = redirect(back if inside else "today")
    if (chosen := request.POST.get("theme")) in THEMES:
        response.set_cookie("theme", chosen, max_age=A_YEAR, samesite="Lax", httponly=True)
    else:
        response.delete_cookie("theme", samesite="Lax")
    return response
