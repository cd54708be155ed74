"""Lists of documents: what the filters in the address select, paged by key."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Q

from obieg.core.errors import UserFixable
from obieg.core.ksef_number import is_ksef_number
from obieg.inbox.models import Direction, Invoice
from obieg.office.models import Operator
from obieg.office.scope import ScopedQuerySet

PAGE = 50
COUNT_LIMIT = 1000  # an exact count of a filtered million costs more than the page
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


class PageGone(UserFixable):
    """The address of a list names a place from which it cannot be continued."""

    code = "posting.page_gone"
    message_pl = "Adres strony listy jest niepoprawny. Otwórz listę od początku."


@dataclass(frozen=True, slots=True)
class Selection:
    """What is to be listed; `order` is a key of SORTS, with a minus for descending."""

    direction: Direction | None = None
    client_id: int | None = None
    state: str = ""
    since: date | None = None
    until: date | None = None
    words: tuple[str, ...] = ()
    order: str = "-data"

    @property
    def field(self) -> str:
        return SORTS[self.order.removeprefix("-")]

    @property
    def is_descending(self) -> bool:
        return self.order.startswith("-")


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list; `next` continues it where there is more."""

    rows: list[Invoice]
    next: str
    count: int

    @property
    def is_capped(self) -> bool:
        return self.count > COUNT_LIMIT


def page_of(operator: Operator, selection: Selection, after: str = "") -> Page:
    """The page of `selection` that follows the key `after`."""
    found = _selected(operator, selection)
    rows = list(_ordered(_continued(found, selection, after), selection)[: PAGE + 1])
    key = _key(rows[PAGE - 1], selection) if len(rows) > PAGE else ""
    return Page(rows[:PAGE], key, found.order_by()[: COUNT_LIMIT + 1].count())


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
    for word in wanted.words:
        if is_ksef_number(word.upper()):
            found = found.filter(ksef_number=word.upper())
        else:
            found = found.filter(search__contains=word.casefold())
    return found


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
