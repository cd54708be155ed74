"""The life of what is asked for: a file with a client's data, and an erasure."""

from django.db.models import TextChoices


class HandoverState(TextChoices):
    QUEUED = "queued", "czeka"
    MAKING = "making", "powstaje"
    READY = "ready", "gotowy"
    FAILED = "failed", "nieudany"
    EXPIRED = "expired", "usunięty"


HANDOVER_TRANSITIONS = {
    HandoverState.QUEUED: frozenset({HandoverState.MAKING, HandoverState.FAILED}),
    # made anew by the engine where its worker died
    HandoverState.MAKING: frozenset(
        {HandoverState.MAKING, HandoverState.READY, HandoverState.FAILED}
    ),
    HandoverState.READY: frozenset({HandoverState.EXPIRED}),
    HandoverState.FAILED: frozenset({HandoverState.EXPIRED}),
    HandoverState.EXPIRED: frozenset[HandoverState](),
}


class ErasureState(TextChoices):
    QUEUED = "queued", "czeka"
    ERASING = "erasing", "w toku"
    DONE = "done", "wykonane"
    REFUSED = "refused", "nie wykonano"  # the client came back before it was done


ERASURE_TRANSITIONS = {
    ErasureState.QUEUED: frozenset({ErasureState.ERASING, ErasureState.REFUSED}),
    ErasureState.ERASING: frozenset({ErasureState.DONE, ErasureState.REFUSED}),
    ErasureState.DONE: frozenset[ErasureState](),
    ErasureState.REFUSED: frozenset[ErasureState](),
}
ENDED = (ErasureState.DONE, ErasureState.REFUSED)
