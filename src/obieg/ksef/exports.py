"""An export of KSeF: its status, its package and the package's parts, with a form for storage."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, Self

from ksef_client.models import InvoiceExportStatusResponse, InvoicePackage, InvoicePackagePart

from obieg.ksef.moments import format_moment, optional_moment, parse_moment

State = Literal["preparing", "ready", "failed", "expired"]

# statuses of GET /invoices/exports/{referenceNumber}, KSeF API 2.9
READY, EXPIRED = 200, 210
NOTHING_YET = 420  # the window begins after the high water mark


@dataclass(frozen=True, slots=True)
class Part:
    """One encrypted part: sizes in bytes, hashes SHA-256 in Base64, the end of its link."""

    ordinal: int
    name: str
    method: str
    url: str
    size: int
    hash: str
    encrypted_size: int
    encrypted_hash: str
    expires_at: datetime

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        plain = {name: getattr(self, name) for name in self.__slots__}
        return {**plain, "expires_at": format_moment(self.expires_at)}

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Self:
        """What `to_dict` gave."""
        return cls(**{**stored, "expires_at": parse_moment(stored["expires_at"])})


@dataclass(frozen=True, slots=True)
class ExportPackage:
    """What is ready to be fetched; with `is_truncated` the window goes on after it.

    The position for the next window is `last_permanent_storage_date` of a truncated package, else
    `permanent_storage_hwm_date` (CIRFMF/ksef-docs, przyrostowe-pobieranie-faktur.md).
    """

    invoice_count: int
    size: int
    parts: tuple[Part, ...]
    is_truncated: bool
    last_issue_date: date | None
    last_invoicing_date: datetime | None
    last_permanent_storage_date: datetime | None
    permanent_storage_hwm_date: datetime | None

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "invoice_count": self.invoice_count,
            "size": self.size,
            "parts": [part.to_dict() for part in self.parts],
            "is_truncated": self.is_truncated,
            "last_issue_date": _text(self.last_issue_date),
            "last_invoicing_date": _text(self.last_invoicing_date),
            "last_permanent_storage_date": _text(self.last_permanent_storage_date),
            "permanent_storage_hwm_date": _text(self.permanent_storage_hwm_date),
        }

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Self:
        """What `to_dict` gave."""
        issued = stored["last_issue_date"]
        return cls(
            invoice_count=stored["invoice_count"],
            size=stored["size"],
            parts=tuple(Part.from_dict(part) for part in stored["parts"]),
            is_truncated=stored["is_truncated"],
            last_issue_date=None if issued is None else date.fromisoformat(issued),
            last_invoicing_date=optional_moment(stored["last_invoicing_date"]),
            last_permanent_storage_date=optional_moment(stored["last_permanent_storage_date"]),
            permanent_storage_hwm_date=optional_moment(stored["permanent_storage_hwm_date"]),
        )


@dataclass(frozen=True, slots=True)
class ExportStatus:
    """What KSeF says of an export: its `code` and `text`, and what they mean for us."""

    code: int
    state: State
    text: str
    package: ExportPackage | None

    @property
    def nothing_yet(self) -> bool:
        """The window begins after KSeF's high water mark: nothing to fetch, try later."""
        return self.code == NOTHING_YET

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        package = None if self.package is None else self.package.to_dict()
        return {"code": self.code, "state": self.state, "text": self.text, "package": package}

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Self:
        """What `to_dict` gave."""
        package = stored["package"]
        return cls(
            code=stored["code"],
            state=stored["state"],
            text=stored["text"],
            package=None if package is None else ExportPackage.from_dict(package),
        )


def read_status(answer: InvoiceExportStatusResponse) -> ExportStatus:
    """The SDK's answer as ours; ValueError where a moment in it cannot be read."""
    words = [answer.status.description.rstrip("."), *(answer.status.details or [])]
    package = None if answer.package is None else _package(answer.package)
    return ExportStatus(
        code=answer.status.code,
        state=_state(answer.status.code, ready=package is not None),
        text=": ".join(words),
        package=package,
    )


def _state(code: int, *, ready: bool) -> State:
    """Codes of the future are read by their class: 1xx and 3xx go on, 2xx is done."""
    if code == EXPIRED:
        return "expired"
    if code < READY or 300 <= code < 400:
        return "preparing"
    return "ready" if code < 300 and ready else "failed"


def _package(given: InvoicePackage) -> ExportPackage:
    issued = given.last_issue_date
    return ExportPackage(
        invoice_count=given.invoice_count,
        size=given.size,
        parts=tuple(sorted(map(_part, given.parts), key=lambda part: part.ordinal)),
        is_truncated=given.is_truncated,
        last_issue_date=None if issued is None else date.fromisoformat(issued),
        last_invoicing_date=optional_moment(given.last_invoicing_date),
        last_permanent_storage_date=optional_moment(given.last_permanent_storage_date),
        permanent_storage_hwm_date=optional_moment(given.permanent_storage_hwm_date),
    )


def _part(given: InvoicePackagePart) -> Part:
    return Part(
        ordinal=given.ordinal_number,
        name=given.part_name,
        method=given.method,
        url=given.url,
        size=given.part_size,
        hash=str(given.part_hash),
        encrypted_size=given.encrypted_part_size,
        encrypted_hash=str(given.encrypted_part_hash),
        expires_at=parse_moment(given.expiration_date),
    )


def _text(moment: date | None) -> str | None:
    if moment is None:
        return None
    return format_moment(moment) if isinstance(moment, datetime) else moment.isoformat()
