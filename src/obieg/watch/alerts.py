"""Alerts: findings with a life, raised once, acknowledged by a person, ended by themselves."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from obieg.office.models import Operator
from obieg.watch.checks.table import findings
from obieg.watch.findings import Finding, Look, Severity
from obieg.watch.models import Alert, WatchSettings
from obieg.watch.states import AlertState
from obieg.watch.telling import tell


def watch(now: datetime | None = None) -> None:
    """One round: look, raise, end, tell."""
    look = Look(None, now or timezone.now(), WatchSettings.present())
    with transaction.atomic():
        evaluate(findings(look), look.now)
        tell(look)


def evaluate(found: Iterable[Finding], now: datetime) -> None:
    """Raise what is new, keep what lasts, end what is no longer found."""
    present = {finding.key: finding for finding in found}
    rows = Alert.objects.across_clients().exclude(state=AlertState.ENDED)
    known = {alert.key: alert for alert in rows}
    Alert.objects.bulk_create(
        (_raised(finding, now) for key, finding in present.items() if key not in known),
        ignore_conflicts=True,  # another round was quicker
    )
    for key, alert in known.items():
        if key in present:
            _keep(alert, present[key])
        else:
            alert.advance(AlertState.ENDED, actor=None, kind="end", ended_at=now)


def acknowledge(alerts: Iterable[Alert], *, actor: Operator, note: str = "") -> int:
    """Say that someone knows and sees to it; it is not told again. Returns how many."""
    now, count = timezone.now(), 0
    with transaction.atomic():
        for alert in alerts:
            alert.advance(
                AlertState.ACKNOWLEDGED,
                actor=actor,
                kind="acknowledge",
                acknowledged_at=now,
                acknowledged_by=actor,
                note=note,
                told_at=alert.told_at or now,
            )
            count += 1
    return count


def _raised(finding: Finding, now: datetime) -> Alert:
    return Alert(
        client_id=finding.client_id,
        key=finding.key,
        code=finding.code,
        severity=finding.severity,
        text=finding.text,
        url=finding.url,
        raised_at=now,
    )


def _keep(alert: Alert, finding: Finding) -> None:
    """Follow the finding's words; that it has become worse is news."""
    worse = finding.severity == Severity.STOP != alert.severity
    if not worse and (alert.text, alert.severity) == (finding.text, finding.severity):
        return
    alert.text, alert.severity, alert.url = finding.text, finding.severity, finding.url
    if worse:
        alert.told_at = None
    alert.save(update_fields=["text", "severity", "url", "told_at"])
