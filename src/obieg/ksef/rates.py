"""KSeF's limits of calls: the groups, and how many calls each allows.

Source: KSeF API 2.9, `x-rate-limits` and the group named with every operation.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Group(StrEnum):
    """Operations that share a limit; the names are those of `GET /rate-limits`."""

    ANONYMOUS = "anonymous"  # authentication and public keys: a limit by the second only
    INVOICE_METADATA = "invoiceMetadata"
    INVOICE_EXPORT = "invoiceExport"
    INVOICE_EXPORT_STATUS = "invoiceExportStatus"
    INVOICE_DOWNLOAD = "invoiceDownload"
    INVOICE_SEND = "invoiceSend"
    INVOICE_STATUS = "invoiceStatus"
    ONLINE_SESSION = "onlineSession"
    ONLINE_SESSION_CLOSE = "onlineSessionClose"
    BATCH_SESSION = "batchSession"
    BATCH_SESSION_CLOSE = "batchSessionClose"
    SESSION_LIST = "sessionList"
    SESSION_INVOICE_LIST = "sessionInvoiceList"
    SESSION_MISC = "sessionMisc"
    COLLECTIVE_IDENTIFIER = "collectiveIdentifier"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Rates:
    """Calls allowed in any second, minute and hour; None where there is no such limit."""

    per_second: int | None
    per_minute: int | None
    per_hour: int | None

    def windows(self) -> list[tuple[int, timedelta]]:
        """The limits that are set, each with its span."""
        spans = (
            (self.per_second, timedelta(seconds=1)),
            (self.per_minute, timedelta(minutes=1)),
            (self.per_hour, timedelta(hours=1)),
        )
        return [(limit, span) for limit, span in spans if limit is not None]


PER_ADDRESS = 75  # calls a second from one address, over all contexts and groups

SPECIFICATION = {
    Group.ANONYMOUS: Rates(60, None, None),
    Group.INVOICE_METADATA: Rates(8, 16, 20),
    Group.INVOICE_EXPORT: Rates(8, 16, 20),
    Group.INVOICE_EXPORT_STATUS: Rates(10, 60, 600),
    Group.INVOICE_DOWNLOAD: Rates(8, 16, 64),
    Group.INVOICE_SEND: Rates(10, 30, 180),
    Group.INVOICE_STATUS: Rates(30, 120, 1200),
    Group.ONLINE_SESSION: Rates(10, 30, 120),
    Group.ONLINE_SESSION_CLOSE: Rates(20, 60, 240),
    Group.BATCH_SESSION: Rates(10, 20, 60),
    Group.BATCH_SESSION_CLOSE: Rates(20, 40, 120),
    Group.SESSION_LIST: Rates(5, 10, 60),
    Group.SESSION_INVOICE_LIST: Rates(10, 20, 200),
    Group.SESSION_MISC: Rates(10, 120, 1200),
    Group.COLLECTIVE_IDENTIFIER: Rates(20, 120, 240),
    Group.OTHER: Rates(10, 30, 120),
}


def told_rates(told: Mapping[str, int]) -> Rates:
    """Limits as KSeF tells them (`EffectiveApiRateLimitValues`): -1 says that there is none."""
    second, minute, hour = (
        None if told[name] < 0 else told[name] for name in ("perSecond", "perMinute", "perHour")
    )
    return Rates(second, minute, hour)
