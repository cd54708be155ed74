"""The lives of a certificate and of a token asked for in KSeF, and of a move away from tokens."""

from django.db.models import TextChoices


class EnrolmentState(TextChoices):
    NEW = "new", "Zlecony"
    ASKING = "asking", "Wysyłany"  # the answer may be lost: look for the certificate by its name
    SENT = "sent", "W KSeF"  # KSeF works on it, or the certificate is not here yet
    TRIAL = "trial", "Próbowany"  # in the vault; takes over once it has opened KSeF
    DONE = "done", "Certyfikat w sejfie"
    REFUSED = "refused", "Nieudany"


ENROLMENT_TRANSITIONS = {
    EnrolmentState.NEW: frozenset({EnrolmentState.ASKING, EnrolmentState.REFUSED}),
    EnrolmentState.ASKING: frozenset(
        {EnrolmentState.SENT, EnrolmentState.NEW, EnrolmentState.REFUSED}
    ),
    EnrolmentState.SENT: frozenset(
        {EnrolmentState.TRIAL, EnrolmentState.DONE, EnrolmentState.REFUSED}
    ),
    EnrolmentState.TRIAL: frozenset({EnrolmentState.DONE, EnrolmentState.REFUSED}),
    EnrolmentState.DONE: frozenset[EnrolmentState](),
    EnrolmentState.REFUSED: frozenset[EnrolmentState](),
}


class TokenState(TextChoices):
    ASKING = "asking", "Wysyłany"  # the answer may be lost: look for the token by its mark
    PENDING = "pending", "Czeka na aktywację"  # in the vault, on trial
    DONE = "done", "Gotowy"
    LOST = "lost", "Nie dotarł; unieważniony w KSeF"
    REFUSED = "refused", "Nieudany"


TOKEN_TRANSITIONS = {
    TokenState.ASKING: frozenset(
        {TokenState.PENDING, TokenState.DONE, TokenState.LOST, TokenState.REFUSED}
    ),
    TokenState.PENDING: frozenset({TokenState.DONE, TokenState.REFUSED}),
    TokenState.DONE: frozenset[TokenState](),
    TokenState.LOST: frozenset[TokenState](),
    TokenState.REFUSED: frozenset[TokenState](),
}


class MoveState(TextChoices):
    QUEUED = "queued", "W kolejce"
    DONE = "done", "Na certyfikacie biura"
    FAILED = "failed", "Nieudane"


MOVE_TRANSITIONS = {
    MoveState.QUEUED: frozenset({MoveState.DONE, MoveState.FAILED}),
    MoveState.DONE: frozenset[MoveState](),
    MoveState.FAILED: frozenset[MoveState](),
}
