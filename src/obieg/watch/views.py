"""Pages of the watch: everything that is not all right, alerts, completeness, settings, metrics."""

import os
from datetime import timedelta
from hmac import compare_digest

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from obieg.core.polish import counted, today
from obieg.office.changes import record_change
from obieg.office.models import Client
from obieg.office.request import OperatorRequest, needs
from obieg.office.rights import Right
from obieg.posting.forms import ClientFilter
from obieg.watch import metrics as figures
from obieg.watch import page
from obieg.watch.alerts import acknowledge
from obieg.watch.completeness.nights import DAYS, compare_days
from obieg.watch.forms import WatchSettingsForm
from obieg.watch.models import Alert, Comparison, Tally, WatchSettings
from obieg.watch.states import AlertState

SHOWN = 300


@needs(Right.SEE)
def overview(request: OperatorRequest) -> HttpResponse:
    """Green with one sentence, or exactly what is not."""
    client_id = _chosen(request)
    found = page.found_for(request.user, client_id)
    facts = {
        "clients": _clients(request),
        "client_id": client_id,
        "is_filtered": client_id is not None,
        "groups": page.groups(request.user, found),
        "count": len(found),
        "completeness": page.completeness(request.user),
    }
    return render(request, "watch/overview.html", facts)


@needs(Right.SEE)
@require_POST
def acknowledge_alerts(request: OperatorRequest) -> HttpResponse:
    """Someone knows of these and sees to them; what is not his to see is left alone."""
    wanted = {int(key) for key in request.POST.getlist("alert") if key.isdecimal()}
    mine = [alert for alert in page.open_alerts(request.user) if alert.pk in wanted]
    fresh = [alert for alert in mine if alert.state == AlertState.RAISED]
    count = acknowledge(fresh, actor=request.user, note=request.POST.get("note", "")[:500])
    if count:
        words = ("alert przyjęty", "alerty przyjęte", "alertów przyjętych")
        messages.success(request, f"{counted(count, *words)}; nie będą powtarzane.")
    return redirect("watch")


@needs(Right.SEE)
def alerts(request: OperatorRequest) -> HttpResponse:
    """The latest alerts with what became of them."""
    rows = Alert.objects.visible_to(request.user).select_related("client", "acknowledged_by")
    if not request.user.may(Right.ADMINISTER):
        rows = rows.exclude(client=None)
    return render(request, "watch/alerts.html", {"alerts": rows.order_by("-pk")[:SHOWN]})


@needs(Right.SEE)
def completeness(request: OperatorRequest) -> HttpResponse:
    """What KSeF says it stored, day by day, against what is here."""
    client_id = _chosen(request)
    rows = Tally.objects.visible_to(request.user).filter(environment=F("client__environment"))
    under_way = Comparison.objects.visible_to(request.user).filter(ended_at=None)
    if client_id:
        rows, under_way = rows.filter(client=client_id), under_way.filter(client=client_id)
    else:
        rows = rows.filter(missing__gt=0)
    facts = {
        "clients": _clients(request),
        "client_id": client_id,
        "tallies": rows.select_related("client").order_by("-day", "client", "role")[:SHOWN],
        "under_way": under_way.count(),
        "summary": page.completeness(request.user),
    }
    return render(request, "watch/completeness.html", facts)


@needs(Right.IMPORT)
@require_POST
def compare(request: OperatorRequest, client_id: int) -> HttpResponse:
    """Compare the last days of a client now, within KSeF's limits."""
    client = get_object_or_404(Client.objects.visible_to(request.user), pk=client_id)
    day = today()
    compare_days(client, day - timedelta(days=DAYS), day - timedelta(days=1), at_once=True)
    messages.success(request, "Porównanie z KSeF zlecone. Wynik pojawi się w tabeli.")
    return redirect(f"{reverse('watch-completeness')}?klient={client.pk}")


@needs(Right.ADMINISTER)
def settings(request: OperatorRequest) -> HttpResponse:
    """Who is told of alerts, when, and from where on something is one."""
    instance = WatchSettings.present()
    kind = "edit" if instance.pk else "create"
    form = WatchSettingsForm(request.POST or None, instance=instance)
    if form.is_valid():
        form.save()
        record_change(form, thing="watch.settings", kind=kind, actor=request.user)
        messages.success(request, "Zapisano ustawienia nadzoru.")
        return redirect("watch-settings")
    return render(
        request, "watch/settings.html", {"form": form}, status=422 if form.errors else 200
    )


@login_not_required
@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    """For Prometheus, with the token of OBIEG_METRICS_TOKEN; without it there is no such page."""
    token = os.environ.get("OBIEG_METRICS_TOKEN", "")
    given = request.headers.get("Authorization", "")
    if not token or not compare_digest(given.encode(), f"Bearer {token}".encode()):
        raise Http404
    return HttpResponse(figures.exposition(), content_type=figures.CONTENT_TYPE)


def _chosen(request: OperatorRequest) -> int | None:
    """The client of the filter, where it is one that the operator sees."""
    form = ClientFilter(request.GET, operator=request.user)
    return form.client_id if form.is_valid() else None


def _clients(request: OperatorRequest) -> list[tuple[int, str]]:
    return list(Client.objects.visible_to(request.user).values_list("pk", "name"))
