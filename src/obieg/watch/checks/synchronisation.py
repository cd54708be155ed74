"""Is every client downloaded in time?"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Count, F, Max, Min, Q
from django.urls import reverse

from obieg.core.polish import counted, format_time
from obieg.inbox.models import Channel, Package, Quarantined
from obieg.inbox.states import OPEN, PackageState
from obieg.watch.findings import Finding, Look, Severity

CHANNELS = ("kanał", "kanały", "kanałów")
GRACE = timedelta(minutes=30)  # beyond two intervals: a wait for KSeF's limits is no trouble
DAY = timedelta(hours=24)
MANY = 3  # failures in a row that are no accident any more
STUCK = timedelta(hours=6)
RECENT = 50_000  # packages: older ones that hang show as a late synchronisation


def late(look: Look) -> Iterator[Finding]:
    """Clients of which some role was last fetched longer ago than their interval allows."""
    facts = _followed(look).values(
        "client_id", "client__name", "client__sync_interval", "client__created_at"
    )
    oldest = facts.annotate(since=Min("last_ok_at"), never=Count("pk", filter=Q(last_ok_at=None)))
    for row in oldest.order_by("client_id"):
        begun = [row["client__created_at"]] if row["never"] else []
        since = min(moment for moment in (row["since"], *begun) if moment)
        interval = timedelta(minutes=row["client__sync_interval"])
        if look.now - since <= 2 * interval + GRACE:
            continue
        yield _of_client(
            "sync.late",
            Severity.STOP if look.now - since > max(DAY, 4 * interval) else Severity.WATCH,
            "jeszcze nie wszystko pobrano choć raz" if row["never"] else _last(since),
            row,
        )


def failing(look: Look) -> Iterator[Finding]:
    """Clients with channels whose last pass ended with an error."""
    failed = _followed(look).filter(failures__gt=0).order_by("client_id", "-failures")
    facts = failed.values("client_id", "client__name", "failures", "error_text")
    for _, found in groupby(facts, key=lambda channel: channel["client_id"]):
        channels = list(found)
        worst = channels[0]
        yield _of_client(
            "sync.failing",
            Severity.STOP if worst["failures"] >= MANY else Severity.WATCH,
            f"{counted(len(channels), *CHANNELS)} z błędem: {worst['error_text']}",
            worst,
        )


def stuck(look: Look) -> Iterator[Finding]:
    """Packages that have not moved for hours, or cannot be read."""
    newest = Package.objects.across_clients().aggregate(last=Max("pk"))["last"] or 0
    rows = look.rows(Package).filter(
        pk__gt=newest - RECENT, state__in=OPEN, changed_at__lt=look.now - STUCK
    )
    facts = rows.order_by("channel__client_id", "changed_at").values(
        "state",
        "changed_at",
        client_id=F("channel__client"),
        client__name=F("channel__client__name"),
    )
    for _, found in groupby(facts, key=lambda row: row["client_id"]):
        packages = list(found)
        unreadable = any(package["state"] == PackageState.UNREADABLE for package in packages)
        yield _of_client(
            "packages.stuck",
            Severity.STOP if unreadable else Severity.WATCH,
            f"{counted(len(packages), 'paczka stoi', 'paczki stoją', 'paczek stoi')} "
            f"od {format_time(packages[0]['changed_at'])}",
            packages[0],
        )


def quarantined(look: Look) -> Iterator[Finding]:
    """Files that could not be read."""
    rows = look.rows(Quarantined).filter(resolved_at=None).order_by("client_id", "pk")
    for _, found in groupby(rows.values("client_id", "client__name"), lambda r: r["client_id"]):
        files = list(found)
        words = ("plik, którego nie da", "pliki, których nie da", "plików, których nie da")
        yield Finding(
            "files.quarantined",
            Severity.STOP,
            f"{counted(len(files), *words)} się odczytać",
            reverse("clients-quarantine"),
            files[0]["client_id"],
            files[0]["client__name"],
        )


def _followed(look: Look) -> Any:
    """The channels that are to be downloaded."""
    return look.rows(Channel).filter(enabled=True, environment=F("client__environment"))


def _last(moment: datetime) -> str:
    return f"ostatnia udana synchronizacja {format_time(moment)}"


def _of_client(code: str, severity: Severity, text: str, row: dict[str, Any]) -> Finding:
    page = reverse("clients-page", args=[row["client_id"]])
    return Finding(code, severity, text, page, row["client_id"], row["client__name"])
