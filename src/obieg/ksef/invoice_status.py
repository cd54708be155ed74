"""What KSeF says of an invoice that was sent in a session."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from ksef_client.models import SessionInvoicesResponse, SessionInvoiceStatusResponse

from obieg.ksef.moments import optional_moment, parse_moment

# statuses of an invoice, KSeF API 2.9; below 200 it is being processed
ACCEPTED, FIRST_REFUSAL, DUPLICATE = 200, 400, 440
INTERRUPTED = frozenset({405, 500, 550})  # for KSeF's or the session's reasons, not the invoice's


@dataclass(frozen=True, slots=True)
class InvoiceStatus:
    """One invoice (KSeF API 2.9, SessionInvoiceStatusResponse): aware moments in UTC.

    `number` is P_2, empty as long as KSeF has not read it; `file_name` is that of a batch;
    `original_…` name what a duplicate (440) repeats; the link to the UPO needs no token, counts
    against no limit and ends at `upo_until`.
    """

    reference: str
    ordinal: int
    number: str
    code: int
    description: str
    details: tuple[str, ...]
    sha256: str  # Base64, 44 characters
    invoiced_at: datetime  # accepted for processing
    ksef_number: str | None = None
    acquired_at: datetime | None = None
    stored_at: datetime | None = None
    invoicing_mode: str | None = None  # Online, Offline
    file_name: str | None = None
    original_ksef_number: str | None = None
    original_session: str | None = None
    upo_url: str | None = field(default=None, repr=False)
    upo_until: datetime | None = None

    @property
    def is_accepted(self) -> bool:
        """It has its KSeF number."""
        return self.code == ACCEPTED

    @property
    def is_rejected(self) -> bool:
        """It will never have a number from this sending."""
        return self.code >= FIRST_REFUSAL

    @property
    def is_pending(self) -> bool:
        """KSeF has not decided yet."""
        return not self.is_accepted and not self.is_rejected

    @property
    def is_duplicate(self) -> bool:
        """KSeF already has an invoice of this seller, kind and number: perhaps this very one."""
        return self.code == DUPLICATE

    @property
    def was_interrupted(self) -> bool:
        """Refused, but not for anything in the invoice: it may be sent again as it is."""
        return self.code in INTERRUPTED

    @property
    def text(self) -> str:
        """KSeF's words, without the code."""
        return worded(self.description, self.details)

    @classmethod
    def read(cls, given: SessionInvoiceStatusResponse) -> Self:
        """The SDK's answer as ours; ValueError where a moment in it cannot be read."""
        extensions = given.status.extensions or {}
        mode = given.invoicing_mode
        return cls(
            reference=str(given.reference_number),
            ordinal=given.ordinal_number or 0,
            number=given.invoice_number or "",
            code=given.status.code,
            description=given.status.description,
            details=tuple(given.status.details or ()),
            sha256=str(given.invoice_hash),
            invoiced_at=parse_moment(given.invoicing_date or ""),
            ksef_number=given.ksef_number and str(given.ksef_number),
            acquired_at=optional_moment(given.acquisition_date),
            stored_at=optional_moment(given.permanent_storage_date),
            invoicing_mode=None if mode is None else str(mode.value),
            file_name=given.invoice_file_name,
            original_ksef_number=extensions.get("originalKsefNumber"),
            original_session=extensions.get("originalSessionReferenceNumber"),
            upo_url=given.upo_download_url,
            upo_until=optional_moment(given.upo_download_url_expiration_date),
        )


@dataclass(frozen=True, slots=True)
class StatusPage:
    """A page of a session's invoices; with `continuation` there are more."""

    entries: tuple[InvoiceStatus, ...]
    continuation: str | None

    @classmethod
    def read(cls, given: SessionInvoicesResponse) -> Self:
        """The SDK's answer as ours."""
        entries = tuple(InvoiceStatus.read(entry) for entry in given.invoices)
        return cls(entries, given.continuation_token or None)


def worded(description: str, details: tuple[str, ...]) -> str:
    """A status in one sentence: what, and KSeF's particulars."""
    return ": ".join([description.rstrip("."), *details])
