"""Is KSeF there: by Latarnia's word, by our own calls, and by comparing what it has with ours."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, F, Max, Q, Sum
from django.urls import reverse

from obieg.calls.models import KsefCall
from obieg.core.polish import counted, format_time
from obieg.office.models import Client, KsefEnvironment
from obieg.sales.models import Outage
from obieg.watch.findings import Finding, Look, Severity
from obieg.watch.models import Comparison, Tally
from obieg.watch.states import ComparisonState

HOUR = timedelta(hours=1)
ANSWER_WITHIN = timedelta(minutes=2)  # a call without an answer for longer was lost
AT_LEAST = 10  # calls below which a share says nothing
SOME, MOST = 10, 50  # per cent of failed calls: worth telling, and as good as out
NEWEST = 20_000  # calls looked at: an hour of a large office is less
REMEMBERED = timedelta(days=62)  # two months of comparisons
NIGHTS = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Calls:
    """The calls of the last hour."""

    made: int
    failed: int  # 5xx, or no answer

    @property
    def share(self) -> int:
        """Failed ones in per cent."""
        return 100 * self.failed // self.made if self.made else 0


def outage(look: Look) -> Iterator[Finding]:
    """Outages that are announced and last, in the environments of the clients."""
    lasting = Outage.objects.filter(
        Q(ended_at=None) | Q(ended_at__gt=look.now), started_at__lte=look.now
    )
    used = set(look.rows(Client).order_by().values_list("environment", flat=True).distinct())
    for found in lasting:
        if found.environment in used:
            environment = KsefEnvironment(found.environment).label
            yield Finding(
                "ksef.outage",
                Severity.STOP,
                f"{found} (środowisko: {environment.lower()}) od {format_time(found.started_at)}, "
                f"źródło: {found.get_source_display()}",
                reverse("sales-offline"),
                subject=str(found.pk),
            )


def failures(look: Look) -> Iterator[Finding]:
    """Too many of the last hour's calls that KSeF did not answer properly."""
    calls = last_hour(look)
    if calls.made < AT_LEAST or calls.share < SOME:
        return
    yield Finding(
        "ksef.calls",
        Severity.STOP if calls.share >= MOST else Severity.WATCH,
        f"KSeF nie odpowiada: {calls.failed} z {calls.made} wywołań ostatniej godziny "
        f"({calls.share}%)",
        reverse("clients") + "?stan=blad",
    )


def last_hour(look: Look) -> Calls:
    """The office's calls in the hour before; those still under way are left out."""
    newest = KsefCall.objects.across_clients().aggregate(last=Max("pk"))["last"] or 0
    made = KsefCall.objects.across_clients().filter(pk__gt=newest - NEWEST, at__gte=look.now - HOUR)
    lost = Q(status=None, at__lt=look.now - ANSWER_WITHIN)
    found = made.aggregate(
        answered=Count("pk", filter=Q(status__isnull=False)),
        lost=Count("pk", filter=lost),
        refused=Count("pk", filter=Q(status__gte=500)),
    )
    return Calls(found["answered"] + found["lost"], found["lost"] + found["refused"])


def incomplete(look: Look) -> Iterator[Finding]:
    """Invoices that KSeF has and Obieg has not, although they were fetched again."""
    rows = look.rows(Tally).filter(
        day__gte=(look.now - REMEMBERED).date(),
        missing__gt=F("fetched"),
        environment=F("client__environment"),
    )
    lacking = Sum(F("missing") - F("fetched"))
    for row in (
        rows.values("client_id", "client__name").annotate(count=lacking).order_by("client_id")
    ):
        words = ("faktury, którą", "faktur, które", "faktur, które")
        yield Finding(
            "completeness.missing",
            Severity.STOP,
            f"brakuje {counted(row['count'], *words)} ma KSeF",
            f"{reverse('watch-completeness')}?klient={row['client_id']}",
            row["client_id"],
            row["client__name"],
        )


def not_compared(look: Look) -> Iterator[Finding]:
    """Clients whose last nights' comparison with KSeF could not be made."""
    rows = look.rows(Comparison).filter(started_at__gte=look.now - NIGHTS)
    latest = rows.order_by("client_id", "role", "-pk").distinct("client_id", "role")
    told: set[int] = set()
    for one in latest.select_related("client").defer("seen", "missing"):
        if one.state == ComparisonState.FAILED and one.client_id not in told:
            told.add(one.client_id)
            yield Finding(
                "completeness.failed",
                Severity.WATCH,
                f"nie udało się porównać z KSeF: {one.error_text}",
                f"{reverse('watch-completeness')}?klient={one.client_id}",
                one.client_id,
                one.client.name,
            )
