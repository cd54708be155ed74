"""Lists of documents: what the filters in the address select, paged by key."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Q

from obieg.inbox.listing import (
    COUNT_LIMIT,
    PAGE,
    Counted,
    Ordered,
    PageGone,
    with_words,
)
from obieg.inbox.models import Direction, Invoice
from obieg.office.models import Operator
from obieg.office.scope import ScopedQuerySet

SORTS = {
    "data": "issue_date",
    "wplyw": "received_at",
    "termin": "due_date",
    "numer": "number",
    "kwota": "gross",
}
_READ: dict[str, Callable[[str], Any]] = {
    "issue_date": date.fromisoformat,
    "received_at": datetime.fromisoformat,
    "due_date": date.fromisoformat,
    "number": str,
    "gross": Decimal,
}
_SHOWN = (
    "client__name",
    "dekret__state",
    "number",
    "ksef_number",
    "kind",
    "direction",
    "issue_date",
    "received_at",
    "due_date",
    "currency",
    "net",
    "tax",
    "gross",
    "amount_due",
    "seller_name",
    "seller_nip",
    "buyer_name",
    "buyer_nip",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection(Ordered):
    """What is to be listed."""

    SORTS = SORTS
    direction: Direction | None = None
    client_id: int | None = None
    state: str = ""
    since: date | None = None
    until: date | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Counted):
    """One page of the list."""

    rows: list[Invoice]


def page_of(operator: Operator, selection: Selection, after: str = "") -> Page:
    """The page of `selection` that follows the key `after`."""
    found = _selected(operator, selection)
    rows = list(_ordered(_continued(found, selection, after), selection)[: PAGE + 1])
    key = _key(rows[PAGE - 1], selection) if len(rows) > PAGE else ""
    count = found.order_by()[: COUNT_LIMIT + 1].count()
    return Page(rows=rows[:PAGE], next=key, count=count)


def everything(operator: Operator, selection: Selection) -> Iterator[Invoice]:
    """Every document of `selection`, streamed in its order."""
    return _ordered(_selected(operator, selection), selection).iterator(chunk_size=2000)


def _selected(operator: Operator, wanted: Selection) -> ScopedQuerySet[Invoice]:
    found = Invoice.objects.visible_to(operator)
    if wanted.field == "due_date":
        found = found.filter(due_date__isnull=False)
    conditions: dict[str, Any] = {
        "direction": wanted.direction,
        "client": wanted.client_id,
        "dekret__state": wanted.state,
        "issue_date__gte": wanted.since,
        "issue_date__lte": wanted.until,
    }
    found = found.filter(**{name: value for name, value in conditions.items() if value})
    return with_words(found, wanted.words)


def _ordered(found: ScopedQuerySet[Invoice], wanted: Selection) -> ScopedQuerySet[Invoice]:
    minus = "-" if wanted.is_descending else ""
    rows = found.select_related("client", "dekret").only("client_id", *_SHOWN)
    return rows.order_by(f"{minus}{wanted.field}", f"{minus}pk")


def _continued(
    found: ScopedQuerySet[Invoice], wanted: Selection, after: str
) -> ScopedQuerySet[Invoice]:
    if not after:
        return found
    text, _, last_id = after.rpartition("~")
    try:
        value, last = _READ[wanted.field](text), int(last_id)
    except (ValueError, InvalidOperation) as error:
        raise PageGone from error
    beyond = "lt" if wanted.is_descending else "gt"
    return found.filter(
        Q(**{f"{wanted.field}__{beyond}e": value}),
        Q(**{f"{wanted.field}__{beyond}": value}) | Q(**{f"pk__{beyond}": last}),
    )


def _key(row: Invoice, wanted: Selection) -> str:
    value = getattr(row, wanted.field)
    return f"{value.isoformat() if hasattr(value, 'isoformat') else value}~{row.pk}"
