"""The queue as its page asks for it: pages by key, capped counts, neighbours."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple, Self

from django.db.models import Q
from django.utils import timezone

from obieg.core.errors import UserFixable
from obieg.office.models import Operator
from obieg.office.scope import ScopedQuerySet
from obieg.office.trail import TrailEntry
from obieg.posting import attention
from obieg.posting.models import Dekret
from obieg.posting.states import WAITING, DekretState
from obieg.posting.trail import trail

__all__ = [
    "COUNT_LIMIT",
    "PAGE",
    "SHOWN",
    "Neighbours",
    "Page",
    "QueueFilters",
    "TrailEntry",
    "above",
    "counts",
    "neighbours",
    "trail",
    "waiting",
]

PAGE = 50
SHOWN = ("client", "invoice")  # what the page and the desk show beside the dekret
COUNT_LIMIT = 1000  # an exact count of a filtered million costs more than the page
BULK_LIMIT = 500  # documents that one approval in bulk takes


class PlaceGone(UserFixable):
    """The address of the queue names a place from which it cannot be continued."""

    code = "posting.place_gone"
    message_pl = "Adres strony kolejki jest niepoprawny. Otwórz kolejkę od początku."


@dataclass(frozen=True, slots=True)
class QueueFilters:
    """What is to be seen of the queue; what is None or empty does not limit."""

    state: str = ""  # TO_APPROVE or TO_CLASSIFY; empty: both
    client_id: int | None = None
    direction: str | None = None
    words: tuple[str, ...] = ()  # each to be found in the number, a name or a NIP
    seller: str = ""  # tax id
    min_confidence: int | None = None  # per cent
    age: int | None = None  # hours that it has waited at least


@dataclass(frozen=True, slots=True)
class Key:
    """A place in the queue: the oldest first."""

    queued_at: datetime
    pk: int

    @classmethod
    def parse(cls, text: str) -> Self:
        moment, _, pk = text.rpartition("~")
        try:
            return cls(datetime.fromisoformat(moment), int(pk))
        except ValueError as error:
            raise PlaceGone from error

    @classmethod
    def of(cls, dekret: Dekret) -> Self:
        return cls(dekret.queued_at, dekret.pk)

    def __str__(self) -> str:
        return f"{self.queued_at.isoformat()}~{self.pk}"


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the queue; `previous` and `next` continue it, empty at the ends."""

    rows: list[Dekret]  # with invoice and client
    previous: str  # for `before`
    next: str  # for `after`


class Neighbours(NamedTuple):
    """The ids of the documents before and after one; None at the ends."""

    previous: int | None
    following: int | None


def waiting(
    operator: Operator,
    filters: QueueFilters,
    *,
    after: str | None = None,
    before: str | None = None,
    size: int = PAGE,
) -> Page:
    """The page that follows `after`, or that precedes `before`, or the first."""
    rows = _selected(operator, filters).select_related(*SHOWN)
    if before:
        found = list(_preceding(rows, Key.parse(before))[: size + 1])
        shown = found[:size][::-1]
        more_before, more_after = len(found) > size, True
    else:
        rows = _following(rows, Key.parse(after)) if after else rows.order_by("queued_at", "pk")
        found = list(rows[: size + 1])
        shown = found[:size]
        more_before, more_after = bool(after), len(found) > size
    return Page(
        shown,
        str(Key.of(shown[0])) if shown and more_before else "",
        str(Key.of(shown[-1])) if shown and more_after else "",
    )


def counts(operator: Operator, filters: QueueFilters, *, sure: int = 90) -> dict[str, int]:
    """How much waits under the filters in each queue, and as `sure` how much can be approved.

    `sure` is the least confidence in per cent. Counted up to COUNT_LIMIT; one more says `more`.
    """
    found = {
        str(state): _count(_selected(operator, replace(filters, state=state)))
        for state in sorted(WAITING)
    }
    return found | {"sure": _count(_sure(operator, filters, sure))}


def neighbours(operator: Operator, filters: QueueFilters, dekret: Dekret) -> Neighbours:
    """What stands before and after `dekret`, whether or not it still waits itself."""
    rows, key = _selected(operator, filters), Key.of(dekret)
    previous = _preceding(rows, key).values_list("pk", flat=True).first()
    following = _following(rows, key).values_list("pk", flat=True).first()
    return Neighbours(previous, following)


def above(
    operator: Operator, filters: QueueFilters, confidence: int, limit: int = BULK_LIMIT
) -> Sequence[int]:
    """The ids of proposals with at least that confidence, the oldest first, up to `limit`."""
    rows = _sure(operator, filters, confidence).order_by("queued_at", "pk")
    return list(rows.values_list("pk", flat=True)[:limit])


def _sure(operator: Operator, filters: QueueFilters, confidence: int) -> ScopedQuerySet[Dekret]:
    """What may be approved with others: what may be there twice waits for an answer of its own."""
    to_approve = replace(filters, state=DekretState.TO_APPROVE)
    found = _selected(operator, to_approve).filter(confidence__gte=confidence)
    return found.exclude(warnings__overlap=attention.TWICE)


def _count(rows: ScopedQuerySet[Dekret]) -> int:
    return rows.order_by()[: COUNT_LIMIT + 1].count()


def _selected(operator: Operator, filters: QueueFilters) -> ScopedQuerySet[Dekret]:
    states = [filters.state] if filters.state else sorted(WAITING)
    wanted = Q(state__in=states)
    if filters.client_id is not None:
        wanted &= Q(client=filters.client_id)
    if filters.direction:
        wanted &= Q(direction=filters.direction)
    if filters.min_confidence:
        wanted &= Q(confidence__gte=filters.min_confidence)
    if filters.age:
        wanted &= Q(queued_at__lte=timezone.now() - timedelta(hours=filters.age))
    if filters.seller:
        wanted &= Q(invoice__seller_nip=filters.seller)
    for word in filters.words:
        wanted &= Q(invoice__search__contains=word.casefold())
    return Dekret.objects.visible_to(operator).filter(wanted)


def _following(rows: ScopedQuerySet[Dekret], key: Key) -> ScopedQuerySet[Dekret]:
    later = Q(queued_at__gt=key.queued_at) | Q(pk__gt=key.pk)
    return rows.filter(later, queued_at__gte=key.queued_at).order_by("queued_at", "pk")


def _preceding(rows: ScopedQuerySet[Dekret], key: Key) -> ScopedQuerySet[Dekret]:
    earlier = Q(queued_at__lt=key.queued_at) | Q(pk__lt=key.pk)
    return rows.filter(earlier, queued_at__lte=key.queued_at).order_by("-queued_at", "-pk")
