"""Handing over: a file with everything of a client, made in the background, given for some days."""

import hashlib
import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import structlog
from django.db import IntegrityError, transaction
from django.utils import timezone

from obieg.core.errors import UserFixable
from obieg.office.jobs import enqueue
from obieg.office.models import Client, Event, Operator
from obieg.office.scope import ScopedQuerySet
from obieg.retention.archive.writing import write_archive
from obieg.retention.erasing import is_erased
from obieg.retention.errors import AlreadyErased, UnderWay
from obieg.retention.models import Handover, HandoverPiece
from obieg.retention.states import HandoverState

JOB = "retention.hand_over"
KEPT = timedelta(days=7)
PATIENCE = timedelta(days=1)
PIECE = 1_000_000  # bytes
TOO_LONG = "Plik nie powstał w ciągu doby. Zleć go ponownie."

log = structlog.get_logger(__name__)


def ask(client: Client, *, actor: Operator) -> Handover:
    """Queue the making of a file; UnderWay where one is being made."""
    if is_erased(client):
        raise AlreadyErased
    try:
        with transaction.atomic():
            handover = Handover.objects.create(client=client, asked_by=actor)
            _trail(handover, actor, "create")
            enqueue(
                JOB,
                {"handover_id": handover.pk},
                once=f"handover-{handover.pk}",
            )
    except IntegrityError as error:
        raise UnderWay(client=client.name) from error
    return handover


def make(handover_id: int) -> None:
    """Make the file; begun anew where an earlier attempt was cut."""
    handover = Handover.objects.across_clients().select_related("client").get(pk=handover_id)
    if handover.state not in (HandoverState.QUEUED, HandoverState.MAKING):
        return
    pieces_of(handover).delete()
    handover.advance(HandoverState.MAKING, actor=handover.asked_by, kind="begin")
    pieces = Pieces(handover)
    try:
        write_archive(
            pieces, handover.client, tell=lambda done, total: _tell(handover, done, total)
        )
        pieces.finish()
    except UserFixable as error:
        pieces_of(handover).delete()
        handover.advance(
            HandoverState.FAILED, actor=handover.asked_by, kind="fail", error_text=str(error)
        )
        return
    now = timezone.now()
    handover.advance(
        HandoverState.READY,
        actor=handover.asked_by,
        kind="ready",
        size=pieces.size,
        sha256=pieces.sha256,
        ready_at=now,
        expires_at=now + KEPT,
    )
    log.info("retention.handed_over", client=handover.client_id, bytes=pieces.size)


def given(handover: Handover, *, actor: Operator) -> Iterator[bytes]:
    """The bytes of the file, a piece at a time; that it was taken goes into the trail."""
    _trail(handover, actor, "download")
    return _bytes_of(handover)


def expire() -> int:
    """Remove the files whose days are over; how many. Each night, with what never came about."""
    _give_up_old()
    over = Handover.objects.across_clients().filter(
        state=HandoverState.READY, expires_at__lt=timezone.now()
    )
    rows = list(over)
    for handover in rows:
        with transaction.atomic():
            pieces_of(handover).delete()
            handover.advance(HandoverState.EXPIRED, actor=None, kind="expire")
    return len(rows)


def _give_up_old() -> None:
    """A day is enough for any file: whatever broke the making, another may be asked for."""
    begun = Handover.objects.across_clients().filter(
        state__in=[HandoverState.QUEUED, HandoverState.MAKING],
        asked_at__lt=timezone.now() - PATIENCE,
    )
    for handover in list(begun):
        with transaction.atomic():
            pieces_of(handover).delete()
            handover.advance(HandoverState.FAILED, actor=None, kind="fail", error_text=TOO_LONG)


def pieces_of(handover: Handover) -> ScopedQuerySet[HandoverPiece]:
    """The pieces of one file, in their order."""
    rows = HandoverPiece.objects.of_client(handover.client_id)
    return rows.filter(handover=handover).order_by("number")


class Pieces(io.RawIOBase):
    """A file that is written once, from its beginning to its end, into rows."""

    def __init__(self, handover: Handover) -> None:
        super().__init__()
        self.size = 0
        self._handover = handover
        self._hashed = hashlib.sha256()
        self._number = 0
        self._kept = bytearray()

    @property
    def sha256(self) -> str:
        return self._hashed.hexdigest()

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        block = bytes(data)
        self._hashed.update(block)
        self.size += len(block)
        self._kept += block
        while len(self._kept) >= PIECE:
            self._store(PIECE)
        return len(block)

    def finish(self) -> None:
        """Store what is left."""
        if self._kept:
            self._store(len(self._kept))

    def _store(self, size: int) -> None:
        HandoverPiece.objects.create(
            handover=self._handover, number=self._number, body=bytes(self._kept[:size])
        )
        del self._kept[:size]
        self._number += 1


def _bytes_of(handover: Handover) -> Iterator[bytes]:
    rows = pieces_of(handover)
    number = 0
    while body := rows.filter(number=number).values_list("body", flat=True).first():
        yield bytes(body)
        number += 1


def _tell(handover: Handover, done: int, total: int) -> None:
    rows = Handover.objects.of_client(handover.client_id).filter(pk=handover.pk)
    rows.update(done=done, total=total)


def _trail(handover: Handover, actor: Operator, kind: str) -> None:
    Event.objects.create(
        client_id=handover.client_id,
        thing=Handover.THING,
        thing_id=handover.pk,
        actor=actor,
        kind=kind,
    )
