"""What one emulator is told at its start."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Options:
    """Start options; sizes in bytes, spans of time in seconds.

    The defaults of limits and lifetimes are those of KSeF API 2.9 or of the Ministry's guide.
    """

    host: str = "127.0.0.1"
    port: int = 0
    data: str = ":memory:"
    control: bool = False
    seed: int | None = None
    now: datetime | None = None
    schemas: Path | None = None
    trust_ca: tuple[Path, ...] = ()  # authorities of foreign certificates, PEM or DER
    rate_limits: str = "spec"  # "spec", "off" or "x10"
    night_factor: int = 1  # the guide promises higher limits of downloading, without figures
    access_token_lifetime: int = 15 * 60
    refresh_token_lifetime: int = 7 * 24 * 3600
    tokens_end: date = date(2026, 12, 31)  # last day of authentication by KSeF token
    hwm_lag: int = 0
    processing_delay: int = 0
    authentication_delay: int = 0  # a slow OCSP: authentications only
    processing_failure: int = 0  # 500 or 550: how asynchronous operations end from now on
    stuck_sessions: bool = False  # closed sessions never reach their last status
    export_max_invoices: int = 10_000
    export_max_bytes: int = 1_000 * MEGABYTE
    export_part_bytes: int = 50 * MEGABYTE
    package_lifetime: int = 24 * 3600
    link_lifetime: int = 3600
    maintenance: bool = False  # sending is out of order (21184)
    trust_forwarded_for: bool = False
