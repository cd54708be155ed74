"""Closing a client's month, and opening it again; both are on the trail."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q

from obieg.core.calendar import Month
from obieg.core.polish import counted
from obieg.office.models import Client, Event, Operator
from obieg.office.rights import Right
from obieg.posting.errors import NotToReopen, PeriodWaits
from obieg.posting.journal import lock_books
from obieg.posting.models import ClosedPeriod, Dekret, Voucher
from obieg.posting.states import WAITING, DekretState

THING = "posting.period"


@dataclass(frozen=True, slots=True)
class Readiness:
    """What a month of a client still waits for."""

    waiting: int  # documents of the queue that were issued in the month or before
    unexported: int  # approved documents of the month, by cost or VAT, in no file yet


@transaction.atomic
def close_period(client: Client, period: date, *, operator: Operator) -> ClosedPeriod:
    """Let nothing more be decided in the month of `period`, any of its days.

    Documents that still wait do not hinder it: they will be posted in the next open month.
    Raises PeriodWaits where it is closed already, Client.DoesNotExist for a foreign client.
    """
    client = Client.objects.visible_to(operator).get(pk=client.pk)
    lock_books([client.pk])
    first = Month.of(period).first
    closed, is_new = ClosedPeriod.objects.of_client(client).get_or_create(
        client=client, period=first, defaults={"closed_by": operator}
    )
    if not is_new:
        raise PeriodWaits(problem=f"Okres {first:%m.%Y} jest już zamknięty.")
    _note(client, first, operator, "close")
    return closed


@transaction.atomic
def reopen_period(client: Client, period: date, *, operator: Operator) -> None:
    """Let the month be decided in again; for those who may change what was approved.

    Raises NotToReopen, PeriodWaits where it is open, Client.DoesNotExist for a foreign client.
    """
    client = Client.objects.visible_to(operator).get(pk=client.pk)
    if not operator.may(Right.EDIT_KSEF):
        raise NotToReopen
    lock_books([client.pk])
    first = Month.of(period).first
    deleted, _ = ClosedPeriod.objects.of_client(client).filter(period=first).delete()
    if not deleted:
        raise PeriodWaits(problem=f"Okres {first:%m.%Y} nie jest zamknięty.")
    _note(client, first, operator, "reopen")


def readiness(client: Client, period: date) -> Readiness:
    """What to look at before closing; the caller has checked who asks."""
    dekrets = Dekret.objects.of_client(client)
    last = Month.of(period).last
    waiting = dekrets.filter(state__in=WAITING, invoice__issue_date__lte=last)
    first = Month.of(period).first
    of_month = Q(period=first) | Q(vat_month=first)
    approved = dekrets.filter(of_month, state=DekretState.APPROVED)
    return Readiness(waiting.count(), approved.count())


def concerns(client: Client, period: date) -> list[str]:
    """What a month leaves behind when it is closed, in Polish; the caller has checked who asks."""
    first = Month.of(period).first
    waiting = Dekret.objects.of_client(client).filter(state__in=WAITING)
    found = []
    if earlier := open_before(client, first):
        months = ", ".join(f"{month:%m.%Y}" for month in earlier)
        found.append(f"Wcześniejszy okres jest nadal otwarty: {months}.")
    if count := waiting.filter(invoice__issue_date__lt=first).count():
        words = counted(count, "dokument", "dokumenty", "dokumentów")
        found.append(f"Z wcześniejszych miesięcy czeka w kolejce: {words}.")
    if count := waiting.filter(invoice__issue_date__range=(first, Month.of(first).last)).count():
        words = counted(count, "dokument", "dokumenty", "dokumentów")
        found.append(f"Z zamykanego miesiąca czeka w kolejce: {words}; trafią do następnego.")
    return found


def open_before(client: Client, first: date) -> list[date]:
    """The months before `first` that have entries in the books and are not closed."""
    closed = ClosedPeriod.objects.of_client(client).values("period")
    entered = Voucher.objects.of_client(client).filter(period__lt=first).exclude(period__in=closed)
    return list(entered.order_by("period").values_list("period", flat=True).distinct())


def history(client: Client, limit: int = 50) -> list[Event]:
    """Who closed and opened what, the newest first."""
    events = Event.objects.of_client(client).filter(thing=THING).select_related("actor")
    return list(events.order_by("-pk")[:limit])


def _note(client: Client, period: date, operator: Operator, kind: str) -> None:
    Event.objects.create(
        client=client,
        thing=THING,
        thing_id=period.year * 100 + period.month,
        actor=operator,
        kind=kind,
        after={"period": period.isoformat()},
    )
