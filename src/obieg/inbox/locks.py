"""Advisory locks: one pass over a channel, one storing transaction of a client, at a time."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from obieg.office.locks import alone

PASS = 0x0B1E  # classes of locks, so that ids of different things do not meet
STORING = 0x0B1F


@contextmanager
def alone_in_channel(channel_id: int) -> Iterator[bool]:
    """Whether this process is the only one that works on the channel, for as long as it does.

    The engine already runs one job of a client at a time; this holds as well when it has taken a
    slow worker for a dead one.
    """
    with alone(PASS, channel_id) as mine:
        yield mine


def lock_storing(client_id: int) -> None:
    """Wait until no other transaction stores documents of the client; held until the commit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [STORING, client_id])
