"""The one limiter of calls to KSeF, in the database, so that all processes count together.

KSeF counts by context and address. Obieg counts by context alone, whatever address it calls from:
an office has one address, and where it has two, this keeps the limits of one. Calls outside any
context (authentication, public keys) are counted for the office as a whole. Beside these windows
the address has a limit of its own over all contexts (`obieg.calls.address`).

KSeF sees a call later than we send it. A call therefore stays in its window from when its answer
came (or, while none came, from the latest moment at which it could), so that a delay on the way
never makes KSeF see more calls in a window than we counted. Times are those of the database.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter

from django.db import connection, models, transaction
from django.db.models.functions import Greatest

from obieg.calls.address import SPAN, give_back, take_slot
from obieg.calls.models import Embargo, KsefCall, ToldRates
from obieg.core.errors import MustWait
from obieg.core.polish import WARSAW
from obieg.ksef.errors import RateLimited
from obieg.ksef.rates import SPECIFICATION, Group, Rates
from obieg.office.models import Client

ANSWER_WITHIN = timedelta(seconds=90)  # connecting, sending and reading time out before it
NO_CONTEXT = ""


@dataclass(frozen=True, slots=True)
class Key:
    """What a limit is counted by."""

    environment: str
    context: str
    group: Group

    def fields(self) -> dict[str, str]:
        """As columns of the ledger."""
        return {
            "environment": self.environment,
            "context": self.context,
            "group": self.group.value,
        }


@dataclass(slots=True)
class Heard:
    """The answer to a call, once it came."""

    status: int | None = None

    def came(self, status: int) -> None:
        """An HTTP answer with `status`."""
        self.status = status


@dataclass(frozen=True, slots=True)
class CallMeter:
    """Counts the calls made for one client with one credential (`obieg.ksef.ports.Meter`)."""

    client: Client
    environment: str
    credential_id: int | None  # None: nobody has logged in yet

    @contextmanager
    def call(self, group: Group, operation: str) -> Iterator[Heard]:
        """Around one call: its row is committed before, its outcome recorded after.

        MustWait where a limit or an embargo allows no call now. It refuses to run inside a
        transaction (RuntimeError): the row would vanish with it, although KSeF counted the call.
        """
        context = NO_CONTEXT if group is Group.ANONYMOUS else self.client.context
        key = Key(self.environment, context, group)
        row, slot = self._admit(key, operation)
        started, heard = perf_counter(), Heard()
        try:
            yield heard
        except RateLimited as refused:
            impose_embargo(key, refused.wait)
            raise
        finally:
            KsefCall.objects.across_clients().filter(pk=row).update(
                status=heard.status,
                duration_ms=round((perf_counter() - started) * 1000),
                **({} if heard.status is None else {"counted_at": _Clock()}),
            )
            if heard.status is not None:
                give_back(slot)

    def _admit(self, key: Key, operation: str) -> tuple[int, int]:
        """The ids of the call's committed row and of its slot, or MustWait."""
        with transaction.atomic(durable=True):
            now = _alone(key)
            if until := _blocked_until(key, now):
                raise MustWait(until=until.astimezone(WARSAW))
            slot = take_slot(self.environment, now + ANSWER_WITHIN)
            if slot is None:
                raise MustWait(until=(now + SPAN).astimezone(WARSAW))
            row = KsefCall.objects.create(
                **key.fields(),
                client=self.client,
                operation=operation,
                credential_id=self.credential_id,
                at=now,
                counted_at=now + ANSWER_WITHIN,
            )
        return row.pk, slot


def impose_embargo(key: Key, wait: timedelta) -> None:
    """Let nobody call before `wait` is over; an embargo that ends later stays."""
    with transaction.atomic(durable=True):
        until = _alone(key) + wait
        Embargo.objects.bulk_create(
            [Embargo(**key.fields(), until=until)],
            ignore_conflicts=True,
        )
        Embargo.objects.filter(**key.fields()).update(until=Greatest("until", until))


def rates_of(key: Key) -> Rates:
    """The limits that hold: those that KSeF told, else the specification's."""
    told = ToldRates.objects.filter(**key.fields()).first()
    if told is None:
        return SPECIFICATION[key.group]
    return Rates(told.per_second, told.per_minute, told.per_hour)


def _alone(key: Key) -> datetime:
    """Wait until no other transaction decides about `key`; the time then."""
    name = "/".join(("obieg.calls", *key.fields().values()))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now


def _blocked_until(key: Key, now: datetime) -> datetime | None:
    """When the next call may be made, or None where it may be made now."""
    ends = list(
        Embargo.objects.filter(**key.fields(), until__gt=now).values_list("until", flat=True)
    )
    for limit, span in rates_of(key).windows():
        calls = KsefCall.objects.across_clients().filter(**key.fields(), counted_at__gt=now - span)
        newest = calls.order_by("-counted_at").values_list("counted_at", flat=True)
        if limit == 0:
            ends.append(now + span)
        else:
            ends.extend(counted + span for counted in newest[limit - 1 : limit])
    return max(ends, default=None)


class _Clock(models.Func):
    """The database's time at this very moment, not at the start of its transaction."""

    function = "clock_timestamp"
    template = "%(function)s()"
    output_field = models.DateTimeField()
