"""Looks whether the jobs are worked on, and has it told: a dead worker cannot tell of itself."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import psycopg
import structlog

log = structlog.get_logger(__name__)

EVERY = 60  # seconds between two looks
PATIENCE = 10 * 60  # seconds without a heartbeat, or without any progress, until it is told
AGAIN = 6 * 3600  # seconds until it is told once more
RETRY = 10 * 60  # seconds until a telling that failed is tried again
IN_TIME = "-c statement_timeout=5000"  # milliseconds: the supervisor has other duties
HEADS = 20  # jobs at the head of the queue by which progress is known

# A job that is worked on leaves the head of the queue, and one that ends leaves those under way.
_LOOK = """
SELECT (SELECT extract(epoch FROM now() - max(last_heartbeat)) FROM procrastinate_workers),
       (SELECT array_agg(id) FROM (
            SELECT id FROM procrastinate_jobs
             WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now())
             ORDER BY priority DESC, id LIMIT %s) AS due),
       (SELECT array_agg(id ORDER BY id) FROM procrastinate_jobs WHERE status = 'doing')
"""


class Telling(Protocol):
    """The program that tells, run once (`Child`)."""

    def start(self) -> None: ...
    def poll(self) -> int | None: ...


@dataclass
class Watchdog:
    """Looks now and then; `telling` makes the program that tells of `dead`, `stuck` or `over`."""

    url: Callable[[], str]
    telling: Callable[[str, int], Telling]
    clock: Callable[[], float] = time.monotonic
    next_look: float = 0.0
    alive_at: float = field(init=False)
    progress_at: float = field(init=False)
    seen: object = None
    told: str = ""  # of what, while it lasts
    again_at: float = 0.0
    retry_at: float = 0.0
    running: Telling | None = None
    saying: str = ""

    def __post_init__(self) -> None:
        self.alive_at = self.progress_at = self.clock()
        self.next_look = self.alive_at + EVERY

    def tend(self) -> bool:
        """One turn of the supervisor's loop; False: it goes on. The telling is never waited for."""
        now = self.clock()
        if self.running and (status := self.running.poll()) is not None:
            self._noted(status, now)
        if now >= self.next_look and self.running is None:
            self.next_look = now + EVERY
            if self._looked(now):
                self._judge(now)
        return False

    def _looked(self, now: float) -> bool:
        """Whether the database answered; without it nobody works, and others say so."""
        try:
            with psycopg.connect(self.url(), connect_timeout=5, options=IN_TIME) as connection:
                row = connection.execute(_LOOK, [HEADS]).fetchone()
        except psycopg.Error:
            self.alive_at = self.progress_at = now
            return False
        silence, due, doing = row or (None, None, None)
        if silence is not None and silence < EVERY:
            self.alive_at = now
        if not due or (due, doing) != self.seen:
            self.progress_at = now
        self.seen = (due, doing)
        return True

    def _judge(self, now: float) -> None:
        silent, standing = now - self.alive_at, now - self.progress_at
        if silent >= PATIENCE:
            self._tell("dead", silent, now)
        elif standing >= PATIENCE:
            self._tell("stuck", standing, now)
        elif self.told:
            self._tell("over", 0, now)

    def _tell(self, what: str, seconds: float, now: float) -> None:
        if now < (self.again_at if what == self.told else self.retry_at):
            return
        log.warning("watchdog", what=what, seconds=round(seconds))
        self.saying = what
        self.running = self.telling(what, round(seconds / 60))
        self.running.start()

    def _noted(self, status: int, now: float) -> None:
        what, self.saying, self.running = self.saying, "", None
        if status:
            self.retry_at = self.again_at = now + RETRY
            return
        self.told = "" if what == "over" else what
        self.again_at = now + AGAIN
