"""What was begun is brought to its end: by asking KSeF, never by sending again blind.

A claim without a reference says that the answer was lost. It is looked for among the invoices of
its session. Where it is not there, it may still be on its way: so the session is closed, which
takes nothing more, and processed to its end. What is not listed then, KSeF does not have.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.utils import timezone

from obieg.ksef.errors import SessionEnded, SessionUnknown
from obieg.ksef.gateway import Gateway
from obieg.ksef.sessions import SessionStatus
from obieg.office.models import Client
from obieg.sales.models import KsefSession, Sale
from obieg.sales.sending import answers, batch, claiming, delays, sessions, upo
from obieg.sales.sending.sessions import KINDS, UNFINISHED, note
from obieg.sales.states import SaleState, SessionState

WITH_VERDICTS = frozenset({200, 440, 445})  # sessions that ended as sessions do, KSeF API 2.9

Wait = datetime | None  # when to go on; None: nothing is left to do now
Step = Callable[[KsefSession, Gateway], Wait]


def unfinished(client: Client) -> list[KsefSession]:
    """The sessions of `client` in which something is to be done or to be awaited, oldest first."""
    rows = KsefSession.objects.of_client(client).filter(
        environment=client.environment, state__in=UNFINISHED
    )
    known = rows.select_related("client").order_by("pk")
    return [session for session in known if not _is_idle(session)]


def settle(session: KsefSession, ksef: Gateway) -> Wait:
    """Take `session` from step to step until it ends or has to wait."""
    while step := _STEPS[session.kind].get(SessionState(session.state)):
        before = session.state
        wait = step(session, ksef)
        if wait or session.state == before:
            return wait
    return None


def _follow(session: KsefSession, ksef: Gateway) -> Wait:
    """OPEN, online: get the answers, find the lost ones."""
    answers.ask(session, ksef)
    left = claiming.sending_in(session)
    lost = [sale for sale in left if not sale.reference]
    if lost and answers.match(session, lost, list(answers.listed(session, ksef)), ksef):
        sessions.begin_closing(session)
        return None
    return _next_question(claiming.sending_in(session))


def _close(session: KsefSession, ksef: Gateway) -> Wait:
    """CLOSING, online: the call may be repeated."""
    try:
        ksef.sessions.close_online(session.reference)
    except SessionUnknown:
        raise
    except SessionEnded:
        pass  # closed before, or its time ran out
    session.advance(SessionState.CLOSED, actor=None, kind="closed", closed_at=timezone.now())
    return None


def _finish(session: KsefSession, ksef: Gateway) -> Wait:
    """CLOSED: wait until KSeF has processed it, then compare, then take the UPO."""
    status = ksef.sessions.status(session.reference)
    _note_status(session, status)
    if not status.is_finished:
        if status.is_open:
            _CLOSERS[session.kind](session.reference, ksef)
        answers.ask(session, ksef)
        return delays.next_question(session.closed_at or session.claimed_at)
    _compare(session, status, ksef)
    if left := claiming.sending_in(session):
        return _next_question(left)
    upo.fetch_pages(session, status, ksef)
    state = SessionState.DONE if status.is_done else SessionState.FAILED
    sessions.end(session, state, actor=None, kind="end")
    return None


def _compare(session: KsefSession, status: SessionStatus, ksef: Gateway) -> None:
    """Everything that KSeF has in the finished session is answered; the rest it does not have."""
    sales = claiming.sending_in(session) + answers.unstored(session)
    if not sales:
        return
    missing = answers.match(session, sales, list(answers.listed(session, ksef)), ksef)
    broken = status.code not in WITH_VERDICTS
    claiming.release_all(
        missing,
        text=status.text if broken else "",
        code=status.code if broken else None,
        counted=broken,
    )


def _note_status(session: KsefSession, status: SessionStatus) -> None:
    note(
        session,
        ksef_code=status.code,
        ksef_text=status.text,
        invoices=status.invoice_count,
        accepted=status.successful,
        rejected=status.failed,
    )


def _next_question(pending: Sequence[Sale]) -> Wait:
    moments = [sale.claimed_at for sale in pending if sale.claimed_at]
    return delays.next_question(max(moments)) if moments else None


def _is_idle(session: KsefSession) -> bool:
    """An online session in which nothing is awaited, or that was never needed."""
    if session.kind != KINDS.ONLINE:
        return False
    if session.state == SessionState.OPENING:
        return True
    held = Sale.objects.of_client(session.client_id).filter(
        session=session, state=SaleState.SENDING
    )
    return session.state == SessionState.OPEN and not held.exists()


_STEPS: dict[str, dict[SessionState, Step]] = {
    KINDS.ONLINE: {
        SessionState.OPEN: _follow,
        SessionState.CLOSING: _close,
        SessionState.CLOSED: _finish,
    },
    KINDS.BATCH: {
        SessionState.OPENING: batch.open_it,
        SessionState.OPEN: batch.upload,
        SessionState.CLOSING: batch.close,
        SessionState.CLOSED: _finish,
    },
}
_CLOSERS: dict[str, Callable[[str, Gateway], None]] = {
    KINDS.ONLINE: lambda reference, ksef: ksef.sessions.close_online(reference),
    KINDS.BATCH: lambda reference, ksef: ksef.sessions.close_batch(reference),
}
