"""The lives of alerts, calls of the webhook and comparisons."""

from django.db.models import TextChoices


class AlertState(TextChoices):
    RAISED = "raised", "Zgłoszony"
    ACKNOWLEDGED = "acknowledged", "Przyjęty"
    ENDED = "ended", "Ustał"  # its check no longer finds it


ALERT_TRANSITIONS = {
    AlertState.RAISED: frozenset({AlertState.ACKNOWLEDGED, AlertState.ENDED}),
    AlertState.ACKNOWLEDGED: frozenset({AlertState.ENDED}),
    AlertState.ENDED: frozenset[AlertState](),
}


class PostState(TextChoices):
    QUEUED = "queued", "Czeka"
    SENT = "sent", "Wysłany"
    FAILED = "failed", "Nieudany"


POST_TRANSITIONS = {
    PostState.QUEUED: frozenset({PostState.SENT, PostState.FAILED}),
    PostState.SENT: frozenset[PostState](),
    PostState.FAILED: frozenset[PostState](),
}


class ComparisonState(TextChoices):
    READING = "reading", "Odczyt z KSeF"
    FETCHING = "fetching", "Pobieranie brakujących"
    DONE = "done", "Porównano"
    FAILED = "failed", "Nieudane"


COMPARISON_TRANSITIONS = {
    ComparisonState.READING: frozenset(
        {ComparisonState.FETCHING, ComparisonState.DONE, ComparisonState.FAILED}
    ),
    ComparisonState.FETCHING: frozenset({ComparisonState.DONE, ComparisonState.FAILED}),
    ComparisonState.DONE: frozenset[ComparisonState](),
    ComparisonState.FAILED: frozenset[ComparisonState](),
}
