"""Everything one emulator knows: its options, clock, state, keys, limits and misbehaviour."""

import logging
import secrets
import tempfile
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import IO, Literal, cast

from ksef_emulator.bearer import BearerTokens
from ksef_emulator.certificates.anchors import Anchors
from ksef_emulator.clock import Clock
from ksef_emulator.control.faults import Faults
from ksef_emulator.control.journal import Journal
from ksef_emulator.crypto import Keyring
from ksef_emulator.identifiers import Numbering
from ksef_emulator.limits.rates import RateLimiter
from ksef_emulator.options import Options
from ksef_emulator.schemas import Schemas
from ksef_emulator.storage import Database, Shelf
from ksef_emulator.wire import Model

SPOOL = 16 * 1024 * 1024  # bytes of a file for the moment that stay in memory
log = logging.getLogger(__name__)


class Secret(Model):
    """A value that must outlive a restart."""

    value: str


class Settings(Model):
    """What can be changed while the emulator runs; sizes in bytes, spans in seconds."""

    hwm_lag: int
    processing_delay: int
    authentication_delay: int
    processing_failure: Literal[0, 500, 550]
    stuck_sessions: bool
    export_max_invoices: int
    export_max_bytes: int
    export_part_bytes: int
    package_lifetime: int
    link_lifetime: int
    access_token_lifetime: int
    refresh_token_lifetime: int
    maintenance: bool


class World:
    """One emulator; operations receive it and change nothing else."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.anchors = Anchors(options.trust_ca)  # first: it may refuse its files
        self.clock = Clock(options.now)
        self.db = Database(options.data)
        self.numbering = Numbering(options.seed)
        self.keys = Keyring(self.db, self.clock)
        self.settings = Settings(**{name: getattr(options, name) for name in Settings.model_fields})
        self.rates = RateLimiter(rate_factor(options.rate_limits))
        self.bearers = BearerTokens(self.secret("jwt"), self.clock)
        self.schemas = Schemas(options.schemas)
        self.faults = Faults(options.seed)
        self.journal = Journal()
        self._published_hwm = 0
        self._done: dict[str, date] = {}
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="ksef-processing")

    def secret(self, name: str) -> str:
        """A random value, made once and kept with the state."""
        shelf = Shelf(self.db, "secret", Secret)
        known = shelf.get(name)
        if known is None:
            known = Secret(value=secrets.token_hex(32))
            shelf.put(name, known)
        return known.value

    def hwm(self) -> int:
        """The high water mark in microseconds: nothing at or before it will still be stored."""
        lag = timedelta(seconds=self.settings.hwm_lag) // timedelta(microseconds=1)
        moment = self.clock.tick()
        if moment < self._published_hwm:  # the clock was set back
            self._published_hwm = 0
        self._published_hwm = max(self._published_hwm, moment - lag)
        return self._published_hwm

    def scratch(self) -> IO[bytes]:
        """A file for the moment: beside the data, not in a /tmp that may itself be memory."""
        data = Path(self.options.data)
        folder = None if self.options.data == ":memory:" else str(data.resolve().parent)
        return cast("IO[bytes]", tempfile.SpooledTemporaryFile(SPOOL, dir=folder))

    def later(self, work: Callable[[], None]) -> None:
        """Do `work` in the background, one piece after another."""
        self._worker.submit(work).add_done_callback(_report)

    def daily(self, work: Callable[["World"], None]) -> None:
        """Do `work` in the background unless it was done on this day already."""
        today = self.clock.now().date()
        if self._done.get(work.__name__) != today:
            self._done[work.__name__] = today
            self.later(lambda: work(self))

    def close(self) -> None:
        """Finish the work in hand and let go of the state."""
        self._worker.shutdown(wait=True, cancel_futures=True)
        self.db.close()


def _report(work: Future[None]) -> None:
    """Say in the log what failed in the background: nobody else would ever see it."""
    if not work.cancelled() and (failure := work.exception()):
        log.error("background work failed", exc_info=failure)


def rate_factor(text: str) -> int | None:
    """`spec` -> 1, `x10` -> 10, `off` -> None; raises ValueError for anything else."""
    if text == "off":
        return None
    if text == "spec":
        return 1
    if text.startswith("x") and text[1:].isdigit() and int(text[1:]):
        return int(text[1:])
    raise ValueError(f"rate limits are 'spec', 'off' or 'xN', not {text!r}")
