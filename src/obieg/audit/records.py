"""The records that are sealed, each as the same bytes for ever.

The content of an entry of the trail stands there as its digest, so that it can be taken out and the
rest still be proved.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db import connection

# Columns are named one by one: one that is added later does not change what was sealed.
_EVENTS = """
    SELECT e.id, e.client_id, e.thing, e.thing_id, e.actor_id, e.at, e.kind,
           e.before::text, e.after::text, r.content
    FROM office_event e LEFT JOIN audit_redaction r ON r.event_id = e.id
    WHERE e.id > %s AND e.id <= %s ORDER BY e.id"""
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


def events_between(low: int, high: int) -> Iterator[bytes]:
    """The entries with ids in (low, high], their content as a digest."""
    for *plain, before, after, redacted in _rows(_EVENTS, low, high):
        is_emptied = redacted and (before, after) == ("{}", "{}")
        content = redacted if is_emptied else content_digest(before, after)
        yield _bytes("event", (*plain, content))


def uses_between(low: int, high: int) -> Iterator[bytes]:
    """The uses of credentials with ids in (low, high]."""
    for row in _rows(_USES, low, high):
        yield _bytes("use", row)


def calls_between(low: int, high: int) -> Iterator[bytes]:
    """The calls to KSeF with ids in (low, high]."""
    for row in _rows(_CALLS, low, high):
        yield _bytes("call", row)


def whole_between(after: Reach, upto: Reach) -> Iterator[bytes]:
    """Every record with its content, source by source: the form of decision 0009."""
    for *plain, _ in _rows(_EVENTS, after.events, upto.events):
        yield _bytes("event", tuple(plain))
    yield from uses_between(after.uses, upto.uses)
    yield from calls_between(after.calls, upto.calls)


def content_digest(before: str, after: str) -> str:
    """SHA-256 (hex) of what an entry says beside who, when and which thing, as the database writes
    it; `redact_entry` of migration 0002 computes the same.
    """
    return hashlib.sha256(f"{before}\n{after}".encode()).hexdigest()


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
