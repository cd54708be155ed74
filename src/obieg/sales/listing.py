"""The list of sales: documents issued in Obieg and those that KSeF brought, as one list."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Sum

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
from obieg.sales.models import Sale
from obieg.sales.states import SaleState

SORTS = {"data": "issue_date", "numer": "number", "kwota": "gross"}
OWN, RECEIVED = "s", "i"  # sources: Obieg's own, received from KSeF; the later sorts last
_READ: dict[str, Callable[[str], Any]] = {
    "issue_date": date.fromisoformat,
    "number": str,
    "gross": Decimal,
}
_LISTED = (
    "client_id",
    "client__name",
    "number",
    "kind",
    "issue_date",
    "due_date",
    "buyer_name",
    "buyer_nip",
    "currency",
    "net",
    "tax",
    "gross",
    "ksef_number",
)
Document = Sale | Invoice


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection(Ordered):
    """What is to be listed."""

    SORTS = SORTS
    client_id: int | None = None
    source: str = ""  # OWN, RECEIVED or both
    states: tuple[str, ...] = ()  # of Obieg's own; received documents have none
    kind: str = ""
    buyer: str = ""
    since: date | None = None
    until: date | None = None
    words: tuple[str, ...] = ()

    @property
    def sources(self) -> str:
        if self.states:
            return OWN if self.source != RECEIVED else ""
        return self.source or OWN + RECEIVED


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the list; `source` tells which of the two kinds `document` is."""

    source: str
    document: Document

    @property
    def key(self) -> str:
        """As a tick in the list sends it: `s12`, `i7`."""
        return f"{self.source}{self.document.pk}"

    @property
    def is_own(self) -> bool:
        return self.source == OWN


@dataclass(frozen=True, slots=True)
class Total:
    """The sums of one currency."""

    currency: str
    net: Decimal
    tax: Decimal
    gross: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Counted):
    """One page of the list. No totals above COUNT_LIMIT."""

    rows: list[Entry]
    totals: tuple[Total, ...] = ()


def page_of(operator: Operator, wanted: Selection, after: str = "") -> Page:
    """The page of `wanted` that follows the key `after`; PageGone where that makes no sense."""
    found = dict(_selected(operator, wanted))
    last = _last(after, wanted) if after else None
    rows = _merged(found, wanted, last, PAGE + 1)
    key = _key(rows[PAGE - 1], wanted) if len(rows) > PAGE else ""
    count = sum(query.order_by()[: COUNT_LIMIT + 1].count() for query in found.values())
    totals = _totals(found) if count <= COUNT_LIMIT else ()
    return Page(rows=rows[:PAGE], next=key, count=count, totals=totals)


def everything(operator: Operator, wanted: Selection, most: int) -> list[Entry]:
    """The first `most` documents of `wanted`, in its order."""
    return _merged(dict(_selected(operator, wanted)), wanted, None, most)


def chosen(operator: Operator, keys: list[str]) -> list[Entry]:
    """The documents that were ticked, in the order of the ticks; foreign ones are left out."""
    ids = {
        source: [int(key[1:]) for key in keys if key[:1] == source and key[1:].isdecimal()]
        for source in OWN + RECEIVED
    }
    own = Sale.objects.visible_to(operator).select_related("client", "upo", "contractor")
    received = Invoice.objects.visible_to(operator).filter(direction=Direction.SALE)
    found = {f"{OWN}{sale.pk}": Entry(OWN, sale) for sale in own.filter(pk__in=ids[OWN])}
    for invoice in received.select_related("client").filter(pk__in=ids[RECEIVED]):
        found[f"{RECEIVED}{invoice.pk}"] = Entry(RECEIVED, invoice)
    return [found[key] for key in dict.fromkeys(keys) if key in found]


def counts(operator: Operator, wanted: Selection) -> dict[str, int]:
    """How many of Obieg's own documents are in each state, under the other filters."""
    rows = _filtered(Sale.objects.visible_to(operator), wanted).order_by()
    return dict(rows.values_list("state").annotate(Count("pk")))


def _selected(operator: Operator, wanted: Selection) -> Iterator[tuple[str, Any]]:
    if OWN in wanted.sources:
        own = _filtered(Sale.objects.visible_to(operator), wanted)
        yield OWN, own.filter(state__in=wanted.states) if wanted.states else own
    if RECEIVED in wanted.sources:
        received = Invoice.objects.visible_to(operator).filter(direction=Direction.SALE)
        issued_here = Sale.objects.across_clients().filter(
            ksef_number=OuterRef("ksef_number"), ksef_number__gt=""
        )
        yield RECEIVED, _filtered(received, wanted).filter(~Exists(issued_here))


def _filtered(rows: ScopedQuerySet[Any], wanted: Selection) -> ScopedQuerySet[Any]:
    conditions: dict[str, Any] = {
        "client": wanted.client_id,
        "kind": wanted.kind,
        "issue_date__gte": wanted.since,
        "issue_date__lte": wanted.until,
    }
    rows = rows.filter(**{name: value for name, value in conditions.items() if value})
    if wanted.buyer:
        # The index knows `search`, which holds both; then the few that it finds are looked at.
        named = Q(buyer_name__icontains=wanted.buyer) | Q(buyer_nip__startswith=wanted.buyer)
        rows = rows.filter(search__contains=wanted.buyer.casefold()).filter(named)
    return with_words(rows, wanted.words)


def _merged(found: dict[str, Any], wanted: Selection, last: Any, most: int) -> list[Entry]:
    """The first `most` documents beyond `last`; at most so many are read of each source."""
    entries = [
        Entry(source, document)
        for source, query in found.items()
        for document in _ordered(query, source, wanted, last)[:most]
    ]
    entries.sort(key=lambda entry: _rank(entry, wanted.field), reverse=wanted.is_descending)
    return entries[:most]


def _ordered(query: Any, source: str, wanted: Selection, last: Any) -> Any:
    rows = (
        query.select_related("client", "upo") if source == OWN else query.select_related("client")
    )
    own = ("state", "upo__received_at", "sale_date", "offline_mode", "offline_deadline", "sending")
    rows = rows.only(*_LISTED, *(own if source == OWN else ()))
    if last is not None:
        rows = rows.filter(_beyond(source, wanted, *last))
    minus = "-" if wanted.is_descending else ""
    return rows.order_by(f"{minus}{wanted.field}", f"{minus}pk")


def _rank(entry: Entry, field: str) -> tuple[Any, ...]:
    """Days that are not known yet come after all others, as the database has it."""
    value = getattr(entry.document, field)
    return (value is None, 0 if value is None else value, entry.source, entry.document.pk)


def _beyond(source: str, wanted: Selection, value: Any, last_source: str, last: int) -> Q:
    """What follows the document (`value`, `last_source`, `last`) within `source`."""
    field, beyond = wanted.field, "lt" if wanted.is_descending else "gt"
    same = Q(**{f"{field}__isnull": True}) if value is None else Q(**{field: value})
    if source == last_source:
        same &= Q(**{f"pk__{beyond}": last})
    elif (source < last_source) != wanted.is_descending:
        same &= Q(pk__in=[])
    if value is None:
        return same | Q(**{f"{field}__isnull": False}) if wanted.is_descending else same
    further = Q(**{f"{field}__{beyond}": value})
    if not wanted.is_descending:
        further |= Q(**{f"{field}__isnull": True})
    return further | same


def _key(entry: Entry, wanted: Selection) -> str:
    value = getattr(entry.document, wanted.field)
    text = "" if value is None else value.isoformat() if hasattr(value, "isoformat") else str(value)
    return f"{text}~{entry.source}~{entry.document.pk}"


def _last(after: str, wanted: Selection) -> tuple[Any, str, int]:
    text, source, key = [*after.rsplit("~", 2), "", ""][:3]
    try:
        value = None if wanted.field == "issue_date" and not text else _READ[wanted.field](text)
        return value, source, int(key)
    except (ValueError, InvalidOperation) as error:
        raise PageGone from error


def _totals(found: dict[str, Any]) -> tuple[Total, ...]:
    sums: dict[str, Total] = {}
    for query in found.values():
        rows = query.exclude(state=SaleState.CANCELLED) if query.model is Sale else query
        grouped = (
            rows.order_by().values_list("currency").annotate(Sum("net"), Sum("tax"), Sum("gross"))
        )
        for currency, net, tax, gross in grouped:
            known = sums.get(currency, Total(currency, Decimal(0), Decimal(0), Decimal(0)))
            sums[currency] = Total(currency, known.net + net, known.tax + tax, known.gross + gross)
    return tuple(sums[currency] for currency in sorted(sums, key=lambda c: (c != "PLN", c)))
