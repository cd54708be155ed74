"""Operations that tell how sessions and their invoices are getting on."""

from datetime import datetime, timedelta
from typing import Any

from pydantic import AwareDatetime, Field

from ksef_emulator.clock import iso
from ksef_emulator.continuation import continued
from ksef_emulator.errors import invalid
from ksef_emulator.identifiers import ReferenceNumber
from ksef_emulator.invoices.links import signed_link
from ksef_emulator.limits.rates import Group
from ksef_emulator.operation import Call, operation
from ksef_emulator.permissions.records import Permission
from ksef_emulator.sessions.closing import expire
from ksef_emulator.sessions.opening import find_session, known_session
from ksef_emulator.sessions.records import (
    SentInvoice,
    Session,
    SessionKind,
    Verdict,
    find_sent,
    session_status,
    sessions,
)
from ksef_emulator.wire import Choice, ContinuedPage

NEEDS = (
    Permission.INVOICE_WRITE,
    Permission.INTROSPECTION,
    Permission.PEF_INVOICE_WRITE,
    Permission.ENFORCEMENT_OPERATIONS,
)
LIST_NEEDS = (
    Permission.INVOICE_WRITE,
    Permission.INTROSPECTION,
    Permission.ENFORCEMENT_OPERATIONS,
)
WAITING = Verdict(100)


class CommonStatus(Choice):
    """Statuses that both kinds of session share."""

    IN_PROGRESS = "InProgress"
    SUCCEEDED = "Succeeded"
    FAILED = "Failed"
    CANCELLED = "Cancelled"


def _common(code: int) -> CommonStatus:
    if code < 200:
        return CommonStatus.IN_PROGRESS
    if code == 200:
        return CommonStatus.SUCCEEDED
    return CommonStatus.CANCELLED if code == 440 else CommonStatus.FAILED


class SessionQuery(ContinuedPage):
    """GET /sessions."""

    page_size: int = Field(default=10, ge=10, le=1000)
    session_type: SessionKind
    reference_number: ReferenceNumber | None = None
    date_created_from: AwareDatetime | None = None
    date_created_to: AwareDatetime | None = None
    date_closed_from: AwareDatetime | None = None
    date_closed_to: AwareDatetime | None = None
    date_modified_from: AwareDatetime | None = None
    date_modified_to: AwareDatetime | None = None
    statuses: list[CommonStatus] = Field(default_factory=list)

    def fits(self, session: Session, code: int) -> bool:
        """Whether the session is asked for."""
        return (
            self.reference_number in {None, session.reference}
            and (not self.statuses or _common(code) in self.statuses)
            and _within(session.created, self.date_created_from, self.date_created_to)
            and _within(session.closed, self.date_closed_from, self.date_closed_to)
            and _within(session.updated, self.date_modified_from, self.date_modified_to)
        )


def _within(moment: datetime | None, start: datetime | None, end: datetime | None) -> bool:
    if start is None and end is None:
        return True
    return (
        moment is not None and (start is None or start <= moment) and (end is None or moment <= end)
    )


class InvoicePage(ContinuedPage):
    """Paging of a session's invoices."""

    page_size: int = Field(default=10, ge=10, le=1000)


@operation("GET", "/sessions", group=Group.SESSION_LIST, needs=LIST_NEEDS)
def list_sessions(call: Call) -> dict[str, Any]:
    """The context's sessions, or the caller's own where he may not look into the rest."""
    query = call.query(SessionQuery)
    sees_all = call.permissions & {Permission.INTROSPECTION, Permission.ENFORCEMENT_OPERATIONS}
    subject = call.authentication.subject.identifier
    found = [
        session
        for session in _of_context(call, query.session_type)
        if (sees_all or session.subject == subject)
        and query.fits(session, told_code(call, session))
    ]
    page, token = continued(call, found, query.page_size)
    return {"continuationToken": token, "sessions": [_listed(call, item) for item in page]}


def _of_context(call: Call, kind: SessionKind) -> list[Session]:
    found = sessions(call.world).find(owner=str(call.context), tag=kind)
    return [expire(call.world, session) for session in found]


def told_code(call: Call, session: Session) -> int:
    """The status as it may be told: the last one only when its time has come."""
    final = session.code >= 200
    stuck = call.world.settings.stuck_sessions and session.closed is not None
    if final and (stuck or call.world.clock.micros() < session.ready):
        return 170 if session.kind is SessionKind.ONLINE else 150
    return session.code


def _listed(call: Call, session: Session) -> dict[str, Any]:
    total, good, bad = _counts(call, session)
    return {
        "referenceNumber": session.reference,
        "status": session_status(session.kind, told_code(call, session), session.details),
        "dateCreated": session.created.isoformat(),
        "dateUpdated": session.updated.isoformat(),
        "validUntil": session.valid_until.isoformat(),
        "totalInvoiceCount": total,
        "successfulInvoiceCount": good,
        "failedInvoiceCount": bad,
    }


def _counts(call: Call, session: Session) -> tuple[int, int, int]:
    row = call.world.db.row(
        "SELECT COUNT(*), COALESCE(SUM(code = 200 AND ready <= ?1), 0),"
        " COALESCE(SUM(code > 200 AND ready <= ?1), 0) FROM sent WHERE session = ?2",
        (call.world.clock.micros(), session.reference),
    )
    return (row[0], row[1], row[2]) if row else (0, 0, 0)


@operation("GET", "/sessions/{referenceNumber}", group=Group.SESSION_MISC, needs=NEEDS)
def status_of_session(call: Call) -> dict[str, Any]:
    """One session with its counts and, once it ended well, its UPO."""
    session = expire(call.world, find_session(call))
    total, good, bad = _counts(call, session)
    code = told_code(call, session)
    body: dict[str, Any] = {
        "status": session_status(session.kind, code, session.details),
        "dateCreated": session.created.isoformat(),
        "dateUpdated": session.updated.isoformat(),
        "validUntil": session.valid_until.isoformat(),
        "invoiceCount": total,
        "successfulInvoiceCount": good,
        "failedInvoiceCount": bad,
    }
    if code == 200:
        body["upo"] = {"pages": [_upo_page(call, session, page.reference) for page in session.upo]}
    return body


def _upo_page(call: Call, session: Session, reference: str) -> dict[str, Any]:
    url, until = _upo_link(call, f"upo-session-{session.reference}-{reference}")
    return {
        "referenceNumber": reference,
        "downloadUrl": url,
        "downloadUrlExpirationDate": until.isoformat(),
    }


def _upo_link(call: Call, blob: str) -> tuple[str, datetime]:
    lifetime = timedelta(seconds=call.world.settings.link_lifetime)
    until = call.world.clock.now() + lifetime
    return signed_link(call.world, call.base_url, "GET", blob, until), until


@operation(
    "GET", "/sessions/{referenceNumber}/invoices", group=Group.SESSION_INVOICE_LIST, needs=NEEDS
)
def invoices_of_session(call: Call) -> dict[str, Any]:
    """The session's invoices in the order of sending."""
    return _invoices(call, "session = ?")


@operation(
    "GET",
    "/sessions/{referenceNumber}/invoices/failed",
    group=Group.SESSION_INVOICE_LIST,
    needs=NEEDS,
)
def failed_invoices_of_session(call: Call) -> dict[str, Any]:
    """The refused ones only."""
    return _invoices(call, "session = ? AND code > 200")


def _invoices(call: Call, condition: str) -> dict[str, Any]:
    page = call.query(InvoicePage)
    session = expire(call.world, find_session(call))
    rows = find_sent(call.world, f"{condition} ORDER BY ordinal", session.reference)
    shown, token = continued(call, rows, page.page_size)
    return {"continuationToken": token, "invoices": [_status(call, sent) for sent in shown]}


@operation(
    "GET",
    "/sessions/{referenceNumber}/invoices/{invoiceReferenceNumber}",
    group=Group.INVOICE_STATUS,
    needs=NEEDS,
)
def status_of_invoice(call: Call) -> dict[str, Any]:
    """One invoice of a session."""
    return _status(call, find_invoice(call)[1])


def find_invoice(call: Call) -> tuple[Session, SentInvoice]:
    """The invoice in the path with its session; raises 21405, the only code documented for it."""
    reference = call.reference("invoiceReferenceNumber")
    session = known_session(call)
    if session is None:
        raise invalid("'referenceNumber': Sesja o podanym numerze nie istnieje.")
    session = expire(call.world, session)
    found = find_sent(call.world, "reference = ? AND session = ?", reference, session.reference)
    if not found:
        raise invalid("'invoiceReferenceNumber': Faktura o podanym numerze nie istnieje.")
    return session, found[0]


def _status(call: Call, sent: SentInvoice) -> dict[str, Any]:
    done = call.world.clock.micros() >= sent.ready
    verdict = sent.verdict if done else WAITING
    body: dict[str, Any] = {
        "ordinalNumber": sent.ordinal,
        "referenceNumber": sent.reference,
        "invoiceHash": sent.hash,
        "invoicingDate": iso(sent.invoicing),
        "status": verdict.as_json(),
    }
    if sent.file_name is not None:
        body["invoiceFileName"] = sent.file_name
    if done and sent.number is not None:
        body["invoiceNumber"] = sent.number
    if verdict.code == 200 and sent.acquisition and sent.storage:
        url, until = _upo_link(call, f"upo-invoice-{sent.session}-{sent.reference}")
        body |= {
            "ksefNumber": sent.ksef_number,
            "acquisitionDate": iso(sent.acquisition),
            "permanentStorageDate": iso(sent.storage),
            "invoicingMode": sent.mode,
            "upoDownloadUrl": url,
            "upoDownloadUrlExpirationDate": until.isoformat(),
        }
    return body
