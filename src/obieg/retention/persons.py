"""Where data of a person are, at every client that the operator sees (RODO art. 15)."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Any

from django.db.models import Count, Q, QuerySet, TextField
from django.db.models.functions import Cast

from obieg.core.nip import clean_nip, is_nip
from obieg.inbox.models import Invoice
from obieg.mail.models import Letter
from obieg.office.models import Client, Event, Operator
from obieg.posting.models import OutsidePurchase
from obieg.sales.models import Contractor, Sale

SHORTEST = 3  # signs of what is searched for
MOST = 10_000  # rows of one kind in the file


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of one kind at one client."""

    client_id: int
    client: str
    what: str  # Polish
    count: int


@dataclass(frozen=True, slots=True)
class Row:
    """One row as the file says it; all Polish or as it was typed."""

    client: str
    what: str
    name: str
    number: str
    about: str  # of a document: its number and day; of a contractor: its e-mail


def found(words: str, *, operator: Operator) -> list[Found]:
    """How much there is of a person, by client and kind, the clients in order."""
    counts = [
        (client_id, what, count)
        for what, matching in _searches(words, operator)
        for client_id, count in matching.order_by().values_list("client").annotate(Count("pk"))
    ]
    clients = Client.objects.visible_to(operator).in_bulk({client for client, _, _ in counts})
    listed = [Found(client, clients[client].name, what, count) for client, what, count in counts]
    return sorted(listed, key=lambda row: (clients[row.client_id].sort_key, row.what))


def rows(words: str, *, operator: Operator) -> Iterator[Row]:
    """The rows themselves, for the file; at most MOST of a kind."""
    for what, matching in _searches(words, operator):
        for row in matching.select_related("client").order_by("client", "pk")[:MOST]:
            yield _row(what, row, words)


def note_search(count: int, *, operator: Operator, kind: str) -> None:
    """That somebody searched, and how much was found; not for whom."""
    Event.objects.create(
        thing="retention.person", thing_id=0, actor=operator, kind=kind, after={"found": count}
    )


def _searches(words: str, operator: Operator) -> Iterator[tuple[str, "QuerySet[Any]"]]:
    """Each kind with its rows; every word has to be there, as the lists search."""
    each = words.casefold().split()
    number = clean_nip(words)
    if is_nip(number):
        each = [number]
    in_search = all_of("search__contains", each)
    yield "faktury", Invoice.objects.visible_to(operator).filter(in_search)
    yield "dokumenty sprzedaży", Sale.objects.visible_to(operator).filter(in_search)
    contractors = Contractor.objects.visible_to(operator).annotate(
        said=Cast("content", TextField())  # addresses, telephones, identifiers such as PESEL
    )
    in_contractor = in_search | all_of("said__icontains", each) | Q(email__iexact=words.strip())
    yield "kontrahenci", contractors.filter(in_contractor)
    outside = OutsidePurchase.objects.visible_to(operator)
    in_seller = all_of("seller_name__icontains", each) | Q(seller_nip=number)
    yield "zakupy spoza KSeF", outside.filter(in_seller)
    letters = Letter.objects.visible_to(operator).exclude(client=None)
    in_letter = Q(recipients__contains=[words.strip()]) | all_of("text__icontains", each)
    yield "listy", letters.filter(in_letter)


def all_of(lookup: str, words: list[str]) -> Q:
    """Every one of the words."""
    return reduce(and_, (Q(**{lookup: word}) for word in words))


def _row(what: str, row: object, words: str) -> Row:
    if isinstance(row, Invoice):
        is_seller = _is_of(words, row.seller_name, row.seller_nip)
        name, number = (
            (row.seller_name, row.seller_nip) if is_seller else (row.buyer_name, row.buyer_nip)
        )
        about = f"{row.number} z {row.issue_date}, numer KSeF {row.ksef_number}"
        return Row(row.client.name, what, name, number, about)
    if isinstance(row, Sale):
        about = f"{row.number or 'szkic'} z {row.issue_date or '–'}"
        return Row(row.client.name, what, row.buyer_name, row.buyer_nip, about)
    if isinstance(row, Contractor):
        return Row(row.client.name, what, row.name, str(row.content.get("nip", "")), row.email)
    if isinstance(row, OutsidePurchase):
        about = f"{row.number} z {row.issue_date}"
        return Row(row.client.name, what, row.seller_name, row.seller_nip, about)
    if isinstance(row, Letter):
        assert row.client is not None  # noqa: S101 - left out of the search
        sent = f"{row.sent_at:%Y-%m-%d}" if row.sent_at else "niewysłany"
        return Row(row.client.name, what, ", ".join(row.recipients), "", f"{row.subject} ({sent})")
    raise TypeError(row)


def _is_of(words: str, name: str, nip: str) -> bool:
    return words.casefold().strip() in name.casefold() or clean_nip(words) == nip
