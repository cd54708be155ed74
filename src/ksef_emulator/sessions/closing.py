"""How sessions end: by the sender, by time, by failure."""

from datetime import datetime, timedelta

from ksef_emulator.clock import to_micros
from ksef_emulator.sessions.records import (
    Session,
    SessionKind,
    UpoPage,
    count_sent,
    find_sent,
    save_session,
    sessions,
)
from ksef_emulator.world import World

UPO_PAGE = 10_000  # invoices on one page of a session's UPO


def close_online(world: World, session: Session, moment: datetime) -> Session:
    """Close an online session; the background finishes it after its last invoice."""
    closed = session.model_copy(update={"closed": moment, "updated": moment})
    if not count_sent(world, session.reference):
        return finish(world, closed, 440, "Nie przesłano faktur")
    closed = closed.model_copy(update={"code": 170})
    save_session(world, closed)
    world.later(lambda: _conclude(world, session.reference))
    return closed


def _conclude(world: World, reference: str) -> None:
    session = sessions(world).get(reference)
    if session is not None:
        conclude(world, session)


def conclude(world: World, session: Session) -> Session:
    """Every invoice has its verdict: success with a UPO, or 445 where none was good."""
    good = find_sent(world, "session = ? AND code = 200", session.reference)
    if not good:
        return finish(world, session, 445)
    pages = _pages(world, session, len(good))
    return finish(world, session.model_copy(update={"upo": pages}), 200)


def _pages(world: World, session: Session, total: int) -> tuple[UpoPage, ...]:
    count = -(-total // UPO_PAGE)
    return tuple(
        UpoPage(
            reference=world.numbering.reference("EU", session.created),
            page=page + 1,
            pages=count,
            first=page * UPO_PAGE + 1,
            last=min((page + 1) * UPO_PAGE, total),
            total=total,
        )
        for page in range(count)
    )


def finish(world: World, session: Session, code: int, *details: str) -> Session:
    """Give the session its last status."""
    delay = timedelta(seconds=world.settings.processing_delay)
    now = world.clock.now()
    finished = session.model_copy(
        update={
            "code": code,
            "details": details,
            "updated": now,
            "closed": session.closed or now,
            "ready": to_micros((session.closed or now) + delay),
        }
    )
    save_session(world, finished)
    return finished


def expire(world: World, session: Session) -> Session:
    """Close what its time has run out for: online sessions end well, unsent batches do not."""
    if session.code != 100 or world.clock.now() <= session.valid_until:
        return session
    if session.kind is SessionKind.ONLINE:
        return close_online(world, session, session.valid_until)
    return finish(world, session, 440, "Przekroczono czas wysyłki")
