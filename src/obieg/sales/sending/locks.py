"""The advisory lock of sending: one process sends for a client at a time."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from obieg.office.locks import alone

SENDING = 0x0B30  # class of locks; see also inbox.locks


@contextmanager
def alone_in_sending(client_id: int) -> Iterator[bool]:
    """Whether this process is the only one that sends for the client, for as long as it does.

    It spares work. What keeps an invoice from being sent twice are the claims: a worker that was
    taken for dead and comes back can neither undo nor answer the claim of another.
    """
    with alone(SENDING, client_id) as mine:
        yield mine


def lock_sending(client_id: int) -> bool:
    """Keep everybody from sending for the client until the transaction ends; False where one is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [SENDING, client_id])
        (mine,) = cursor.fetchone()
    return bool(mine)
