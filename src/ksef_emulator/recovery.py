"""After a restart: what was in hand when the emulator stopped is ended, so that nobody waits."""

from dataclasses import replace

from ksef_emulator.invoices.exports import exports, save_export
from ksef_emulator.sessions.closing import conclude, finish
from ksef_emulator.sessions.records import SessionKind, Verdict, find_sent, put_sent, sessions
from ksef_emulator.world import World

CANCELLED = Verdict(
    550, ("Przetwarzanie zostało przerwane z przyczyn wewnętrznych systemu. Spróbuj ponownie",)
)


def recover(world: World) -> None:
    """End interrupted exports (550), invoices (550) and sessions."""
    for export in exports(world).find():
        if export.code == 100:
            now = world.clock.now()
            save_export(world, export.model_copy(update={"code": 550, "completed": now}))
    waiting = find_sent(world, "code = 100")
    put_sent(world, [replace(sent, verdict=CANCELLED) for sent in waiting])
    for session in sessions(world).find():
        if session.kind is SessionKind.ONLINE and session.code == 170:
            conclude(world, session)
        elif session.kind is SessionKind.BATCH and session.code == 150:
            finish(world, session, 500)
