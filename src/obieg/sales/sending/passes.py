"""A pass: what was begun is settled, what is due is sent, and the next pass is queued."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import structlog
from django.db.models import F
from django.utils import timezone

from obieg.calls.gateways import open_gateway
from obieg.core.errors import MustWait, Transient, UserFixable
from obieg.inbox.delays import after_failures
from obieg.ksef.errors import KsefRefused, SessionUnknown
from obieg.ksef.gateway import Gateway
from obieg.office.models import Client
from obieg.office.states import IllegalTransition
from obieg.sales.models import KsefSession, Sale, Sending
from obieg.sales.sending import batch, claiming, delays, engine, folders, online, queueing, sessions
from obieg.sales.sending.errors import SessionForgotten
from obieg.sales.sending.locks import alone_in_sending
from obieg.sales.sending.queueing import BATCH, ONLINE
from obieg.sales.sending.reconciling import settle, unfinished
from obieg.sales.sending.sessions import KINDS, SESSION_UNKNOWN, UNFINISHED
from obieg.sales.states import UNSENT, OfflineMode, SaleState, SessionState

log = structlog.get_logger(__name__)
PURPOSE = "wysyłka sprzedaży"

Wait = datetime | None  # when to go on; None: nothing is left to do now


@dataclass(slots=True)
class Pass:
    """One pass for one client: the steps that failed do not stop the others."""

    client: Client
    ksef: Gateway
    failures: int
    waits: list[datetime] = field(default_factory=list)
    failed: bool = False
    limited: bool = False

    def attempt(self, step: Callable[[], Wait]) -> None:
        """Do `step`; note when to go on."""
        try:
            wait = step()
        except MustWait as limit:
            self.limited = True
            wait = limit.until
        except Transient as error:
            log.warning("sending_put_off", client=self.client.pk, error=error.code)
            queueing.note(self.client, error)
            self.failed = True
            wait = timezone.now() + after_failures(self.failures + 1)
        if wait:
            self.waits.append(wait)

    def run(self) -> None:
        """Every step once."""
        for session in unfinished(self.client):
            self.attempt(partial(self._settle, session))
        self.attempt(self._online)
        self.attempt(self._batch)

    def _online(self) -> Wait:
        return self._soon() if online.send_due(self.client, self.ksef) else None

    def _batch(self) -> Wait:
        for session in batch.claim_due(self.client):
            self.attempt(partial(self._settle, session))
        return None

    def _settle(self, session: KsefSession) -> Wait:
        """One session's steps; what KSeF refuses to say of it concerns no other."""
        try:
            return settle(session, self.ksef)
        except IllegalTransition:
            return _later(delays.BUSY)  # another process was here; what it did stands
        except SessionUnknown as unknown:
            return _leave_to_a_person(session, unknown)
        except KsefRefused as refused:
            log.exception("session_not_settled", session=session.pk)
            claiming.note_delay(session, refused)
            return _later(delays.UNMENDED)
        except MustWait:
            raise
        except Transient as error:
            claiming.note_delay(session, error)
            raise

    @staticmethod
    def _soon() -> datetime:
        return delays.next_question(timezone.now())


def send_for_client(client_id: int, failures: int = 0) -> Wait:
    """One pass. Queues its own continuation and returns when that will run."""
    with alone_in_sending(client_id) as mine:
        wait: Wait = _later(delays.BUSY)
        if mine:  # only now: the environment may have been changed until then
            client = Client.objects.across_clients().get(pk=client_id)
            wait, failures = _guarded(client, failures)
    if wait:
        engine.ensure(client_id, at=wait, failures=failures)
    return wait


def schedule_due(now: datetime | None = None) -> None:
    """Each minute: close what is idle, queue the clients for whom there is something to do."""
    sessions.close_idle(now)
    _queue_waiting()
    for client_id in sorted(_clients_with_work()):
        engine.ensure(client_id)


def clean_up() -> None:
    """Delete the folders of batches that have ended."""
    on_disk = set(folders.sessions_on_disk())
    rows = KsefSession.objects.across_clients().filter(pk__in=on_disk, state__in=UNFINISHED)
    for session_id in on_disk.difference(rows.values_list("pk", flat=True)):
        folders.discard(session_id)


def _guarded(client: Client, failures: int) -> tuple[Wait, int]:
    """The pass, with what went wrong kept on the documents; and the failures in a row."""
    if not _has_work(client):
        return None, 0
    try:
        with open_gateway(client, purpose=PURPOSE) as ksef:
            this = Pass(client, ksef, failures)
            this.run()
    except UserFixable as error:
        return _park(client, error), failures
    if this.failed:
        return min(this.waits), failures + 1
    if _is_due(client) and not this.limited:
        return timezone.now(), 0  # an acceptance let another document go
    return min(this.waits, default=None), 0


def _park(client: Client, error: UserFixable) -> Wait:
    """Nothing can be sent until a person mends it; what is under way is asked about now and then.

    A batch that was not even announced is given back.
    """
    queueing.park(client, error)
    for session in unfinished(client):
        claiming.note_delay(session, error)
        if session.kind == KINDS.BATCH and session.state == SessionState.OPENING:
            batch.give_up(session, error)
    return _later(delays.UNMENDED) if unfinished(client) else None


def _leave_to_a_person(session: KsefSession, unknown: SessionUnknown) -> Wait:
    """KSeF knows nothing of the session: that is said on it, and asked again now and then."""
    log.warning("session_unknown_to_ksef", session=session.pk)
    sessions.note(session, ksef_code=SESSION_UNKNOWN, ksef_text=str(unknown))
    claiming.note_delay(session, SessionForgotten())
    return _later(delays.UNMENDED)


def _has_work(client: Client) -> bool:
    return _is_due(client) or bool(unfinished(client))


def _is_due(client: Client) -> bool:
    return any(queueing.due(client, way).exists() for way in (ONLINE, BATCH))


def _clients_with_work() -> set[int]:
    sales = Sale.objects.across_clients().filter(client__active=True)
    asked = sales.filter(state__in=UNSENT, queued_version=F("version"))
    under_way = sales.filter(state=SaleState.SENDING)
    rows = KsefSession.objects.across_clients().filter(environment=F("client__environment"))
    open_batches = rows.filter(kind=KINDS.BATCH, state__in=UNFINISHED)
    closed = rows.filter(state__in=(SessionState.CLOSING, SessionState.CLOSED))
    return {
        client_id
        for query in (asked, under_way, open_batches, closed)
        for client_id in query.values_list("client_id", flat=True).distinct()
    }


def _queue_waiting() -> None:
    """What was issued offline goes when KSeF is back, where documents of its kind go by themselves.

    Where a person sends them, it waits for the person; „Nadzór” warns of the deadline.
    """
    rows = Sale.objects.across_clients().filter(
        state=SaleState.WAITING,
        sending=Sending.SEND,
        queued_version=None,
        ksef_text="",
        client__active=True,
    )
    waiting = rows.exclude(offline_mode=OfflineMode.TOTAL_FAILURE)
    queueing.enqueue_sending(list(waiting.defer("content", "typed", "findings")))


def _later(delay: timedelta) -> datetime:
    return timezone.now() + delay
