"""Sending: online and batch sessions of one context, the statuses of what was sent, its UPO."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from ksef_client.clients.sessions import SessionsClient
from ksef_client.models import EncryptionInfo

from obieg.core.ksef_number import is_ksef_number
from obieg.ksef.batch import Packed
from obieg.ksef.channel import Channel, Result
from obieg.ksef.content import ContentKey
from obieg.ksef.errors import KsefRefused, NotKsefNumber, UploadIncomplete, UpoMissing
from obieg.ksef.forms import FormCode
from obieg.ksef.invoice_status import InvoiceStatus, StatusPage
from obieg.ksef.moments import format_moment, parse_moment
from obieg.ksef.rates import Group
from obieg.ksef.session_requests import (
    batch_opening,
    invoice_sending,
    online_opening,
    opened_batch,
)
from obieg.ksef.session_status import SessionPage, SessionStatus, UpoPage
from obieg.ksef.upload import OpenedBatch, PartUpload

__all__ = [
    "InvoiceStatus",
    "OpenedBatch",
    "OpenedSession",
    "PartUpload",
    "SessionPage",
    "SessionStatus",
    "Sessions",
    "StatusPage",
    "UpoPage",
]

LARGEST_PAGE = 1000  # entries, KSeF API 2.9
INVALID, WRONG_PART_SIZE = 21405, 21157  # codes of KSeF API 2.9
KINDS = {"online": "Online", "batch": "Batch"}
State = Literal["InProgress", "Succeeded", "Failed", "Cancelled"]


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """An online session; it closes by itself at `valid_until` (aware UTC)."""

    reference: str
    valid_until: datetime


class Sessions:
    """Every method makes one call, counted first: it may raise MustWait.

    Where KsefUnavailable is `ambiguous`, what was asked for may have been done: look for it by
    `list`, `status` or `invoices` before asking again. SessionEnded asks for another session.
    """

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def open_online(self, form: FormCode, key: ContentKey) -> OpenedSession:
        """Open a session for invoices of one form, one by one. POST /sessions/online."""
        return self._channel.sealed(key, lambda encryption: self._open_online(form, encryption))

    def _open_online(self, form: FormCode, encryption: EncryptionInfo) -> OpenedSession:
        request = online_opening(form, encryption)

        def read(client: SessionsClient, token: str) -> OpenedSession:
            answer = client.open_online_session(request, access_token=token)
            return OpenedSession(
                str(answer.reference_number), parse_moment(answer.valid_until or "")
            )

        return self._call(Group.ONLINE_SESSION, "POST /sessions/online", read, success=201)

    def send(
        self,
        session: str,
        xml: bytes,
        key: ContentKey,
        *,
        offline: bool = False,
        corrects: bytes | None = None,
    ) -> str:
        """Send an invoice, encrypted with the session's key; its reference.

        `corrects` is the SHA-256 (32 bytes) of the refused offline invoice that this one corrects
        technically, which makes it an offline one too. KSeF's verdict comes later, by
        `invoice_status`. Raises SessionEnded, SessionSuspended, CorrectionRefused.
        POST /sessions/online/{referenceNumber}/invoices.
        """
        request = invoice_sending(xml, key, offline=offline, corrects=corrects)
        return self._call(
            Group.INVOICE_SEND,
            "POST /sessions/online/{referenceNumber}/invoices",
            lambda client, token: str(
                client.send_online_invoice(session, request, access_token=token).reference_number
            ),
            success=202,
        )

    def close_online(self, session: str) -> None:
        """Close; the UPO of the whole follows. SessionEnded where it was closed before.

        POST /sessions/online/{referenceNumber}/close.
        """
        self._call(
            Group.ONLINE_SESSION_CLOSE,
            "POST /sessions/online/{referenceNumber}/close",
            lambda client, token: client.close_online_session(session, token),
            success=204,
        )

    def open_batch(
        self, form: FormCode, key: ContentKey, package: Packed, *, offline: bool = False
    ) -> OpenedBatch:
        """Announce a package; where to upload its parts. POST /sessions/batch."""
        return self._channel.sealed(
            key, lambda encryption: self._open_batch(form, encryption, package, offline=offline)
        )

    def _open_batch(
        self, form: FormCode, encryption: EncryptionInfo, package: Packed, *, offline: bool
    ) -> OpenedBatch:
        request = batch_opening(form, encryption, package, offline=offline)
        return self._call(
            Group.BATCH_SESSION,
            "POST /sessions/batch",
            lambda client, token: opened_batch(
                client.open_batch_session(request, access_token=token)
            ),
            success=201,
        )

    def close_batch(self, session: str) -> None:
        """End the upload; KSeF begins to process. UploadIncomplete where a part is missing.

        SessionEnded where it was closed before or its time ran out: `status` tells which.
        POST /sessions/batch/{referenceNumber}/close.
        """
        try:
            self._call(
                Group.BATCH_SESSION_CLOSE,
                "POST /sessions/batch/{referenceNumber}/close",
                lambda client, token: client.close_batch_session(session, token),
                success=204,
            )
        except KsefRefused as refused:
            if refused.ksef_code != WRONG_PART_SIZE:
                raise
            raise _told(UploadIncomplete, refused) from refused

    def status(self, session: str) -> SessionStatus:
        """How far a session of either kind is. GET /sessions/{referenceNumber}."""
        return self._call(
            Group.SESSION_MISC,
            "GET /sessions/{referenceNumber}",
            lambda client, token: SessionStatus.read(
                session, client.get_session_status(session, token)
            ),
        )

    def invoices(
        self,
        session: str,
        *,
        continuation: str | None = None,
        page_size: int = LARGEST_PAGE,
        failed_only: bool = False,
    ) -> StatusPage:
        """The invoices of a session in their order, or those refused; 10 to 1000 a page.

        GET /sessions/{referenceNumber}/invoices, …/invoices/failed.
        """

        def read(client: SessionsClient, token: str) -> StatusPage:
            ask = client.get_session_failed_invoices if failed_only else client.get_session_invoices
            answer = ask(
                session, page_size=page_size, continuation_token=continuation, access_token=token
            )
            return StatusPage.read(answer)

        path = f"GET /sessions/{{referenceNumber}}/invoices{'/failed' if failed_only else ''}"
        return self._call(Group.SESSION_INVOICE_LIST, path, read)

    def invoice_status(self, session: str, invoice: str) -> InvoiceStatus:
        """One invoice. GET /sessions/{referenceNumber}/invoices/{invoiceReferenceNumber}."""
        return self._call(
            Group.INVOICE_STATUS,
            "GET /sessions/{referenceNumber}/invoices/{invoiceReferenceNumber}",
            lambda client, token: InvoiceStatus.read(
                client.get_session_invoice_status(session, invoice, access_token=token)
            ),
        )

    def upo(self, session: str, invoice: str) -> bytes:
        """The UPO of an accepted invoice, by the reference of its sending; else UpoMissing.

        GET /sessions/{referenceNumber}/invoices/{invoiceReferenceNumber}/upo.
        """
        try:
            return self._call(
                Group.SESSION_MISC,
                "GET /sessions/{referenceNumber}/invoices/{invoiceReferenceNumber}/upo",
                lambda client, token: client.get_session_invoice_upo_by_ref(
                    session, invoice, access_token=token
                ),
            )
        except KsefRefused as refused:
            if refused.ksef_code != INVALID:  # the only code that this operation has
                raise
            raise _told(UpoMissing, refused) from refused

    def upo_by_number(self, session: str, ksef_number: str) -> bytes:
        """The UPO of an accepted invoice, by its KSeF number; UpoMissing, NotKsefNumber.

        GET /sessions/{referenceNumber}/invoices/ksef/{ksefNumber}/upo.
        """
        if not is_ksef_number(ksef_number):
            raise NotKsefNumber(number=ksef_number)
        return self._call(
            Group.SESSION_MISC,
            "GET /sessions/{referenceNumber}/invoices/ksef/{ksefNumber}/upo",
            lambda client, token: client.get_session_invoice_upo_by_ksef(
                session, ksef_number, access_token=token
            ),
        )

    def upo_page(self, session: str, page: str) -> bytes:
        """A page of the UPO of a whole session that is done; else UpoMissing.

        GET /sessions/{referenceNumber}/upo/{upoReferenceNumber}.
        """
        return self._call(
            Group.SESSION_MISC,
            "GET /sessions/{referenceNumber}/upo/{upoReferenceNumber}",
            lambda client, token: client.get_session_upo(session, page, access_token=token),
        )

    def list(
        self,
        *,
        kind: Literal["online", "batch"],
        since: datetime | None = None,
        states: Collection[State] = (),
        continuation: str | None = None,
        page_size: int = LARGEST_PAGE,
    ) -> SessionPage:
        """Sessions of one kind, the newest first, opened `since` (aware, KSeF's clock).

        With the right to send alone KSeF shows only those that the same credential opened.
        GET /sessions.
        """
        return self._call(
            Group.SESSION_LIST,
            "GET /sessions",
            lambda client, token: SessionPage.read(
                client.get_sessions(
                    session_type=KINDS[kind],
                    page_size=page_size,
                    continuation_token=continuation,
                    date_created_from=None if since is None else format_moment(since),
                    statuses=[*states],
                    access_token=token,
                )
            ),
        )

    def _call(
        self,
        group: Group,
        operation: str,
        request: Callable[[SessionsClient, str], Result],
        *,
        success: int = 200,
    ) -> Result:
        return self._channel.call(
            group,
            operation,
            lambda client, token: request(client.sessions, token),
            success=success,
        )


def _told(
    kind: type[UploadIncomplete] | type[UpoMissing], refused: KsefRefused
) -> UploadIncomplete | UpoMissing:
    """The refusal as what it means to the caller."""
    return kind(ksef_code=refused.ksef_code, text=str(refused.facts["text"]))
