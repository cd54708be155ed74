"""The trail of one thing as its page shows it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Change:
    """One field before and after, as the screen shows them."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class TrailEntry:
    """One thing that was done."""

    at: datetime
    who: str  # the operator's name, or `Obieg` for what the program did by itself
    what: str
    changes: tuple[Change, ...] = ()
