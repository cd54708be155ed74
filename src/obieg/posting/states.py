"""The life of a dekret."""

from django.db.models import TextChoices


class DekretState(TextChoices):
    TO_APPROVE = "to_approve", "Do zatwierdzenia"
    TO_CLASSIFY = "to_classify", "Do ręcznej klasyfikacji"
    APPROVED = "approved", "Zatwierdzony"
    REJECTED = "rejected", "Odrzucony"
    EXPORTED = "exported", "Wyeksportowany"


WAITING = frozenset({DekretState.TO_APPROVE, DekretState.TO_CLASSIFY})

TRANSITIONS = {
    DekretState.TO_APPROVE: frozenset(
        {DekretState.APPROVED, DekretState.REJECTED, DekretState.TO_CLASSIFY}
    ),
    DekretState.TO_CLASSIFY: frozenset(
        {DekretState.APPROVED, DekretState.REJECTED, DekretState.TO_APPROVE}
    ),
    DekretState.APPROVED: WAITING | {DekretState.EXPORTED},  # undone, or taken into a file
    DekretState.REJECTED: WAITING,
    DekretState.EXPORTED: frozenset({DekretState.EXPORTED}),  # asked for again
}
