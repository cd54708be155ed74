"""What KSeF says of a session: how far it is, its counts, the pages of its UPO."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from ksef_client.models import (
    SessionsQueryResponse,
    SessionsQueryResponseItem,
    SessionStatusResponse,
)

from obieg.ksef.invoice_status import worded
from obieg.ksef.moments import optional_moment, parse_moment

# statuses of a session, KSeF API 2.9; below 200 it is open, closed or being processed
OPEN, DONE, FIRST_FAILURE, CANCELLED = 100, 200, 400, 440


@dataclass(frozen=True, slots=True)
class UpoPage:
    """A page of a session's UPO; the link needs no token and ends at `until` (aware UTC)."""

    reference: str
    url: str = field(repr=False)
    until: datetime


@dataclass(frozen=True, slots=True)
class SessionStatus:
    """One session (KSeF API 2.9): aware moments in UTC; its UPO pages come once it is done."""

    reference: str
    code: int
    description: str
    details: tuple[str, ...]
    created_at: datetime
    updated_at: datetime
    valid_until: datetime | None
    invoice_count: int
    successful: int
    failed: int
    upo_pages: tuple[UpoPage, ...] = ()

    @property
    def is_open(self) -> bool:
        """It takes invoices, or the parts of its package."""
        return self.code == OPEN

    @property
    def is_done(self) -> bool:
        """Processed: every invoice has its verdict, at least one was accepted."""
        return self.code == DONE

    @property
    def is_failed(self) -> bool:
        """It ended without an accepted invoice: cancelled, broken or all refused."""
        return self.code >= FIRST_FAILURE

    @property
    def is_finished(self) -> bool:
        """Nothing will change any more."""
        return self.is_done or self.is_failed

    @property
    def is_cancelled(self) -> bool:
        """Nothing was sent in it, or not in time."""
        return self.code == CANCELLED

    @property
    def text(self) -> str:
        """KSeF's words, without the code."""
        return worded(self.description, self.details)

    @classmethod
    def read(cls, reference: str, given: SessionStatusResponse) -> Self:
        """The SDK's answer as ours; ValueError where a moment in it cannot be read."""
        pages = given.upo.pages if given.upo else []
        return cls(
            reference=reference,
            code=given.status.code,
            description=given.status.description,
            details=tuple(given.status.details or ()),
            created_at=parse_moment(given.date_created),
            updated_at=parse_moment(given.date_updated),
            valid_until=optional_moment(given.valid_until),
            invoice_count=given.invoice_count or 0,
            successful=given.successful_invoice_count or 0,
            failed=given.failed_invoice_count or 0,
            upo_pages=tuple(
                UpoPage(
                    str(page.reference_number),
                    page.download_url,
                    parse_moment(page.download_url_expiration_date),
                )
                for page in pages
            ),
        )

    @classmethod
    def read_listed(cls, given: SessionsQueryResponseItem) -> Self:
        """An entry of a list, which has no UPO."""
        return cls(
            reference=str(given.reference_number),
            code=given.status.code,
            description=given.status.description,
            details=tuple(given.status.details or ()),
            created_at=parse_moment(given.date_created),
            updated_at=parse_moment(given.date_updated),
            valid_until=optional_moment(given.valid_until),
            invoice_count=given.total_invoice_count,
            successful=given.successful_invoice_count,
            failed=given.failed_invoice_count,
        )


@dataclass(frozen=True, slots=True)
class SessionPage:
    """A page of sessions, the newest first; with `continuation` there are more."""

    entries: tuple[SessionStatus, ...]
    continuation: str | None

    @classmethod
    def read(cls, given: SessionsQueryResponse) -> Self:
        """The SDK's answer as ours."""
        entries = tuple(SessionStatus.read_listed(entry) for entry in given.sessions)
        return cls(entries, given.continuation_token or None)
