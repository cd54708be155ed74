"""Things that are tried until they succeed: an e-mail, a call of a webhook."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import ClassVar, Self

import structlog
from django.db import models, transaction
from django.utils import timezone

from obieg.core.errors import Transient, UserFixable
from obieg.office.jobs import enqueue
from obieg.office.states import Stateful

log = structlog.get_logger(__name__)


class TryState(models.TextChoices):
    QUEUED = "queued", "Czeka"
    SENT = "sent", "Wysłany"
    FAILED = "failed", "Nieudany"


class Retried(Stateful):
    """A row that waits to be sent; one try is one job.

    A subclass gives `JOB` (its task, which takes the row's key under the name `JOB_KEY`) and
    `DELAYS` (the waits between tries: after the last of them it has failed).
    """

    JOB: ClassVar[str]
    JOB_KEY: ClassVar[str]
    DELAYS: ClassVar[Sequence[timedelta]]
    STATES = TryState
    TRANSITIONS: ClassVar = {
        TryState.QUEUED: frozenset({TryState.SENT, TryState.FAILED}),
        TryState.FAILED: frozenset({TryState.QUEUED}),
        TryState.SENT: frozenset[TryState](),
    }

    state = models.CharField(
        "stan", max_length=8, choices=TryState.choices, default=TryState.QUEUED
    )
    attempts = models.PositiveSmallIntegerField("prób", default=0)
    error_text = models.TextField("ostatni błąd", blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField("wysłany", null=True)

    class Meta:
        abstract = True

    def queue(self, *, after: timedelta = timedelta()) -> None:
        """Queue the next try as a part of the caller's transaction."""
        at = timezone.now() + after if after else None
        once = f"{self.JOB}-{self.pk}-{self.attempts}"
        enqueue(self.JOB, {self.JOB_KEY: self.pk}, once=once, at=at)

    def attempt(self, send: Callable[[Self], None]) -> None:
        """One try: a Transient of `send` waits for the next, a UserFixable ends it."""
        if self.state != TryState.QUEUED:
            return
        try:
            send(self)
        except UserFixable as error:
            self._fail(str(error))
        except Transient as error:
            self._wait_or_fail(str(error))
        else:
            self._succeed()

    def when_sent(self) -> None:
        """What else is written in the transaction that notes the success."""

    @transaction.atomic
    def _succeed(self) -> None:
        self.advance(
            TryState.SENT,
            actor=None,
            kind="sent",
            sent_at=timezone.now(),
            attempts=self.attempts + 1,
            error_text="",
        )
        self.when_sent()

    def _fail(self, text: str) -> None:
        log.warning("given_up", thing=self.THING, id=self.pk, attempts=self.attempts + 1)
        self.advance(
            TryState.FAILED,
            actor=None,
            kind="failed",
            attempts=self.attempts + 1,
            error_text=text,
        )

    def _wait_or_fail(self, text: str) -> None:
        if self.attempts >= len(self.DELAYS):
            self._fail(text)
            return
        log.warning("not_sent_yet", thing=self.THING, id=self.pk, attempts=self.attempts + 1)
        with transaction.atomic():
            wait = self.DELAYS[self.attempts]
            self.attempts += 1
            self.error_text = text
            self.save(update_fields=["attempts", "error_text"])
            self.queue(after=wait)
