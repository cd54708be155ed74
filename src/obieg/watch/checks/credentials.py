"""Does every client still have a way into KSeF, and for how long?"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, Q
from django.urls import reverse

from obieg.core.polish import WARSAW, counted, format_date
from obieg.office.models import Client
from obieg.vault.credentials import TOKENS_END
from obieg.vault.models import Credential, CredentialKind, CredentialUsage
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
    ).exclude(client__in=_ways(look))
    yield from _ending("credentials.expiring", look, lonely)


def office_expiring(look: Look) -> Iterator[Finding]:
    """The same of the office's own certificate, with which all clients end."""
    own = Credential.objects.across_clients().filter(client=None)
    yield from _ending("credentials.office", look, own)


def missing(look: Look) -> Iterator[Finding]:
    """Clients for which neither they nor the office has a credential."""
    ways, signed, office = _ways(look), _signed(look), _office_environments()
    for client in _clients(look):
        own = client["pk"] in ways or client["pk"] in signed
        if not own and client["environment"] not in office:
            yield _finding("credentials.missing", Severity.STOP, "brak dostępu do KSeF", client)


def tokens(look: Look) -> Iterator[Finding]:
    """Clients that still go in by a token, which KSeF takes only through 31 December 2026."""
    left = (TOKENS_END.date() - look.now.astimezone(WARSAW).date()).days
    pressing = left <= PRESSING
    when = (
        "tokeny KSeF już nie działają"
        if left <= 0
        else f"token KSeF działa jeszcze {counted(left, *DAYS)}"
    )
    ways = _ways(look)
    for client in _clients(look):
        if ways.get(client["pk"]) == CredentialKind.TOKEN:
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
        "pk", "client_id", "client__name", "label", "usage", "valid_to"
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
    if is_over:
        return f"„{row['label']}” wygasło {end}"
    return (
        f"„{row['label']}” wygasa {end} ({'dziś' if left == 0 else f'za {counted(left, *DAYS)}'})"
    )


def _page(row: dict[str, Any]) -> str:
    if row["client_id"] is None:
        return reverse("office-access")
    name = "clients-offline" if row["usage"] == CredentialUsage.OFFLINE else "clients-page"
    return reverse(name, args=[row["client_id"]])


def _clients(look: Look) -> Any:
    return look.rows(Client).values("pk", "name", "environment")


def _ways(look: Look) -> dict[int, str]:
    """What each client's own credential in its present environment is."""
    used = look.rows(Credential).filter(
        active=True,
        usage=CredentialUsage.AUTHENTICATION,
        environment=F("client__environment"),
    )
    return dict(used.values_list("client_id", "kind"))


def _signed(look: Look) -> set[int]:
    """The clients whose access was signed outside and lasts."""
    used = look.rows(Credential).filter(
        active=True,
        usage=CredentialUsage.SIGNATURE,
        environment=F("client__environment"),
        valid_to__gt=look.now,
    )
    return set(used.values_list("client_id", flat=True))


def _office_environments() -> set[str]:
    """Where the office has a certificate of its own."""
    used = Credential.objects.across_clients().filter(
        client=None, active=True, usage=CredentialUsage.AUTHENTICATION
    )
    return set(used.values_list("environment", flat=True))


def _finding(
    code: str, severity: Severity, text: str, client: dict[str, Any], subject: str = ""
) -> Finding:
    page = reverse("clients-page", args=[client["pk"]])
    return Finding(code, severity, text, page, client["pk"], client["name"], subject)


__all__ = ["THRESHOLDS", "days_left", "expiring", "missing", "office_expiring", "tokens"]
