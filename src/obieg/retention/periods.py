"""The office's periods, and the day after which nothing of a client has to stay."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from obieg.calls.ending import last_protocol
from obieg.core.polish import WARSAW
from obieg.inbox.models import Invoice
from obieg.office.models import Client, Event, Operator
from obieg.posting.models import Dekret, OutsidePurchase
from obieg.retention.kinds import BY_CODE, KINDS
from obieg.retention.models import Hold, Period
from obieg.sales.models import Sale


@dataclass(frozen=True, slots=True)
class Keeping:
    """Why something of a client has to stay, and until when, that day included."""

    reason: str  # Polish
    until: date


def months_of(code: str) -> int:
    """For how many months a kind of data is kept; never less than the table allows."""
    kind = BY_CODE[code]
    set_to = Period.objects.filter(kind=code).values_list("months", flat=True).first()
    months = set_to if set_to is not None else kind.months
    if months is None or kind.least is None:
        raise KeyError(code)
    return max(months, kind.least)


def present() -> dict[str, int]:
    """The period of every kind that is a setting, by its code."""
    return {kind.code: months_of(kind.code) for kind in KINDS if kind.is_setting}


@transaction.atomic
def set_periods(wanted: dict[str, int], *, actor: Operator) -> bool:
    """Keep from now on as `wanted` says; False where nothing is new."""
    before = present()
    changed = {code: months for code, months in wanted.items() if before[code] != months}
    if not changed:
        return False
    for code, months in changed.items():
        Period.objects.update_or_create(kind=code, defaults={"months": months})
    Event.objects.create(
        thing="retention.periods",
        thing_id=0,
        actor=actor,
        kind="edit",
        before={code: before[code] for code in changed},
        after=changed,
    )
    return True


def oldest(code: str) -> datetime:
    """What was before this moment is older than the kind's period: midnight in Warsaw."""
    day = months_before(timezone.localdate(), months_of(code))
    return datetime(day.year, day.month, day.day, tzinfo=WARSAW)


def months_before(day: date, months: int) -> date:
    """The day so many months ago; the first of the next month where that month is too short."""
    return months_after(day, -months)


def months_after(day: date, months: int) -> date:
    """The day so many months later, or the first day after a month that is too short."""
    index = day.year * 12 + day.month - 1 + months
    try:
        return day.replace(year=index // 12, month=index % 12 + 1)
    except ValueError:
        return date((index + 1) // 12, (index + 1) % 12 + 1, 1)


def keepings(client: Client) -> list[Keeping]:
    """Everything that keeps the client's data, the longest first."""
    found = []
    if year := last_year(client):
        found.append(Keeping("księgi i dokumenty podatkowe za rok " + str(year), _books_end(year)))
    if protocol := last_protocol(client):
        ended = protocol.at.astimezone(WARSAW).date()
        until = months_after(ended, months_of("aml"))
        found.append(Keeping("ustawa AML, art. 49 ust. 1", until))
    if hold := Hold.objects.of_client(client).first():
        found.append(Keeping(f"wstrzymanie: {hold.reason}", hold.until))
    return sorted(found, key=lambda keeping: keeping.until, reverse=True)


def kept_until(client: Client) -> date:
    """The last day on which the client's data have to stay; yesterday where nothing keeps them."""
    days = [keeping.until for keeping in keepings(client)]
    return max(days, default=timezone.localdate() - timedelta(days=1))


def last_year(client: Client) -> int | None:
    """The year of the client's last document, whatever its kind."""
    days = [
        Invoice.objects.of_client(client).aggregate(last=Max("issue_date"))["last"],
        Dekret.objects.of_client(client).aggregate(last=Max("period"))["last"],
        Dekret.objects.of_client(client).aggregate(last=Max("vat_month"))["last"],
        Sale.objects.of_client(client).aggregate(last=Max("issue_date"))["last"],
        OutsidePurchase.objects.of_client(client).aggregate(last=Max("issue_date"))["last"],
    ]
    return max((day.year for day in days if day), default=None)


def _books_end(year: int) -> date:
    """The tax of a year is paid in the next; the period is counted from the end of that one."""
    return months_after(date(year + 1, 12, 31), months_of("books"))
