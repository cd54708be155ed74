"""Metrics for Prometheus, in its text format 0.0.4."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Min, Q
from django.utils import timezone

from obieg.core.polish import WARSAW
from obieg.inbox.models import Channel
from obieg.posting.models import Dekret
from obieg.posting.states import DekretState
from obieg.sales.models import Sale
from obieg.sales.states import SaleState
from obieg.vault.models import Credential, CredentialKind
from obieg.watch.checks.credentials import days_left
from obieg.watch.checks.ksef import last_hour
from obieg.watch.checks.machine import last_backup_at, queue_depth
from obieg.watch.findings import Look
from obieg.watch.models import Alert, WatchSettings
from obieg.watch.states import AlertState

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Metric:
    """A gauge with its samples: labels (name, value) or none, and the number."""

    name: str
    help: str
    samples: tuple[tuple[tuple[str, str] | None, int], ...]

    def lines(self) -> Iterator[str]:
        """As Prometheus reads them."""
        yield f"# HELP {self.name} {self.help}"
        yield f"# TYPE {self.name} gauge"
        for label, number in self.samples:
            yield f"{self.name}{_labels(label)} {number}"


def exposition(now: datetime | None = None) -> str:
    """The whole page; a gauge whose value does not exist has no sample."""
    found = metrics(now or timezone.now())
    return "".join(f"{line}\n" for metric in found for line in metric.lines())


def metrics(now: datetime) -> Iterator[Metric]:
    """Every metric, measured now."""
    calls = last_hour(Look(None, now, WatchSettings.present()))
    yield _one("obieg_queue_depth", "Jobs that are due and not taken", queue_depth(now))
    yield _by("obieg_channels", "Followed channels by state", "state", _channels())
    yield _one("obieg_unclassified_oldest_seconds", "Age of the oldest", _oldest(now))
    yield _by(
        "obieg_ksef_calls_last_hour",
        "Calls to KSeF in the last hour",
        "outcome",
        {"ok": calls.made - calls.failed, "failed": calls.failed},
    )
    yield _one("obieg_backup_age_seconds", "Age of the last backup", _age(last_backup_at(), now))
    yield _one("obieg_certificate_days_left", "Days until the first ends", _certificates(now))
    yield _by("obieg_sales", "Sales documents by state", "state", _sales())
    yield _by("obieg_alerts", "Alerts that last, by severity", "severity", _alerts())


def _channels() -> dict[str, int]:
    rows = Channel.objects.across_clients().filter(
        enabled=True, client__active=True, environment=F("client__environment")
    )
    return rows.aggregate(
        ok=Count("pk", filter=Q(failures=0, last_ok_at__isnull=False)),
        new=Count("pk", filter=Q(failures=0, last_ok_at=None)),
        failing=Count("pk", filter=Q(failures__gt=0)),
    )


def _oldest(now: datetime) -> int | None:
    rows = Dekret.objects.across_clients().filter(
        state=DekretState.TO_CLASSIFY, client__active=True
    )
    found = rows.aggregate(oldest=Min("queued_at"))["oldest"]
    return _age(found, now) or 0


def _certificates(now: datetime) -> int | None:
    shared = Credential.objects.across_clients().shared()
    rows = shared.filter(active=True, kind=CredentialKind.CERTIFICATE)
    served = rows.filter(Q(client=None) | Q(client__active=True))
    end = served.aggregate(first=Min("valid_to"))["first"]
    return None if end is None else days_left(end, now.astimezone(WARSAW).date())


def _sales() -> dict[str, int]:
    rows = Sale.objects.across_clients().order_by().values_list("state").annotate(n=Count("pk"))
    return {**dict.fromkeys(SaleState.values, 0), **dict(rows)}


def _alerts() -> dict[str, int]:
    rows = Alert.objects.across_clients().exclude(state=AlertState.ENDED)
    return {
        "watch": 0,
        "stop": 0,
        **dict(rows.order_by().values_list("severity").annotate(n=Count("pk"))),
    }


def _age(moment: datetime | None, now: datetime) -> int | None:
    return None if moment is None else max(0, round((now - moment).total_seconds()))


def _one(name: str, text: str, number: int | None) -> Metric:
    return Metric(name, text, () if number is None else ((None, number),))


def _by(name: str, text: str, label: str, numbers: dict[str, int]) -> Metric:
    samples = tuple(((label, value), number) for value, number in sorted(numbers.items()))
    return Metric(name, text, samples)


def _labels(label: tuple[str, str] | None) -> str:
    if label is None:
        return ""
    name, value = label
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'{{{name}="{escaped}"}}'
