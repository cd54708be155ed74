"""What needs the operator today: each matter counted, aged and linked to the list that shows it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone

from obieg.core.polish import counted, format_date, format_time, plural
from obieg.inbox.models import Channel, Quarantined
from obieg.office.models import Client, Operator
from obieg.office.scope import ScopedQuerySet
from obieg.posting.models import Dekret
from obieg.posting.states import WAITING, DekretState
from obieg.sales.models import Sale
from obieg.sales.offline.due import due_soon
from obieg.sales.states import SaleState
from obieg.vault.models import Credential, CredentialUsage
from obieg.watch.findings import Severity
from obieg.watch.page import found_for

EXPIRY_NOTICE = timedelta(days=30)
FEW = 5  # matters of one kind that are named one by one
LATE = timedelta(hours=24)  # the office's promise to its clients
DOCUMENTS = ("dokument", "dokumenty", "dokumentów")


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing to look at; `meaning` is ok, watch or stop."""

    meaning: str
    text: str
    detail: str
    url: str
    action: str


@dataclass(frozen=True, slots=True)
class Load:
    """How much of one client's work is waiting."""

    client_id: int
    name: str
    to_approve: int
    to_classify: int
    oldest: datetime

    @property
    def is_late(self) -> bool:
        return _is_late(self.oldest)


def matters(operator: Operator) -> list[Matter]:
    """Everything that waits for this operator, the worst first."""
    found = [
        *_failed_synchronisations(operator),
        *_quarantined(operator),
        *_offline(operator),
        *_rejected(operator),
        *_credentials(operator),
        *_offline_certificates(operator),
        *_late(operator),
        *_waiting(operator),
        *_unexported(operator),
    ]
    return sorted(found, key=lambda matter: ("stop", "watch", "ok").index(matter.meaning))


def watch_line(operator: Operator) -> Matter:
    """The watch in one line, also when it is green."""
    found = found_for(operator)
    urgent = sum(one.severity == Severity.STOP for one in found)
    words = counted(len(found), "sprawa", "sprawy", "spraw")
    return Matter(
        "stop" if urgent else "watch" if found else "ok",
        f"Nadzór: {words}" if found else "Nadzór: wszystko w porządku",
        f"w tym pilnych: {urgent}" if urgent else "",
        reverse("watch"),
        "Otwórz nadzór",
    )


def loads(operator: Operator, limit: int = 12) -> list[Load]:
    """The clients with the oldest waiting documents."""
    rows = (
        Dekret.objects.visible_to(operator)
        .filter(state__in=WAITING)
        .values("client_id", "client__name")
        .annotate(
            to_approve=Count("pk", filter=Q(state=DekretState.TO_APPROVE)),
            to_classify=Count("pk", filter=Q(state=DekretState.TO_CLASSIFY)),
            oldest=Min("queued_at"),
        )
        .order_by("oldest")[:limit]
    )
    return [
        Load(row["client_id"], row["client__name"], row["to_approve"], row["to_classify"], oldest)
        for row in rows
        if (oldest := row["oldest"])
    ]


def _waiting(operator: Operator) -> list[Matter]:
    rows = Dekret.objects.visible_to(operator).filter(state__in=WAITING).values("state")
    found = rows.annotate(count=Count("pk"), oldest=Min("queued_at")).order_by("state")
    return [_waiting_in(row["state"], row["count"], row["oldest"]) for row in found]


def _late(operator: Operator) -> list[Matter]:
    """What nobody has classified within the time that the office promises."""
    rows = Dekret.objects.visible_to(operator).filter(
        state=DekretState.TO_CLASSIFY, queued_at__lte=timezone.now() - LATE
    )
    found = rows.aggregate(count=Count("pk"), oldest=Min("queued_at"))
    if not found["count"]:
        return []
    hours = round(LATE.total_seconds() / 3600)
    return [
        Matter(
            "stop",
            f"{counted(found['count'], *DOCUMENTS)} bez klasyfikacji ponad {hours} godziny",
            f"najstarszy w kolejce od {format_time(found['oldest'])}",
            f"{reverse('queue')}?kolejka=reczna&wiek={hours}",
            "Zacznij od najstarszego",
        )
    ]


def _waiting_in(state: str, count: int, oldest: datetime) -> Matter:
    by_hand = state == DekretState.TO_CLASSIFY
    words = "do ręcznej klasyfikacji" if by_hand else "do zatwierdzenia"
    return Matter(
        "watch" if _is_late(oldest) else "ok",
        f"{counted(count, *DOCUMENTS)} {words}",
        f"najstarszy w kolejce od {format_time(oldest)}",
        reverse("queue") + ("?kolejka=reczna" if by_hand else ""),
        "Otwórz kolejkę",
    )


def _failed_synchronisations(operator: Operator) -> list[Matter]:
    channels = Channel.objects.visible_to(operator).filter(enabled=True, failures__gt=0)
    failed = channels.aggregate(clients=Count("client", distinct=True), since=Min("last_ok_at"))
    if not failed["clients"]:
        return []
    since = (
        f"najdłużej od {format_time(failed['since'])}" if failed["since"] else "jeszcze bez udanej"
    )
    words = plural(failed["clients"], "klienta", "klientów", "klientów")
    return [
        Matter(
            "stop",
            f"Synchronizacja {failed['clients']} {words} się nie udaje",
            since,
            reverse("clients") + "?stan=blad",
            "Zobacz błędy",
        )
    ]


def _quarantined(operator: Operator) -> list[Matter]:
    count = Quarantined.objects.visible_to(operator).filter(resolved_at=None).count()
    if not count:
        return []
    words = plural(count, "plik, którego", "pliki, których", "plików, których")
    return [
        Matter(
            "stop",
            f"{count} {words} nie da się odczytać",
            "zachowane w całości; pozostałe faktury przeszły",
            reverse("clients-quarantine"),
            "Zobacz pliki",
        )
    ]


def _offline(operator: Operator) -> list[Matter]:
    """What was issued offline and KSeF has not got yet."""
    due = due_soon(operator)
    if not due:
        return []
    words = plural(len(due), "faktura wystawiona", "faktury wystawione", "faktur wystawionych")
    return [
        Matter(
            "stop" if any(one.meaning == "stop" for one in due) else "watch",
            f"{len(due)} {words} offline do przesłania do KSeF",
            f"{due[0].sale}: {due[0].text}",
            reverse("sales-offline"),
            "Zobacz terminy",
        )
    ]


def _rejected(operator: Operator) -> list[Matter]:
    """Sales that KSeF refused."""
    refused = Sale.objects.visible_to(operator).filter(state=SaleState.REJECTED)
    count = refused.count()
    if not count:
        return []
    words = plural(count, "fakturę odrzucił", "faktury odrzucił", "faktur odrzucił")
    return [
        Matter(
            "stop",
            f"{count} {words} KSeF",
            "popraw i wystaw ponownie; nabywca ich nie ma",
            f"{reverse('sales')}?stan={SaleState.REJECTED}",
            "Zobacz odrzucone",
        )
    ]


def _credentials(operator: Operator) -> list[Matter]:
    now = timezone.now()
    ending = _ending(operator, CredentialUsage.AUTHENTICATION, now)
    rows = ending.aggregate(
        expired=Count("pk", filter=Q(valid_to__lt=now)), all=Count("pk"), first=Min("valid_to")
    )
    if not rows["all"]:
        return []
    first = format_date(timezone.localdate(rows["first"]))
    words = counted(rows["all"], "poświadczenie", "poświadczenia", "poświadczeń")
    when = "wygasło lub wygasa" if rows["expired"] else "wygasa w ciągu 30 dni"
    return [
        Matter(
            "stop" if rows["expired"] else "watch",
            f"{words} do KSeF: {when}",
            f"najwcześniej {first}",
            reverse("clients") + "?stan=dostep",
            "Zobacz klientów",
        )
    ]


def _offline_certificates(operator: Operator) -> list[Matter]:
    """Without one no invoice can be issued while KSeF is out."""
    now = timezone.now()
    ending = _ending(operator, CredentialUsage.OFFLINE, now).order_by("valid_to")
    return [_offline_certificate(one, now) for one in ending.select_related("client")[:FEW]]


def _offline_certificate(ending: Credential, now: datetime) -> Matter:
    whose = ending.client.name if ending.client else "biuro"
    is_past = ending.valid_to is not None and ending.valid_to < now
    return Matter(
        "stop" if is_past else "watch",
        f"Certyfikat Offline ({whose}) {'wygasł' if is_past else 'wygasa w ciągu 30 dni'}",
        f"ważny do {format_time(ending.valid_to)}" if ending.valid_to else "",
        reverse("clients-page", args=[ending.client.pk]) if ending.client else reverse("clients"),
        "Otwórz klienta" if ending.client else "Otwórz klientów",
    )


def _ending(operator: Operator, usage: str, now: datetime) -> ScopedQuerySet[Credential]:
    """What ends soon of what Obieg works with, and of the operator's own."""
    held = Credential.objects.visible_to(operator).filter(active=True, usage=usage)
    his = Q(operator=None) | Q(operator=operator)
    return held.filter(his, valid_to__lt=now + EXPIRY_NOTICE)


def _unexported(operator: Operator) -> list[Matter]:
    approved = Dekret.objects.visible_to(operator).filter(state=DekretState.APPROVED)
    rows = approved.aggregate(count=Count("pk"), clients=Count("client", distinct=True))
    if not rows["count"]:
        return []
    return [
        Matter(
            "ok",
            f"{counted(rows['count'], *DOCUMENTS)} do wyeksportowania",
            counted(rows["clients"], "klient", "klientów", "klientów"),
            reverse("exports"),
            "Eksportuj",
        )
    ]


def _is_late(moment: datetime) -> bool:
    return timezone.now() - moment > LATE


def has_clients(operator: Operator) -> bool:
    """Whether there is anything at all that this operator may see."""
    return Client.objects.visible_to(operator).exists()
