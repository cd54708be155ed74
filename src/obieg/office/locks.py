"""Advisory locks that a process holds across transactions, until it ends or lets go."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def alone(group: int, key: int) -> Iterator[bool]:
    """Whether this process is the only one inside with `key` of the class `group` of locks.

    Nobody waits: who is not alone learns it. The lock dies with the connection, so a killed worker
    leaves none.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [group, key])
        (mine,) = cursor.fetchone()
    try:
        yield mine
    finally:
        if mine and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [group, key])
