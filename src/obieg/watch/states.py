"""The lives of alerts and comparisons."""

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
