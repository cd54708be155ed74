"""The records that are sealed, each as the same bytes for ever."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db import connection

# Columns are named one by one: one that is added later does not change what was sealed.
_EVENTS = """
    SELECT id, client_id, thing, thing_id, actor_id, at, kind, before, after
    FROM office_event WHERE id > %s AND id <= %s ORDER BY id"""
_USES = """
    SELECT id, credential_id, client_id, actor_id, purpose, at
    FROM vault_credentialuse WHERE id > %s AND id <= %s ORDER BY id"""
_CALLS = """
    SELECT id, environment, client_id, context, "group", operation, credential_id, at, status,
           duration_ms
    FROM calls_ksefcall WHERE id > %s AND id <= %s ORDER BY id"""
_AT_ONCE = 2000


class Reach(NamedTuple):
    """How far each source is covered: its last id."""

    events: int = 0
    uses: int = 0
    calls: int = 0


def records_between(after: Reach, upto: Reach) -> Iterator[bytes]:
    """Every record beyond `after` up to `upto`, source by source, in the order of their ids."""
    sources = ("event", _EVENTS), ("use", _USES), ("call", _CALLS)
    for (name, statement), low, high in zip(sources, after, upto, strict=True):
        for row in _rows(statement, low, high):
            yield _bytes(name, row)


def _rows(statement: str, low: int, high: int) -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        while low < high:
            cursor.execute(f"{statement} LIMIT {_AT_ONCE}", [low, high])
            rows = cursor.fetchall()
            if not rows:
                return
            yield from rows
            low = rows[-1][0]


def _bytes(source: str, row: tuple[Any, ...]) -> bytes:
    plain = [value.timestamp().hex() if hasattr(value, "timestamp") else value for value in row]
    written = json.dumps([source, *plain], ensure_ascii=False, sort_keys=True, default=str)
    return written.encode() + b"\n"
