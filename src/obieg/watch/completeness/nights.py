"""Which comparisons are made at night, and when each begins."""

import hashlib
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from obieg.core.calendar import Month
from obieg.core.polish import WARSAW, today
from obieg.inbox.models import Channel
from obieg.office.jobs import enqueue
from obieg.office.models import Client
from obieg.watch.models import Comparison, Tally
from obieg.watch.states import ComparisonState

COMPARE = "watch.compare"
DAYS = 7  # up to yesterday, compared every night: KSeF may store late
MONTHLY_ON = 3  # the day on which the whole previous month is compared
NIGHT = timedelta(hours=5)
KEPT = timedelta(days=14)  # comparisons; the tallies stay
TALLIES_KEPT = timedelta(days=400)
_OPEN = (ComparisonState.READING, ComparisonState.FETCHING)


def plan_night(day: date | None = None) -> int:
    """Queue this night's comparisons of every served client; returns how many."""
    day = day or today()
    _forget()
    planned = 0
    for client in Client.objects.across_clients().active():
        planned += len(compare_days(client, day - timedelta(days=DAYS), day - timedelta(days=1)))
        if day.day == MONTHLY_ON:
            month = Month.of(day).previous()
            planned += len(compare_days(client, month.first, month.last))
    return planned


def compare_days(
    client: Client, date_from: date, date_to: date, *, at_once: bool = False
) -> list[Comparison]:
    """Begin a comparison of every followed role; one that is under way is not begun again."""
    roles = Channel.objects.of_client(client).filter(environment=client.environment, enabled=True)
    return [
        found
        for role in roles.values_list("role", flat=True)
        if (found := _begin(client, role, date_from, date_to, at_once=at_once))
    ]


def start_of(day: date) -> datetime:
    """Midnight in Warsaw."""
    return datetime.combine(day, time.min, WARSAW)


def enqueue_comparison(comparison: Comparison, *, at: datetime | None = None) -> bool:
    """Queue the next steps; a client's calls to KSeF go one after another."""
    return enqueue(
        COMPARE,
        {"comparison_id": comparison.pk},
        once=f"comparison-{comparison.pk}",
        lock=f"client-{comparison.client_id}",
        at=at,
    )


@transaction.atomic
def _begin(
    client: Client, role: str, date_from: date, date_to: date, *, at_once: bool
) -> Comparison | None:
    comparison, is_new = Comparison.objects.of_client(client).get_or_create(
        client=client,
        environment=client.environment,
        role=role,
        date_from=date_from,
        date_to=date_to,
        state__in=_OPEN,
        defaults={"state": ComparisonState.READING, "position": start_of(date_from)},
    )
    enqueue_comparison(comparison, at=None if at_once else timezone.now() + _turn(client))
    return comparison if is_new else None


def _turn(client: Client) -> timedelta:
    """A place in the night that a hash of the client chooses."""
    digest = hashlib.sha256(f"comparison:{client.pk}".encode()).digest()
    return NIGHT * int.from_bytes(digest[:4]) / 2**32


def _forget() -> None:
    now = timezone.now()
    Comparison.objects.across_clients().filter(started_at__lt=now - KEPT).delete()
    Tally.objects.across_clients().filter(day__lt=(now - TALLIES_KEPT).date()).delete()
