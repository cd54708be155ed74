"""The client's sessions in KSeF: opened when needed, kept open, closed by hand or by time."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from obieg.ksef.content import ContentKey
from obieg.ksef.forms import FORMS
from obieg.ksef.gateway import Gateway
from obieg.office.models import Client, Operator
from obieg.office.scope import ScopedQuerySet
from obieg.sales.models import KsefSession
from obieg.sales.sending import engine, folders
from obieg.sales.sending.errors import SessionUnderWay
from obieg.sales.states import SessionState
from obieg.vault.envelope import seal_package_key, unseal_package_key

FORM = "FA(3)"
IDLE = timedelta(minutes=30)
LAST_MINUTES = timedelta(minutes=15)  # of its 12 hours, in which it takes nothing new
SESSION_UNKNOWN = 21173  # code of KSeF API 2.9
KINDS = KsefSession.Kind
UNFINISHED = (SessionState.OPENING, SessionState.OPEN, SessionState.CLOSING, SessionState.CLOSED)


def close_session(session: KsefSession, *, actor: Operator | None) -> KsefSession:
    """Have an open online session closed soon; one that is not open is left as it is.

    KSeF then processes what is in it to the end and gives the UPO of the whole.
    """
    with transaction.atomic():
        rows = KsefSession.objects.of_client(session.client_id).select_for_update(no_key=True)
        stored = rows.get(pk=session.pk)
        if stored.kind == KINDS.ONLINE and stored.state == SessionState.OPEN:
            stored.advance(SessionState.CLOSING, actor=actor, kind="close")
            engine.hasten(stored.client_id)
    return stored


def close_sessions_of(operator: Operator) -> int:
    """Have the sessions closed that were opened for what `operator` sent; how many these are."""
    opened = _open_online().filter(opened_by=operator)
    return len([close_session(session, actor=operator) for session in opened])


def close_idle(now: datetime | None = None) -> int:
    """Have the sessions closed that nobody used for a while, or whose time ends."""
    moment = now or timezone.now()
    old = Q(used_at__lt=moment - IDLE) | Q(valid_until__lt=moment + LAST_MINUTES)
    return len([close_session(session, actor=None) for session in _open_online().filter(old)])


def usable(client: Client, ksef: Gateway, *, opened_by: Operator | None) -> KsefSession:
    """The client's open online session, with time enough left; else a new one.

    SessionUnderWay where another process is opening one at this moment.
    """
    session = _of(client).filter(state=SessionState.OPEN).first()
    if session and _is_ending(session):
        begin_closing(session)
        session = None
    return session or _open(client, ksef, opened_by)


def begin_closing(session: KsefSession) -> None:
    """Take nothing more into an open session; somebody may have closed it meanwhile."""
    with transaction.atomic():
        rows = KsefSession.objects.of_client(session.client_id).select_for_update(no_key=True)
        stored = rows.get(pk=session.pk)
        if stored.state == SessionState.OPEN:
            stored.advance(SessionState.CLOSING, actor=None, kind="close")
        session.state = stored.state


def end(
    session: KsefSession,
    state: SessionState,
    *,
    actor: Operator | None,
    kind: str,
    **changes: object,
) -> None:
    """End a session; its parts go, and the links for uploading them, which are secrets."""
    session.advance(state, actor=actor, kind=kind, manifest={}, **changes)
    folders.discard(session.pk)


def key_of(session: KsefSession) -> ContentKey:
    """The key with which the session's documents are encrypted."""
    return unseal_package_key(
        bytes(session.sealed_key), client=session.client, environment=session.environment
    )


def new_session(
    client: Client, kind: str, *, opened_by: Operator | None, offline: bool = False
) -> KsefSession:
    """A row of a session with a key of its own, not yet saved."""
    sealed = seal_package_key(ContentKey.new(), client=client, environment=client.environment)
    return KsefSession(
        client=client,
        environment=client.environment,
        kind=kind,
        form=FORM,
        offline=offline,
        state=SessionState.OPENING,
        sealed_key=sealed,
        opened_by=opened_by,
    )


def note(session: KsefSession, **changes: object) -> None:
    """Save columns of `session` that are no change of its state."""
    for name, value in changes.items():
        setattr(session, name, value)
    KsefSession.objects.of_client(session.client_id).filter(pk=session.pk).update(**changes)


def _open(client: Client, ksef: Gateway, opened_by: Operator | None) -> KsefSession:
    """Claim, commit, call, record. An answer that was lost leaves an empty session in KSeF.

    It takes nothing, ends by itself and harms nobody; so the call is simply repeated. To look for
    it and to use it would mean to trust that no other program of the client opened it.
    """
    session = _of(client).filter(state=SessionState.OPENING).first()
    if session is None:
        session = new_session(client, KINDS.ONLINE, opened_by=opened_by)
        try:
            with transaction.atomic(durable=True):
                session.save()
        except IntegrityError as error:
            raise SessionUnderWay from error
    opened = ksef.sessions.open_online(FORMS[session.form], key_of(session))
    return session.advance(
        SessionState.OPEN,
        actor=opened_by,
        kind="open",
        reference=opened.reference,
        valid_until=opened.valid_until,
        used_at=timezone.now(),
    )


def _is_ending(session: KsefSession) -> bool:
    end = session.valid_until
    return end is not None and end < timezone.now() + LAST_MINUTES


def _of(client: Client) -> ScopedQuerySet[KsefSession]:
    rows = KsefSession.objects.of_client(client).select_related("client")
    return rows.filter(environment=client.environment, kind=KINDS.ONLINE, form=FORM)


def _open_online() -> ScopedQuerySet[KsefSession]:
    rows = KsefSession.objects.across_clients().filter(kind=KINDS.ONLINE, state=SessionState.OPEN)
    return rows.order_by("pk")
