"""The life of a certificate that is asked for in KSeF."""

from django.db.models import TextChoices


class EnrolmentState(TextChoices):
    NEW = "new", "Zlecony"
    ASKING = "asking", "Wysyłany"  # the answer may be lost: look for the certificate by its name
    SENT = "sent", "W KSeF"  # KSeF works on it, or the certificate is not here yet
    DONE = "done", "Certyfikat w sejfie"
    REFUSED = "refused", "Nieudany"


ENROLMENT_TRANSITIONS = {
    EnrolmentState.NEW: frozenset({EnrolmentState.ASKING, EnrolmentState.REFUSED}),
    EnrolmentState.ASKING: frozenset(
        {EnrolmentState.SENT, EnrolmentState.NEW, EnrolmentState.REFUSED}
    ),
    EnrolmentState.SENT: frozenset({EnrolmentState.DONE, EnrolmentState.REFUSED}),
    EnrolmentState.DONE: frozenset[EnrolmentState](),
    EnrolmentState.REFUSED: frozenset[EnrolmentState](),
}
