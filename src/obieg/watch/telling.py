"""Telling of alerts: one letter and one call of the webhook for all the news, quiet at night."""

import json
from collections.abc import Sequence
from datetime import datetime, time

from obieg.core.polish import WARSAW, counted
from obieg.mail.outbox import queue_letter
from obieg.watch.checks.table import CHECK_OF
from obieg.watch.findings import Look, Severity
from obieg.watch.models import Alert, WatchSettings
from obieg.watch.states import AlertState
from obieg.watch.webhook import queue_post

ALERTS = ("alert", "alerty", "alertów")
SHOWN = 200  # alerts that a letter names


def tell(look: Look) -> bool:
    """Send what has not been told, as the settings allow it now; True where something went."""
    settings = look.settings
    if not (settings.recipients or settings.webhook_url):
        return False
    quiet = is_quiet(settings, look.now)
    raised, ended = _raised(settings, quiet=quiet), [] if quiet else _ended()
    if not raised and not ended:
        return False
    if settings.recipients:
        _write(settings, raised, ended, look.now)
    if settings.webhook_url:
        queue_post(_body(raised, ended, look.now))
    _note(raised, ended, look.now)
    return True


def is_quiet(settings: WatchSettings, now: datetime) -> bool:
    """Whether the quiet hours hold, which may go over midnight; the end is no longer quiet."""
    start, end = settings.quiet_from, settings.quiet_to
    if start is None or end is None or start == end:
        return False
    present: time = now.astimezone(WARSAW).time()
    if start < end:
        return start <= present < end
    return present >= start or present < end


def _raised(settings: WatchSettings, *, quiet: bool) -> list[Alert]:
    if quiet and not settings.stop_breaks_quiet:
        return []
    rows = Alert.objects.across_clients().filter(told_at=None).exclude(state=AlertState.ENDED)
    if quiet:
        rows = rows.filter(severity=Severity.STOP)
    return list(rows.select_related("client").order_by("severity", "code", "pk"))


def _ended() -> list[Alert]:
    rows = Alert.objects.across_clients().filter(state=AlertState.ENDED, end_told_at=None)
    told = rows.filter(told_at__isnull=False)
    return list(told.select_related("client").order_by("code", "pk"))


def _note(raised: Sequence[Alert], ended: Sequence[Alert], now: datetime) -> None:
    rows = Alert.objects.across_clients()
    rows.filter(pk__in=[alert.pk for alert in raised]).update(told_at=now)
    rows.filter(pk__in=[alert.pk for alert in ended]).update(end_told_at=now)


def _write(
    settings: WatchSettings, raised: Sequence[Alert], ended: Sequence[Alert], now: datetime
) -> None:
    parts = []
    if raised:
        parts.append("Nowe:\n" + _list(raised))
    if ended:
        parts.append("Ustało:\n" + _list(ended))
    urgent = sum(alert.severity == Severity.STOP for alert in raised)
    queue_letter(
        occasion=f"watch-{now:%Y%m%d%H%M%S%f}",
        recipients=settings.recipients,
        subject=_subject(len(raised), urgent),
        text="\n\n".join([*parts, "Całość: strona „Nadzór” w Obiegu."]),
    )


def _subject(raised: int, urgent: int) -> str:
    if not raised:
        return "Obieg: alerty ustały"
    return f"Obieg: {counted(raised, *ALERTS)}" + (f", pilnych: {urgent}" if urgent else "")


def _list(alerts: Sequence[Alert]) -> str:
    lines = [f"- {_words(alert)}" for alert in alerts[:SHOWN]]
    if len(alerts) > SHOWN:
        lines.append(f"… i jeszcze {len(alerts) - SHOWN}")
    return "\n".join(lines)


def _words(alert: Alert) -> str:
    mark = "[pilne] " if alert.severity == Severity.STOP else ""
    whose = alert.client.name if alert.client else "biuro"
    return f"{mark}{CHECK_OF[alert.code].label}, {whose}: {alert.text}"


def _body(raised: Sequence[Alert], ended: Sequence[Alert], now: datetime) -> str:
    return json.dumps(
        {
            "source": "obieg",
            "at": now.isoformat(),
            "raised": [_plain(alert) for alert in raised],
            "ended": [_plain(alert) for alert in ended],
        },
        ensure_ascii=False,
    )


def _plain(alert: Alert) -> dict[str, object]:
    return {
        "id": alert.pk,
        "code": alert.code,
        "severity": alert.severity,
        "text": alert.text,
        "client": alert.client.name if alert.client else None,
        "nip": alert.client.nip if alert.client else None,
        "internal_id": alert.client.internal_id if alert.client else None,
        "raised_at": alert.raised_at.isoformat(),
        "path": alert.url,
    }
