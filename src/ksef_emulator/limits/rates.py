"""Limits of requests: the specification's groups in rolling windows per context and IP."""

import math
from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum

from ksef_emulator.errors import TooManyRequests


class Group(StrEnum):
    """Groups of operations that share a limit (`x-rate-limits` of KSeF API 2.9)."""

    ONLINE_SESSION = "onlineSession"
    ONLINE_SESSION_CLOSE = "onlineSessionClose"
    BATCH_SESSION = "batchSession"
    BATCH_SESSION_CLOSE = "batchSessionClose"
    INVOICE_SEND = "invoiceSend"
    INVOICE_STATUS = "invoiceStatus"
    SESSION_LIST = "sessionList"
    SESSION_INVOICE_LIST = "sessionInvoiceList"
    SESSION_MISC = "sessionMisc"
    INVOICE_METADATA = "invoiceMetadata"
    INVOICE_EXPORT = "invoiceExport"
    INVOICE_EXPORT_STATUS = "invoiceExportStatus"
    INVOICE_DOWNLOAD = "invoiceDownload"
    COLLECTIVE_IDENTIFIER = "collectiveIdentifier"
    OTHER = "other"
    ANONYMOUS = "anonymous"
    GLOBAL = "global"


NO_LIMIT = -1  # as the specification writes it


@dataclass(frozen=True)
class Rates:
    """Requests allowed in the last second, minute and hour; NO_LIMIT where there is none."""

    per_second: int
    per_minute: int
    per_hour: int

    def scaled(self, factor: int) -> "Rates":
        """The same limits `factor` times higher."""
        return Rates(
            *(
                limit if limit == NO_LIMIT else limit * factor
                for limit in (self.per_second, self.per_minute, self.per_hour)
            )
        )

    def as_json(self) -> dict[str, int]:
        """The specification's form."""
        return {
            "perSecond": self.per_second,
            "perMinute": self.per_minute,
            "perHour": self.per_hour,
        }


# KSeF API 2.9: x-rate-limits of every operation; GET /rate-limits for `global`, which counts every
# operation from one address whatever its context.
SPECIFICATION = {
    Group.ONLINE_SESSION: Rates(10, 30, 120),
    Group.ONLINE_SESSION_CLOSE: Rates(20, 60, 240),
    Group.BATCH_SESSION: Rates(10, 20, 60),
    Group.BATCH_SESSION_CLOSE: Rates(20, 40, 120),
    Group.INVOICE_SEND: Rates(10, 30, 180),
    Group.INVOICE_STATUS: Rates(30, 120, 1200),
    Group.SESSION_LIST: Rates(5, 10, 60),
    Group.SESSION_INVOICE_LIST: Rates(10, 20, 200),
    Group.SESSION_MISC: Rates(10, 120, 1200),
    Group.INVOICE_METADATA: Rates(8, 16, 20),
    Group.INVOICE_EXPORT: Rates(8, 16, 20),
    Group.INVOICE_EXPORT_STATUS: Rates(10, 60, 600),
    Group.INVOICE_DOWNLOAD: Rates(8, 16, 64),
    Group.COLLECTIVE_IDENTIFIER: Rates(20, 120, 240),
    Group.OTHER: Rates(10, 30, 120),
    Group.ANONYMOUS: Rates(60, NO_LIMIT, NO_LIMIT),
    Group.GLOBAL: Rates(75, NO_LIMIT, NO_LIMIT),
}
DOWNLOADS = frozenset(
    {
        Group.INVOICE_METADATA,
        Group.INVOICE_EXPORT,
        Group.INVOICE_EXPORT_STATUS,
        Group.INVOICE_DOWNLOAD,
    }
)

SECOND = 1_000_000  # microseconds
WINDOWS = (("sekundę", SECOND), ("minutę", 60 * SECOND), ("godzinę", 3600 * SECOND))


@dataclass
class Window:
    """Requests of one key in the last hour, and the block that it earned."""

    hits: deque[int] = field(default_factory=deque)
    blocked_until: int = 0
    strikes: int = 0
    reason: str = ""


class RateLimiter:
    """Counts requests by key and refuses the one that exceeds a limit."""

    def __init__(self, factor: int | None) -> None:
        self.factor = factor  # None switches the limits off
        self._windows: dict[tuple[str, ...], Window] = {}

    def reset(self) -> None:
        """Forget every request and block."""
        self._windows.clear()

    def defaults(self) -> dict[Group, Rates]:
        """The limits that hold where a context has no limits of its own."""
        return {group: rates.scaled(self.factor or 1) for group, rates in SPECIFICATION.items()}

    def admit(self, key: tuple[str, ...], rates: Rates, now: int) -> None:
        """Count a request at `now` (microseconds) or raise TooManyRequests."""
        if self.factor is None:
            return
        window = self._windows.setdefault(key, Window())
        if now < window.blocked_until:
            window.strikes += 1
            raise self._refusal(window, now)
        self._forget_old(window, now)
        for limit, (name, span) in zip(
            (rates.per_second, rates.per_minute, rates.per_hour), WINDOWS, strict=True
        ):
            if self._full(window.hits, limit, now - span):
                self._block(window, limit, span, now)
                window.reason = f"Przekroczono limit {limit} żądań na {name}."
                raise self._refusal(window, now)
        window.hits.append(now)

    @staticmethod
    def _forget_old(window: Window, now: int) -> None:
        hits = window.hits
        while hits and (hits[0] <= now - WINDOWS[-1][1] or hits[0] > now):
            hits.popleft()
        if now > window.blocked_until + WINDOWS[-1][1]:
            window.strikes = 0

    @staticmethod
    def _full(hits: deque[int], limit: int, since: int) -> bool:
        if limit == NO_LIMIT:
            return False
        return len(hits) >= limit and (limit == 0 or hits[-limit] > since)

    @staticmethod
    def _block(window: Window, limit: int, span: int, now: int) -> None:
        """Until a place is free; longer with every repetition, at most twice the window."""
        oldest = window.hits[-limit] if limit else now
        free_in = max(oldest + span - now, SECOND)
        window.strikes += 1
        window.blocked_until = now + min(free_in * window.strikes, 2 * span)

    @staticmethod
    def _refusal(window: Window, now: int) -> TooManyRequests:
        seconds = max(1, math.ceil((window.blocked_until - now) / SECOND))
        return TooManyRequests(f"{window.reason} Spróbuj ponownie po {seconds} sekundach.", seconds)
