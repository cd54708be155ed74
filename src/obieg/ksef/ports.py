"""What the gateway needs from the rooms above it: a meter of its calls, and access."""

from contextlib import AbstractContextManager
from typing import Protocol

from obieg.ksef.rates import Group


class Answer(Protocol):
    """Where the gateway says what came of a call."""

    def came(self, status: int) -> None:
        """An HTTP answer with `status`; not called where the answer was lost."""


class Meter(Protocol):
    """Counts every call before it is made, and refuses the one that would exceed a limit."""

    def call(self, group: Group, operation: str) -> AbstractContextManager[Answer]:
        """Around one call; raises MustWait before the call is made."""


class Access(Protocol):
    """The access token of one context."""

    def token(self) -> str:
        """A token that is valid now."""

    def renew(self, rejected: str) -> str:
        """Another token than `rejected`, which KSeF answered with 401."""
