"""Advisory locks: one pass over a channel, one storing transaction of a client, at a time."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

PASS = 0x0B1E  # classes of locks, so that ids of different things do not meet
STORING = 0x0B1F


@contextmanager
def alone_in_channel(channel_id: int) -> Iterator[bool]:
    """Whether this process is the only one that works on the channel, for as long as it does.

    The engine already runs one job of a client at a time; this holds as well when it has taken a
    slow worker for a dead one. The lock dies with the connection, so a killed worker leaves none.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [PASS, channel_id])
        (mine,) = cursor.fetchone()
    try:
        yield mine
    finally:
        if mine and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [PASS, channel_id])


def lock_storing(client_id: int) -> None:
    """Wait until no other transaction stores documents of the client; held until the commit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [STORING, client_id])
