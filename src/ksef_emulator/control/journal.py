"""The log of every request, for tests that ask what a client did."""

import threading
from collections import deque
from dataclasses import asdict, dataclass
from typing import Any

KEPT = 100_000


@dataclass(frozen=True)
class Entry:
    """One answered, or cut, request; `status` is 0 where the connection was cut."""

    at: str
    method: str
    path: str
    context: str | None
    status: int
    fault: str | None


class Journal:
    """The last requests, the oldest first."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=KEPT)
        self._lock = threading.Lock()

    def add(self, entry: Entry) -> None:
        """Write one request down."""
        with self._lock:
            self._entries.append(entry)

    def clear(self) -> None:
        """Forget every request."""
        with self._lock:
            self._entries.clear()

    def as_json(self) -> list[dict[str, Any]]:
        """Every request, the oldest first."""
        with self._lock:
            return [asdict(entry) for entry in self._entries]
