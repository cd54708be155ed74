"""Does every client still have a way into KSeF, and for how long?"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, Q
from django.urls import reverse

from obieg.core.polish import WARSAW, counted, format_date
from obieg.office.models import Client
from obieg.vault.choice import Choice, choices_of
from obieg.vault.credentials import TOKENS_END
from obieg.vault.models import Credential, CredentialKind, CredentialUsage, Way
from obieg.watch.findings import Finding, Look, Severity

THRESHOLDS = (1, 3, 7, 14, 30, 60)  # days before the end at which it is told
PRESSING = 7
SHORT_NOTICE = timedelta(days=2)  # of an access signed outside, which lasts a week at most
DAYS = ("dzień", "dni", "dni")


def expiring(look: Look) -> Iterator[Finding]:
    """Clients' credentials that have ended or end within the longest notice."""
    rows = look.rows(Credential)
    yield from _ending("credentials.expiring", look, rows.exclude(usage=CredentialUsage.SIGNATURE))
    lonely = rows.filter(
        usage=CredentialUsage.SIGNATURE, valid_to__lte=look.now + SHORT_NOTICE
    ).exclude(client__in=_with_own(look))
    yield from _ending("credentials.expiring", look, lonely)


def office_expiring(look: Look) -> Iterator[Finding]:
    """The same of the office's own certificate, with which all clients end."""
    yield from _ending("credentials.office", look, Credential.objects.of_office())


def operators_expiring(look: Look) -> Iterator[Finding]:
    """The same of operators' own that go with every client."""
    own = Credential.objects.across_clients().filter(client=None, operator__isnull=False)
    yield from _ending("credentials.operator", look, own)


def missing(look: Look) -> Iterator[Finding]:
    """Clients for which there is no credential, or not the one that was chosen."""
    for client, choice in _choices(look):
        if choice.credential is None:
            chosen = "" if choice.way == Way.AUTO else f" (wybrano: {choice.way.label.lower()})"
            text = f"brak dostępu do KSeF{chosen}"
            yield _finding("credentials.missing", Severity.STOP, text, client)


def tokens(look: Look) -> Iterator[Finding]:
    """Clients that still go in by a token, which KSeF takes only through 31 December 2026."""
    left = (TOKENS_END.date() - look.now.astimezone(WARSAW).date()).days
    pressing = left <= PRESSING
    when = (
        "tokeny KSeF już nie działają"
        if left <= 0
        else f"token KSeF działa jeszcze {counted(left, *DAYS)}"
    )
    for client, choice in _choices(look):
        if choice.on_token:
            yield _finding(
                "credentials.token",
                Severity.STOP if pressing else Severity.WATCH,
                f"{when}: przejdź na certyfikat",
                client,
                subject=_threshold(left),
            )


def days_left(end: datetime, day: date) -> int:
    """Whole days in Warsaw from `day` to the day of `end`."""
    return (end.astimezone(WARSAW).date() - day).days


def _threshold(left: int) -> str:
    """The notice that `left` days have come to: each is told once."""
    return next((str(days) for days in THRESHOLDS if left <= days), "") if left > 0 else "0"


def _ending(code: str, look: Look, rows: Any) -> Iterator[Finding]:
    day = look.now.astimezone(WARSAW).date()
    used = rows.filter(
        Q(client=None) | Q(environment=F("client__environment")), active=True
    ).exclude(kind=CredentialKind.TOKEN, valid_to__gte=TOKENS_END)
    facts = used.filter(valid_to__isnull=False).values(
        "pk", "client_id", "client__name", "label", "usage", "valid_to", "operator__name"
    )
    for row in facts.order_by("valid_to", "pk"):
        left = days_left(row["valid_to"], day)
        is_over = row["valid_to"] <= look.now
        if left > THRESHOLDS[-1]:
            continue
        yield Finding(
            code,
            Severity.STOP if is_over or left <= PRESSING else Severity.WATCH,
            _ending_text(row, left, is_over=is_over),
            _page(row),
            row["client_id"],
            row["client__name"] or "",
            subject=f"{row['pk']}-{'0' if is_over else _threshold(max(left, 1))}",
        )


def _ending_text(row: dict[str, Any], left: int, *, is_over: bool) -> str:
    end = format_date(row["valid_to"].astimezone(WARSAW).date())
    what = f"„{row['label']}”"
    if row["operator__name"]:
        what += f" (własne: {row['operator__name']})"
    if is_over:
        return f"{what} wygasło {end}"
    return f"{what} wygasa {end} ({'dziś' if left == 0 else f'za {counted(left, *DAYS)}'})"


def _page(row: dict[str, Any]) -> str:
    if row["operator__name"]:
        return reverse("own-credentials")
    if row["client_id"] is None:
        return reverse("office-access")
    name = "clients-offline" if row["usage"] == CredentialUsage.OFFLINE else "clients-page"
    return reverse(name, args=[row["client_id"]])


def _choices(look: Look) -> Iterator[tuple[Client, Choice]]:
    clients = list(look.rows(Client))
    choices = choices_of(clients)
    for client in clients:
        yield client, choices[client.pk]


def _with_own(look: Look) -> set[int]:
    """The clients that have a credential of their own in their present environment."""
    used = look.rows(Credential).shared()
    own = used.filter(
        active=True,
        usage=CredentialUsage.AUTHENTICATION,
        environment=F("client__environment"),
    )
    return set(own.values_list("client_id", flat=True))


def _finding(
    code: str, severity: Severity, text: str, client: Client, subject: str = ""
) -> Finding:
    page = reverse("clients-page", args=[client.pk])
    return Finding(code, severity, text, page, client.pk, client.name, subject)


__all__ = [
    "THRESHOLDS",
    "days_left",
    "expiring",
    "missing",
    "office_expiring",
    "operators_expiring",
    "tokens",
]
