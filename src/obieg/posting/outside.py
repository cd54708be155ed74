"""Purchases from outside KSeF, matched with KSeF's documents both ways."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db import transaction

from obieg.inbox.models import Direction, Invoice
from obieg.inbox.signals import Arrival
from obieg.office.models import Client, Event, Operator
from obieg.posting import attention
from obieg.posting.doubles import NEAR, digits_of, number_key
from obieg.posting.models import Dekret, OutsidePurchase

THING = "posting.outside"


class _Paper(NamedTuple):
    """What an entry and a document of KSeF are compared by."""

    number: str
    seller_nip: str
    seller_name: str
    issued: date
    gross: Decimal

    def is_like(self, other: "_Paper") -> bool:
        """One number and seller, and one day, or one amount within NEAR days.

        Where one of them names no NIP, the seller's name counts, and the amount must be the same.
        """
        if number_key(self.number) != number_key(other.number):
            return False
        days = abs((self.issued - other.issued).days)
        is_amount = days <= NEAR and self.gross == other.gross
        if self.seller_nip and other.seller_nip:
            return self.seller_nip == other.seller_nip and (not days or is_amount)
        return is_amount and attention.bare(self.seller_name) == attention.bare(other.seller_name)


@transaction.atomic
def enter(purchases: Sequence[OutsidePurchase], client: Client, *, operator: Operator) -> int:
    """Store typed purchases of one client; how many KSeF has already. These are warned of.

    Raises Client.DoesNotExist for a foreign client.
    """
    client = Client.objects.visible_to(operator).get(pk=client.pk)
    for purchase in purchases:
        purchase.client, purchase.entered_by = client, operator
        purchase.seller_nip = "".join(purchase.seller_nip.split()).replace("-", "")
        purchase.digits = digits_of(purchase.number)
    known = _documents(client, purchases)
    for purchase in purchases:
        purchase.invoice = next((one for one in known if _of(purchase).is_like(_of(one))), None)
    stored = OutsidePurchase.objects.bulk_create(purchases)
    _note(client, operator, stored)
    matched = [one.invoice_id for one in stored if one.invoice_id]
    _warn(client, matched)
    return len(matched)


def match_arrivals(client: Client, arrivals: Sequence[Arrival]) -> set[int]:
    """Link purchases of KSeF with entries that wait for them; the invoices' ids."""
    bought = [one for one in arrivals if one.direction == Direction.PURCHASE]
    wanted = {digits_of(one.invoice.number) for one in bought}
    waiting = list(
        OutsidePurchase.objects.of_client(client).filter(digits__in=wanted, invoice=None)
    )
    if not waiting:
        return set()
    papers = [(one.invoice_id, _arrived(one)) for one in bought]
    matched = []
    for entry in waiting:
        found = (key for key, paper in papers if _of(entry).is_like(paper))
        entry.invoice_id = next(found, None)
        if entry.invoice_id:
            entry.answer = OutsidePurchase.Answer.OPEN
            matched.append(entry)
    OutsidePurchase.objects.across_clients().bulk_update(matched, ["invoice", "answer"])
    return {entry.invoice_id for entry in matched if entry.invoice_id}


def entries_of(client_id: int, invoice_id: int) -> list[OutsidePurchase]:
    """The entries that are probably the document `invoice_id`."""
    rows = OutsidePurchase.objects.of_client(client_id).filter(invoice=invoice_id)
    return list(rows.select_related("entered_by").order_by("pk"))


def deny(client_id: int, invoice_id: int) -> None:
    """Somebody looked: the document is another one than what was entered."""
    rows = OutsidePurchase.objects.of_client(client_id).filter(invoice=invoice_id)
    rows.update(answer=OutsidePurchase.Answer.DIFFERENT)


@transaction.atomic
def remove(purchase: OutsidePurchase, *, operator: Operator) -> None:
    """Delete a mistyped entry; the trail keeps it, its document is warned of no more."""
    held = OutsidePurchase.objects.visible_to(operator).select_for_update(of=("self",))
    entry = held.get(pk=purchase.pk)
    _note(entry.client, operator, [entry], kind="delete")
    key, client_id = entry.invoice_id, entry.client_id
    entry.delete()
    if key and not entries_of(client_id, key):
        for dekret in Dekret.objects.of_client(client_id).filter(invoice=key):
            dekret.warnings = [code for code in dekret.warnings if code != attention.OUTSIDE]
            dekret.save(update_fields=["warnings"])


def _documents(client: Client, purchases: Sequence[OutsidePurchase]) -> list[Invoice]:
    """The client's purchases of KSeF near those, whose numbers have the same digits."""
    days = [purchase.issue_date for purchase in purchases]
    if not days:
        return []
    span = (min(days) - timedelta(NEAR), max(days) + timedelta(NEAR))
    rows = Invoice.objects.of_client(client).filter(
        direction=Direction.PURCHASE, issue_date__range=span
    )
    wanted = {purchase.digits for purchase in purchases}
    return [row for row in rows.order_by("pk") if digits_of(row.number) in wanted]


def _of(paper: OutsidePurchase | Invoice) -> _Paper:
    return _Paper(paper.number, paper.seller_nip, paper.seller_name, paper.issue_date, paper.gross)


def _arrived(arrival: Arrival) -> _Paper:
    invoice = arrival.invoice
    seller = invoice.seller
    return _Paper(invoice.number, seller.tax_id, seller.name, invoice.issue_date, invoice.total)


def _warn(client: Client, invoice_ids: Collection[int]) -> None:
    for dekret in Dekret.objects.of_client(client).filter(invoice__in=invoice_ids):
        if attention.OUTSIDE not in dekret.warnings:
            dekret.warnings = [*dekret.warnings, attention.OUTSIDE]
            dekret.save(update_fields=["warnings"])


def _note(
    client: Client, operator: Operator, entries: Iterable[OutsidePurchase], kind: str = "enter"
) -> None:
    Event.objects.bulk_create(
        Event(
            client=client,
            thing=THING,
            thing_id=entry.pk,
            actor=operator,
            kind=kind,
            after={"number": entry.number, "seller": entry.seller_nip or entry.seller_name},
        )
        for entry in entries
    )
