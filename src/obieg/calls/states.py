"""The lives of a cooperation's end and of a revocation in KSeF."""

from django.db.models import TextChoices


class EndingState(TextChoices):
    ASKED = "asked", "Zlecone"
    RUNNING = "running", "W toku"  # switched off; the credentials go one by one
    DONE = "done", "Zakończone"  # the protocol is on the trail
    FAILED = "failed", "Przerwane"  # what was done stays done; it can be repeated


ENDING_TRANSITIONS = {
    EndingState.ASKED: frozenset({EndingState.RUNNING, EndingState.FAILED}),
    EndingState.RUNNING: frozenset({EndingState.DONE, EndingState.FAILED}),
    EndingState.FAILED: frozenset({EndingState.ASKED}),
    EndingState.DONE: frozenset[EndingState](),
}


class RevocationState(TextChoices):
    ASKED = "asked", "Do unieważnienia w KSeF"
    HELD = "held", "Czeka na wysyłkę faktur offline"  # revoked, they could not be verified
    DONE = "done", "Unieważnione w KSeF"
    NOTHING = "nothing", "W KSeF nie ma czego unieważnić"
    FAILED = "failed", "Nie unieważniono w KSeF"  # it can be repeated


REVOCATION_TRANSITIONS = {
    RevocationState.ASKED: frozenset(
        {
            RevocationState.HELD,
            RevocationState.DONE,
            RevocationState.NOTHING,
            RevocationState.FAILED,
        }
    ),
    RevocationState.HELD: frozenset({RevocationState.ASKED}),
    RevocationState.FAILED: frozenset({RevocationState.ASKED, RevocationState.DONE}),
    RevocationState.DONE: frozenset[RevocationState](),
    RevocationState.NOTHING: frozenset[RevocationState](),
}
