"""What the page shows: findings grouped by their check, the worst first, with their alerts."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Max, Sum
from django.utils import timezone

from obieg.core.polish import format_time, today
from obieg.office.models import Operator
from obieg.office.rights import Right
from obieg.office.scope import ScopedQuerySet
from obieg.watch.checks.table import CHECK_OF, findings
from obieg.watch.findings import Finding, Look, Severity, worst_first
from obieg.watch.models import Alert, Tally, WatchSettings
from obieg.watch.states import AlertState

DAYS = 7
FEW = 5  # more findings of a check are folded


@dataclass(frozen=True, slots=True)
class Line:
    """A finding, and its alert where the watch has raised one."""

    finding: Finding
    alert: Alert | None

    @property
    def is_new(self) -> bool:
        """Whether it waits for someone to acknowledge it."""
        return self.alert is not None and self.alert.state == AlertState.RAISED

    @property
    def history(self) -> str:
        """Since when it has been so, and who sees to it."""
        alert = self.alert
        if alert is None:
            return ""
        words = f"od {format_time(alert.raised_at)}"
        if alert.acknowledged_by and alert.acknowledged_at:
            moment = format_time(alert.acknowledged_at)
            words += f"; przyjął(a) {alert.acknowledged_by.name} {moment}"
        return words + (f": „{alert.note}”" if alert.note else "")


@dataclass(frozen=True, slots=True)
class Group:
    """All findings of one check."""

    label: str
    lines: tuple[Line, ...]

    @property
    def severity(self) -> Severity:
        """That of its worst finding."""
        stop = any(line.finding.severity == Severity.STOP for line in self.lines)
        return Severity.STOP if stop else Severity.WATCH

    @property
    def is_long(self) -> bool:
        return len(self.lines) > FEW

    @property
    def new(self) -> int:
        """How many of its alerts nobody has acknowledged."""
        return sum(line.is_new for line in self.lines)

    @property
    def clients(self) -> str:
        """The first ones by name, and how many more there are."""
        names = list(dict.fromkeys(line.finding.client or "Biuro" for line in self.lines))
        more = f" i jeszcze {len(names) - FEW}" if len(names) > FEW else ""
        return ", ".join(names[:FEW]) + more


@dataclass(frozen=True, slots=True)
class Completeness:
    """The comparisons of the last days in one line; None where there was none yet."""

    expected: int
    missing: int
    fetched: int
    clients: int
    last: date

    @property
    def lacking(self) -> int:
        return self.missing - self.fetched


def found_for(operator: Operator, client_id: int | None = None) -> list[Finding]:
    """What is not all right for this operator, of one client or of all."""
    look = Look(operator, timezone.now(), WatchSettings.present())
    return [one for one in findings(look) if client_id in (None, one.client_id)]


def groups(operator: Operator, found: Iterable[Finding]) -> list[Group]:
    """The findings by check, the worst first."""
    alerts = {alert.key: alert for alert in open_alerts(operator)}
    of_code: dict[str, list[Line]] = defaultdict(list)
    for finding in sorted(found, key=worst_first):
        of_code[finding.code].append(Line(finding, alerts.get(finding.key)))
    order = list(CHECK_OF)
    made = [Group(CHECK_OF[code].label, tuple(of_code[code])) for code in order if code in of_code]
    return sorted(made, key=lambda group: group.severity != Severity.STOP)


def open_alerts(operator: Operator) -> list[Alert]:
    """The alerts that last and that this operator may see and acknowledge."""
    shown = [*_open(Alert.objects.visible_to(operator).exclude(client=None)), *_open_of_nobody()]
    if operator.may(Right.ADMINISTER):
        return shown
    return [alert for alert in shown if not CHECK_OF[alert.code].is_office]


def _open_of_nobody() -> ScopedQuerySet[Alert]:
    return _open(Alert.objects.across_clients().filter(client=None))


def _open(rows: ScopedQuerySet[Alert]) -> ScopedQuerySet[Alert]:
    return rows.exclude(state=AlertState.ENDED).select_related("acknowledged_by")


def completeness(operator: Operator) -> Completeness | None:
    """How the last days compare with KSeF, over the operator's clients."""
    rows = Tally.objects.visible_to(operator).filter(
        day__gte=today() - timedelta(days=DAYS), environment=F("client__environment")
    )
    found = rows.aggregate(
        expected=Sum("expected"), missing=Sum("missing"), fetched=Sum("fetched"), last=Max("day")
    )
    if found["last"] is None:
        return None
    clients = rows.values("client").distinct().count()
    return Completeness(**found, clients=clients)
