"""The emulator's own time, which can be set, advanced and frozen."""

import threading
import time
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Clock:
    """Real time plus an offset, or a frozen moment."""

    def __init__(self, start: datetime | None = None) -> None:
        self._lock = threading.Lock()
        self._offset = 0  # microseconds
        self._frozen: int | None = None
        self._last_tick = 0
        if start is not None:
            self.set(start)

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return to_datetime(self.micros())

    def micros(self) -> int:
        """The present moment in microseconds since 1970."""
        return self._frozen if self._frozen is not None else _real() + self._offset

    def tick(self) -> int:
        """A moment later than every moment ticked before, in microseconds since 1970."""
        with self._lock:
            self._last_tick = max(self.micros(), self._last_tick + 1)
            return self._last_tick

    def set(self, moment: datetime, *, frozen: bool = False) -> None:
        """Make `moment` the present; ticks may then start again from an earlier time."""
        with self._lock:
            target = to_micros(moment)
            if target < self.micros():
                self._last_tick = 0
            self._offset = target - _real()
            self._frozen = target if frozen else None

    def advance(self, by: timedelta) -> None:
        """Move the present by `by`, which may be negative."""
        self.set(self.now() + by, frozen=self._frozen is not None)


def _real() -> int:
    return time.time_ns() // 1000


def to_micros(moment: datetime) -> int:
    """Microseconds since 1970 of an aware moment."""
    return (moment - EPOCH) // MICROSECOND


def to_datetime(micros: int) -> datetime:
    """The aware UTC moment of `micros` since 1970."""
    return EPOCH + timedelta(microseconds=micros)


def iso(micros: int) -> str:
    """ISO 8601 with microseconds and offset, as KSeF writes it."""
    return to_datetime(micros).isoformat(timespec="microseconds")
