"""KSeF's limit by address: so many calls a second, whatever contexts and groups they are of.

There are as many slots as calls are allowed. A call holds one until a second after its answer came
(until the latest moment at which it could, where none came), so that KSeF never sees more in a
second than there are slots, however long each was on its way.
"""

from datetime import datetime, timedelta

from django.db import connection

from obieg.calls.models import AddressSlot
from obieg.ksef.rates import PER_ADDRESS

SPAN = timedelta(seconds=1)

_TAKE = """
UPDATE calls_addressslot SET free_at = %(until)s WHERE id = (
    SELECT id FROM calls_addressslot
     WHERE environment = %(environment)s AND free_at <= clock_timestamp()
     LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
) RETURNING id
"""
_GIVE_BACK = """
UPDATE calls_addressslot SET free_at = clock_timestamp() + make_interval(secs => %s) WHERE id = %s
"""


def take_slot(environment: str, until: datetime) -> int | None:
    """A slot held to `until`, as a part of the caller's transaction; None where none is free."""
    slot = _taken(environment, until)
    if slot is None and not AddressSlot.objects.filter(environment=environment).exists():
        _lay_out(environment)
        slot = _taken(environment, until)
    return slot


def give_back(slot: int) -> None:
    """The answer came: KSeF has counted the call, and forgets it within a second."""
    with connection.cursor() as cursor:
        cursor.execute(_GIVE_BACK, [SPAN.total_seconds(), slot])


def _taken(environment: str, until: datetime) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"environment": environment, "until": until})
        row = cursor.fetchone()
    return row[0] if row else None


def _lay_out(environment: str) -> None:
    """Make the environment's slots; another process may make them at the same moment."""
    long_ago = datetime.fromisoformat("2020-01-01T00:00:00Z")
    AddressSlot.objects.bulk_create(
        [
            AddressSlot(environment=environment, number=number, free_at=long_ago)
            for number in range(PER_ADDRESS)
        ],
        ignore_conflicts=True,
    )
