"""Outages of KSeF: heard from Latarnia or entered by hand, and what follows from them."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from obieg.core.errors import ObiegError
from obieg.ksef.environment import environment as environment_of
from obieg.ksef.lighthouse import Announcement, announcements
from obieg.office.models import Client, Event, Operator
from obieg.office.scope import ScopedQuerySet
from obieg.sales.jobs import enqueue_sending
from obieg.sales.models import Outage, Sale, Sending
from obieg.sales.offline.deadlines import Deadline, deadline
from obieg.sales.offline.errors import OutageEndsTooEarly, OutageOfLighthouse
from obieg.sales.states import OfflineMode, SaleState

log = structlog.get_logger(__name__)

KINDS = {
    "FAILURE": Outage.Kind.FAILURE,
    "TOTAL_FAILURE": Outage.Kind.TOTAL_FAILURE,
    "MAINTENANCE": Outage.Kind.UNAVAILABLE,
}
JUST_NOW = timedelta(minutes=10)  # an end that the last look may not have seen yet
OWED = (SaleState.DRAFT, SaleState.WAITING, SaleState.SENDING, SaleState.REJECTED)
HEAVY = ("content", "typed", "findings", "search")


def listen(now: datetime | None = None) -> None:
    """Ask Latarnia about every environment in use; one that does not answer is asked again."""
    used = Client.objects.across_clients().filter(active=True).order_by()
    for name in sorted(set(used.values_list("environment", flat=True))):
        try:
            hear(name, announcements(environment_of(name)), now)
        except ObiegError as error:
            log.warning("lighthouse.not_heard", environment=name, error=error.code)


def hear(environment: str, told: Iterable[Announcement], now: datetime | None = None) -> None:
    """Keep what Latarnia announced; deadlines move, and what waits goes when KSeF is back."""
    now = now or timezone.now()
    with transaction.atomic():
        changed = [_keep(environment, one) for one in told]
        if any(changed):
            recompute(environment)
    _wake(environment, now)


def enter(
    *,
    environment: str,
    kind: str,
    started_at: datetime,
    ended_at: datetime | None,
    text: str,
    actor: Operator,
) -> Outage:
    """An outage that the Ministry announced elsewhere (BIP, television); aware moments.

    Whether the operator may (Right.ADMINISTER) is for the page to ask. OutageEndsTooEarly.
    """
    if ended_at is not None and ended_at < started_at:
        raise OutageEndsTooEarly
    with transaction.atomic():
        outage = Outage.objects.create(
            environment=environment,
            kind=kind,
            started_at=started_at,
            ended_at=ended_at,
            source=Outage.Source.OPERATOR,
            text=text,
            entered_by=actor,
        )
        _note(outage, "enter", before={}, actor=actor)
        recompute(environment)
    _wake(environment, timezone.now())
    return outage


def end(outage: Outage, *, at: datetime, actor: Operator) -> Outage:
    """Say when an outage that was entered by hand ended: OutageOfLighthouse, …EndsTooEarly."""
    with transaction.atomic():
        stored = Outage.objects.select_for_update().get(pk=outage.pk)
        if stored.source != Outage.Source.OPERATOR:
            raise OutageOfLighthouse
        if at < stored.started_at:
            raise OutageEndsTooEarly
        before = {"ended_at": stored.ended_at and stored.ended_at.isoformat()}
        stored.ended_at = at
        stored.save(update_fields=["ended_at"])
        _note(stored, "end", before=before, actor=actor)
        recompute(stored.environment)
    _wake(stored.environment, timezone.now())
    return stored


def lasting(environment: str, now: datetime | None = None) -> QuerySet[Outage]:
    """The outages of the moment."""
    now = now or timezone.now()
    begun = Outage.objects.filter(environment=environment, started_at__lte=now)
    return begun.filter(Q(ended_at=None) | Q(ended_at__gt=now))


def deadline_of(sale: Sale, outages: Iterable[Outage] | None = None) -> Deadline:
    """The deadline of a document issued offline, by what is known of outages now."""
    issued = sale.issue_date or timezone.localdate()
    if outages is None:
        outages = Outage.objects.filter(environment=environment_of_sale(sale))
    return deadline(sale.offline_mode, issued, [one.period for one in outages])


def environment_of_sale(sale: Sale) -> str:
    """Where the document belongs: its own environment, and before a claim the client's."""
    return sale.environment or sale.client.environment


def owed(sales: ScopedQuerySet[Sale]) -> ScopedQuerySet[Sale]:
    """Those of `sales` that were issued offline and are not in KSeF yet."""
    offline = sales.exclude(offline_mode__in=["", OfflineMode.TOTAL_FAILURE])
    return offline.filter(state__in=OWED).exclude(state=SaleState.DRAFT, corrects_sha256="")


def recompute(environment: str) -> None:
    """Move the deadlines of what is owed, each with an entry in its trail."""
    known = list(Outage.objects.filter(environment=environment))
    rows = owed(_of(environment))
    moved, events = [], []
    for sale in rows.defer(*HEAVY).order_by("pk").select_for_update(no_key=True, of=("self",)):
        day = deadline_of(sale, known).day
        if day != sale.offline_deadline:
            events.append(sale.event({"offline_deadline": day}, actor=None, kind="deadline"))
            sale.offline_deadline = day
            moved.append(sale)
    Sale.objects.across_clients().bulk_update(moved, ["offline_deadline"])
    Event.objects.bulk_create(events)


def _keep(environment: str, told: Announcement) -> bool:
    """Whether the announcement is news."""
    facts = {
        "kind": KINDS[told.category],
        "started_at": told.start,
        "ended_at": None if told.end is None else max(told.end, told.start),
        "text": f"{told.title}. {told.text}".strip(". "),
    }
    rows = Outage.objects.select_for_update()
    outage = rows.filter(environment=environment, event=told.event).first()
    if outage is None:
        outage = Outage(environment=environment, event=told.event, source="lighthouse")
    elif all(getattr(outage, name) == value for name, value in facts.items()):
        return False
    for name, value in facts.items():
        setattr(outage, name, value)
    outage.save()
    return True


def _wake(environment: str, now: datetime) -> None:
    """KSeF is back: what waits for it goes now, and not at the next try after a failure.

    What waits for a person (by its kind's policy) goes on waiting, unless one asked already.
    """
    ended = Outage.objects.filter(
        environment=environment, ended_at__lte=now, ended_at__gt=now - JUST_NOW
    )
    if not ended.exists() or lasting(environment, now).exists():
        return
    rows = owed(_of(environment)).filter(state=SaleState.WAITING, client__active=True)
    rows = rows.filter(Q(sending=Sending.SEND) | Q(queued_version=F("version")))
    if sales := list(rows.defer(*HEAVY)):
        enqueue_sending(sales)


def _of(environment: str) -> ScopedQuerySet[Sale]:
    """The documents for an environment: their own, and before a claim the client's."""
    unsaid = Q(environment="", client__environment=environment)
    return Sale.objects.across_clients().filter(Q(environment=environment) | unsaid)


def _note(outage: Outage, kind: str, *, before: Mapping[str, object], actor: Operator) -> None:
    after = {
        "environment": outage.environment,
        "kind": outage.kind,
        "started_at": outage.started_at.isoformat(),
        "ended_at": outage.ended_at and outage.ended_at.isoformat(),
    }
    Event.objects.create(
        client=None,
        thing="sales.outage",
        thing_id=outage.pk,
        actor=actor,
        kind=kind,
        before=before,
        after=after,
    )
