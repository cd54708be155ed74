"""KSeF's answer on a document: its number or its refusal, recorded in one transaction.

With the number the document is stored as the client's sale, exactly as if KSeF had sent it, so
that its posting follows by itself; what KSeF sends later is recognised by the number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from obieg.inbox.intake import take_in
from obieg.inbox.locks import lock_storing
from obieg.inbox.models import Invoice, Role
from obieg.inbox.reading import Marks, Readable, Received, Refused, read
from obieg.inbox.rows import Receipt
from obieg.office.models import Client
from obieg.sales.models import KsefSession, Sale
from obieg.sales.sending.claiming import is_same_claim
from obieg.sales.sending.documents import xmls_of
from obieg.sales.sending.moves import in_chunks, locked, move_all, write
from obieg.sales.signals import sales_accepted, sales_rejected
from obieg.sales.states import IN_KSEF, SaleState


@dataclass(frozen=True, slots=True)
class Grant:
    """What KSeF says about an invoice that it accepted; aware moments in UTC."""

    ksef_number: str
    acquired_at: datetime
    stored_at: datetime | None  # KSeF may tell it only later
    code: int = 200
    text: str = ""
    session: str = ""  # KSeF's reference of the session that took it, where it is another one
    mode: str = ""  # Online or Offline, as KSeF took it: it judges by P_1 as well


@dataclass(frozen=True, slots=True)
class Refusal:
    """What KSeF says about an invoice that it did not accept."""

    code: int
    text: str


def accept(client: Client, granted: Sequence[tuple[Sale, Grant]]) -> None:
    """Record the numbers of claimed documents, store and signal them; once, however often told.

    A document of which KSeF told the moment of storing only later is stored when that comes.
    """
    for chunk in in_chunks(granted):
        grants = {sale.pk: grant for sale, grant in chunk}
        bytes_of = {sale.pk: sale.sha256 for sale, _ in chunk}
        with transaction.atomic():
            lock_storing(client.pk)
            rows = locked(Sale.objects.of_client(client).filter(pk__in=grants))
            same = [row for row in rows if row.sha256 == bytes_of[row.pk]]
            _take(client, [row for row in same if _is_news(row, grants[row.pk])], grants)


def reject(client: Client, refused: Sequence[tuple[Sale, Refusal]]) -> None:
    """Record that KSeF refused claimed documents, and signal it."""
    for chunk in in_chunks(refused):
        with transaction.atomic():
            _refuse(client, {sale.pk: (sale, refusal) for sale, refusal in chunk})


def _refuse(client: Client, refusals: dict[int, tuple[Sale, Refusal]]) -> None:
    rows = locked(Sale.objects.of_client(client).filter(pk__in=refusals))
    ours = [row for row in rows if is_same_claim(row, refusals[row.pk][0])]
    move_all(
        ours,
        SaleState.REJECTED,
        actor=None,
        kind="reject",
        changes=lambda row: _refused(refusals[row.pk][1]),
    )
    if ours:
        sales_rejected.send(sender=Sale, client=client, sales=ours)


def _take(client: Client, rows: list[Sale], grants: dict[int, Grant]) -> None:
    _store(client, rows, grants)
    stored = Invoice.objects.of_client(client).filter(
        ksef_number__in=[grants[row.pk].ksef_number for row in rows]
    )
    invoices = dict(stored.values_list("ksef_number", "pk"))
    fresh = [row for row in rows if row.state == SaleState.SENDING]
    late = [row for row in rows if row.state in IN_KSEF]
    sessions = _own_sessions(client, [grants[row.pk].session for row in fresh])
    move_all(
        fresh,
        SaleState.ACCEPTED,
        actor=None,
        kind="accept",
        changes=lambda row: _accepted(grants[row.pk], invoices, sessions),
    )
    for row in late:
        grant = grants[row.pk]
        row.stored_at, row.invoice_id = grant.stored_at, invoices.get(grant.ksef_number)
    write(late, ("stored_at", "invoice"))
    if fresh:
        sales_accepted.send(sender=Sale, client=client, sales=fresh)


def _store(client: Client, rows: list[Sale], grants: dict[int, Grant]) -> None:
    """Put the bytes where received invoices are."""
    xmls = xmls_of(client.pk, [row for row in rows if grants[row.pk].stored_at])
    told = [row for row in rows if row.pk in xmls]
    items = [read(_received(row, grants[row.pk], xmls[row.pk])) for row in told]
    environment = told[0].environment if told else ""
    for role in (Role.SELLER, Role.BUYER):
        chosen = [item for item in items if _role(client, item) == role]
        receipt = Receipt(client.pk, environment, role, None, timezone.now())
        if chosen:
            take_in(client, receipt, chosen)


def _received(sale: Sale, grant: Grant, xml: bytes) -> Received:
    marks = None
    if grant.stored_at:
        marks = Marks(grant.stored_at, grant.acquired_at, sale.sha256)
    return Received(grant.ksef_number, f"{grant.ksef_number}.xml", xml, marks)


def _role(client: Client, item: Readable | Refused) -> Role:
    """The client's side: the seller's, but for a self-billed invoice that it wrote as the buyer."""
    if isinstance(item, Refused):
        return Role.SELLER
    document = item.document
    own = client.taxpayer.nip
    wrote_as_buyer = document.seller.nip != own and document.buyer.nip == own
    return Role.BUYER if wrote_as_buyer else Role.SELLER


def _is_news(row: Sale, grant: Grant) -> bool:
    if row.state == SaleState.SENDING:
        return True
    return row.state in IN_KSEF and row.stored_at is None and grant.stored_at is not None


def _accepted(grant: Grant, invoices: dict[str, int], sessions: dict[str, int]) -> dict[str, Any]:
    changes: dict[str, Any] = {
        "ksef_number": grant.ksef_number,
        "acquired_at": grant.acquired_at,
        "stored_at": grant.stored_at,
        "ksef_code": grant.code,
        "ksef_text": grant.text,
        "invoicing_mode": grant.mode,
        "invoice_id": invoices.get(grant.ksef_number),
        "queued_version": None,
    }
    if grant.session in sessions:
        changes["session_id"] = sessions[grant.session]
    elif grant.session:
        changes["accepted_in"] = grant.session
    return changes


def _own_sessions(client: Client, references: Sequence[str]) -> dict[str, int]:
    named = [reference for reference in references if reference]
    if not named:
        return {}
    rows = KsefSession.objects.of_client(client).filter(reference__in=named)
    return dict(rows.values_list("reference", "pk"))


def _refused(refusal: Refusal) -> dict[str, Any]:
    return {
        "ksef_code": refusal.code,
        "ksef_text": refusal.text,
        "queued_version": None,
    }
