"""Synchronising the demo's clients now, by the same service that the worker runs."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from datetime import date, datetime

from django.db import connections
from django.utils import timezone

from obieg.demo.errors import SynchronisationStuck
from obieg.inbox.channels import ensure_channels
from obieg.inbox.models import Channel, Role
from obieg.inbox.synchronise import synchronise
from obieg.office.models import Client

THREADS = 4
PATIENCE_MINUTES = 10
ROLES = (Role.SELLER, Role.BUYER)  # those that bring anything here; the others wait their turn


def open_channels(clients: Sequence[Client], since: date) -> list[Channel]:
    """The channels of the clients, made where missing; those of ROLES."""
    channels = [channel for client in clients for channel in ensure_channels(client, since=since)]
    return [channel for channel in channels if channel.role in ROLES]


def synchronise_now(channels: Sequence[Channel]) -> Iterator[Channel]:
    """Carry every channel to the end of what KSeF has; yields each that is there.

    Raises SynchronisationStuck after PATIENCE_MINUTES.
    """
    end = time.monotonic() + PATIENCE_MINUTES * 60
    waiting = {channel.pk: channel for channel in channels}
    with ThreadPoolExecutor(THREADS, thread_name_prefix="pass") as pool:
        while waiting:
            again: datetime | None = None
            for key, until in run_passes(pool, list(waiting)):
                if until is None:
                    yield waiting.pop(key)
                else:
                    again = min(again or until, until)
            if again:
                wait_until(again, end, list(waiting.values()))


def run_passes(
    pool: ThreadPoolExecutor, keys: Sequence[int]
) -> Iterator[tuple[int, datetime | None]]:
    """One pass over each channel: its id, and when it has to go on (None: it is done)."""
    started: dict[Future[datetime | None], int] = {pool.submit(run_pass, key): key for key in keys}
    for future in as_completed(started):
        yield started[future], future.result()


def run_pass(key: int) -> datetime | None:
    """One pass, on a connection of its own."""
    try:
        return synchronise(key)
    finally:
        connections.close_all()


def wait_until(moment: datetime, end: float, waiting: Sequence[Channel]) -> None:
    """Sleep until the first channel may go on, or give up."""
    if time.monotonic() > end:
        stuck = Channel.objects.across_clients().filter(pk__in=[c.pk for c in waiting])
        words = stuck.exclude(error_text="").values_list("error_text", flat=True).first()
        raise SynchronisationStuck(
            count=len(waiting), minutes=PATIENCE_MINUTES, reason=words or "limit wywołań KSeF."
        )
    time.sleep(max((moment - timezone.now()).total_seconds(), 0.2))


def call_for_turn(channels: Sequence[Channel]) -> None:
    """Let the scheduler take these channels at its next minute."""
    keys = [channel.pk for channel in channels]
    Channel.objects.across_clients().filter(pk__in=keys).update(next_run_at=timezone.now())
