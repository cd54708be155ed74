"""The channels of a client: one a role, each with its own turn in the interval."""

import hashlib
from datetime import UTC, date, datetime, time, timedelta
from itertools import starmap

from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from obieg.core.calendar import Month
from obieg.core.polish import WARSAW, today
from obieg.inbox.models import Channel, Role
from obieg.office.models import MINUTES_BETWEEN_SYNCHRONISATIONS, Client

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
LATENESS = timedelta(minutes=2)  # of a run that was due, before its successor is put off
CLOSEST = timedelta(minutes=MINUTES_BETWEEN_SYNCHRONISATIONS) - LATENESS


def ensure_channels(client: Client, *, since: date | None = None) -> list[Channel]:
    """The channels of `client`, one for each of its roles, made where missing.

    A new one fetches what KSeF stored from the day `since`; by default from the first day of the
    previous month, the earliest that is commonly still to be posted.
    """
    begin = datetime.combine(since or default_start(), time.min, WARSAW)
    return list(starmap(_ensure, ((client, role, begin) for role in roles_of(client))))


def roles_of(client: Client) -> list[Role]:
    """The roles in which KSeF may know a client on an invoice.

    The authorised party has a NIP (FA(3), PodmiotUpowazniony): in the context of an internal
    identifier KSeF refuses its export (KSeF API 2.9, 21181). The identifier itself (IDWew) stands
    in Podmiot3 only, but the other roles are asked for too, so that nothing is missed.
    """
    return [role for role in Role if not (client.internal_id and role == Role.AUTHORIZED)]


def _ensure(client: Client, role: Role, begin: datetime) -> Channel:
    channel, _ = Channel.objects.of_client(client).get_or_create(
        client=client,
        environment=client.environment,
        role=role,
        defaults={"position": begin, "next_run_at": turn_from(client, role, timezone.now())},
    )
    return channel


def default_start() -> date:
    """The first day of the previous month in Warsaw."""
    return Month.of(today()).previous().first


def ensure_all() -> int:
    """Give every served client that has none its channels; returns how many clients got them."""
    channels = Channel.objects.across_clients().filter(
        client=OuterRef("pk"), environment=OuterRef("environment")
    )
    missing = Client.objects.across_clients().active().filter(~Exists(channels))
    return len([ensure_channels(client) for client in missing])


def turn_after(client: Client, role: str, run: datetime) -> datetime:
    """The next turn of `role` of `client` after one at `run`, never closer than KSeF asks for."""
    return turn_from(client, role, run + CLOSEST)


def turn_from(client: Client, role: str, moment: datetime) -> datetime:
    """The first turn of `role` of `client` that is not before `moment`, in UTC.

    The turns stand at a fixed place within the interval, which a hash of the client and the role
    chooses, so that hundreds of clients are spread over it and stay so.
    """
    interval = timedelta(minutes=client.sync_interval)
    digest = hashlib.sha256(f"{client.pk}:{role}".encode()).digest()
    seconds = client.sync_interval * 60 * int.from_bytes(digest[:4]) // 2**32
    first = EPOCH + timedelta(seconds=seconds)
    return first + interval * -((first - moment) // interval)


def due(now: datetime) -> list[Channel]:
    """The channels whose turn has come, locked until the transaction ends."""
    followed = Channel.objects.across_clients().filter(
        enabled=True, client__active=True, environment=F("client__environment")
    )
    waiting = followed.filter(next_run_at__lte=now).select_related("client")
    return list(waiting.select_for_update(skip_locked=True, of=("self",)).order_by("next_run_at"))
