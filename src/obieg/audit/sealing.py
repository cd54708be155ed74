"""Sealing: the records since the last seal are digested into the next one, and anchored outside.

While the newest records are counted the sources are locked against writers for a moment, so that
no transaction that commits later can slip in below. A record is protected from its seal on; until
then (minutes) only by the database's refusal to change it.
"""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import structlog
from django.conf import settings
from django.db import OperationalError, connection, transaction
from psycopg.errors import LockNotAvailable

from obieg.audit.models import Seal
from obieg.audit.records import Reach, calls_between, events_between, uses_between

# a call to KSeF has its outcome by then; the trigger in the first migration says the same
SETTLED = "1 hour"
PATIENCE = "300ms"  # writers wait for us no longer; the next minute is as good
GENESIS = "0" * 64
ANCHOR = "audit.anchor"
_SEALING = 0x0B20A  # the advisory lock of whoever seals

SOURCES = ("events", "uses", "calls")

log = structlog.get_logger(__name__)


class Part(NamedTuple):
    """What one source gives to a seal."""

    digest: str
    records: int


def seal_new() -> Seal | None:
    """Seal what is new, or None where nothing is, or writers were in the way."""
    try:
        with transaction.atomic():
            upto = _settled_reach()
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            log.info("audit.sealing_postponed")
            return None
        raise
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_SEALING])
        last = Seal.objects.last()
        after = reach_of(last)
        if upto == after or any(new < old for new, old in zip(upto, after, strict=True)):
            return None
        parts = parts_between(after, upto)
        seal = Seal(
            number=last.number + 1 if last else 1,
            events_to=upto.events,
            uses_to=upto.uses,
            calls_to=upto.calls,
            records=sum(part.records for part in parts),
            **{f"{name}_digest": part.digest for name, part in zip(SOURCES, parts, strict=True)},
        )
        seal.digest = link_digest(last.digest if last else GENESIS, seal)
        seal.save(force_insert=True)
    anchor(seal)
    return seal


def reach_of(seal: Seal | None) -> Reach:
    """How far the chain covers with `seal` as its last link."""
    return Reach(seal.events_to, seal.uses_to, seal.calls_to) if seal else Reach()


def parts_between(after: Reach, upto: Reach) -> list[Part]:
    """Each source between the two reaches, digested alone."""
    readers = events_between, uses_between, calls_between
    return [
        part_of(reader(low, high)) for reader, low, high in zip(readers, after, upto, strict=True)
    ]


def part_of(records: Iterable[bytes], before: str = "") -> Part:
    """SHA-256 (hex) over `before` and the records, and how many they are."""
    hashed, count = hashlib.sha256(before.encode()), 0
    for record in records:
        hashed.update(record)
        count += 1
    return Part(hashed.hexdigest(), count)


def link_digest(previous: str, seal: Seal) -> str:
    """SHA-256 (hex) over the previous link and everything that this one says."""
    said = (
        previous,
        *reach_of(seal),
        seal.records,
        seal.events_digest,
        seal.uses_digest,
        seal.calls_digest,
    )
    return hashlib.sha256(" ".join(map(str, said)).encode()).hexdigest()


def anchor_path() -> Path:
    """The file beside the database that repeats every seal; copy it elsewhere from time to time."""
    return Path(settings.DATA) / ANCHOR


def anchor(seal: Seal) -> None:
    """Add the seal to the anchor file, to stay even if the database is replaced."""
    line = f"{seal.number} {seal.at.isoformat()} {seal.digest}\n"
    descriptor = os.open(anchor_path(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def _settled_reach() -> Reach:
    """The last ids below which nothing can be added any more."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])
        cursor.execute("LOCK TABLE office_event, vault_credentialuse, calls_ksefcall IN SHARE MODE")
        cursor.execute(
            """
            SELECT (SELECT coalesce(max(id), 0) FROM office_event),
                   (SELECT coalesce(max(id), 0) FROM vault_credentialuse),
                   coalesce(
                       (SELECT min(id) - 1 FROM calls_ksefcall WHERE at > now() - %s::interval),
                       (SELECT max(id) FROM calls_ksefcall), 0)
            """,
            [SETTLED],
        )
        return Reach(*cursor.fetchone())
