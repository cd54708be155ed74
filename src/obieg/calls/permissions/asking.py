"""When KSeF is asked for the permissions: each night, after a change, and again after a failure."""

from datetime import timedelta

import structlog
from django.utils import timezone

from obieg.calls.permissions.reading import read
from obieg.calls.permissions.storing import note_failure
from obieg.core.errors import MustWait, Transient, UserFixable
from obieg.office.jobs import enqueue
from obieg.office.models import Client, Operator

READ = "permissions.read"
SPREAD = timedelta(hours=2)  # a night's readings
ATTEMPTS = 6  # after a failure of KSeF; then the next night

log = structlog.get_logger(__name__)


def ask_for_all(*, spread: timedelta = SPREAD) -> int:
    """Queue a reading of every served client, spread over a while; how many were queued."""
    return _queue(
        list(Client.objects.across_clients().active().values_list("pk", flat=True)), spread
    )


def ask_for_those_of(operator: Operator) -> int:
    """The same of the clients that the operator sees, as soon as can be."""
    clients = Client.objects.visible_to(operator).active().values_list("pk", flat=True)
    return _queue(list(clients), timedelta())


def _queue(client_ids: list[int], spread: timedelta) -> int:
    return sum(
        reread_soon(client_id, after=spread * place / len(client_ids))
        for place, client_id in enumerate(client_ids)
    )


def reread_soon(client_id: int, *, after: timedelta = timedelta(), failures: int = 0) -> bool:
    """Queue a reading of one client; False where one waits already."""
    return enqueue(
        READ,
        {"client_id": client_id, "failures": failures},
        once=f"permissions-{client_id}",
        lock=f"permissions-{client_id}",
        at=timezone.now() + after if after else None,
    )


def ask_for(client_id: int, failures: int = 0) -> timedelta | None:
    """Read at one client; where KSeF cannot be asked, after how long it will be tried again."""
    client = Client.objects.across_clients().get(pk=client_id)
    if not client.active:
        return None
    wait: timedelta | None = None
    try:
        read(client)
    except MustWait as limit:
        wait = max(limit.until - timezone.now(), timedelta(seconds=1))
    except Transient as error:
        failures += 1
        log.info("permissions.not_read", client=client_id, code=error.code, failures=failures)
        if failures < ATTEMPTS:
            wait = timedelta(minutes=1 << failures)
        else:
            note_failure(client, str(error))
    except UserFixable as error:
        note_failure(client, str(error))
    if wait is not None:
        reread_soon(client_id, after=wait, failures=failures)
    return wait
