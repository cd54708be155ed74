"""Asking for documents to be sent, and which of those that were asked for may go now."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Q

from obieg.core.errors import UserFixable
from obieg.office.models import Client, Event, Operator
from obieg.office.scope import ScopedQuerySet
from obieg.sales.models import Sale, SellerProfile
from obieg.sales.sending import engine
from obieg.sales.sending.errors import NeverSent, NotSendable
from obieg.sales.sending.moves import in_chunks, locked, write
from obieg.sales.states import IN_KSEF, UNSENT, OfflineMode, SaleState

ONLINE, BATCH = SellerProfile.Transmission.ONLINE, SellerProfile.Transmission.BATCH
_ORIGINAL_HAS_NUMBER = (
    Q(corrects=None) | ~Q(corrects__ksef_number="") | Q(corrects__state=SaleState.OUTSIDE)
)
_PREDECESSOR_ACCEPTED = Q(follows=None) | Q(follows__state__in=IN_KSEF)


@dataclass(frozen=True, slots=True)
class Queued:
    """What became of a request to send."""

    online: int
    batch: int
    waiting: int  # of both: those that go only after another document was accepted
    refused: tuple[tuple[Sale, UserFixable], ...]  # not sendable, each with its reason


def send(sales: Sequence[Sale], *, actor: Operator | None) -> Queued:
    """Queue `sales` for sending, each client's in the way that the client's setting chooses.

    Those that cannot be sent stand in `refused`; the others go. Asking again changes nothing.
    """
    with transaction.atomic():
        return _queue(sales, actor, one_is_online=False)


def enqueue_sending(sales: Sequence[Sale]) -> None:
    """Queue what is issued and unsent among `sales`, in the transaction that asks for it.

    A single document goes online; many go in the way that the client's setting chooses.
    """
    with transaction.atomic():
        _queue(sales, None, one_is_online=True)


def due(client: Client, way: str) -> ScopedQuerySet[Sale]:
    """What is to be sent now in this `way`: a correction only once its original has its number."""
    return queued(client).filter(_ORIGINAL_HAS_NUMBER, _PREDECESSOR_ACCEPTED, queued_way=way)


def queued(client: Client) -> ScopedQuerySet[Sale]:
    """What was asked for and is not under way, the oldest first.

    A document that was taken back and issued anew has other bytes, for which nobody asked.
    """
    asked = Sale.objects.of_client(client).filter(state__in=UNSENT, queued_version=F("version"))
    return asked.exclude(offline_mode=OfflineMode.TOTAL_FAILURE).order_by("pk")


def park(client: Client, error: UserFixable) -> None:
    """Take everything out of the client's queue, with the reason on each document."""
    queued(client).update(queued_version=None, ksef_code=None, ksef_text=str(error))


def note(client: Client, error: Exception) -> None:
    """Say on the documents that wait why they still do."""
    queued(client).update(ksef_code=None, ksef_text=str(error))


def _queue(sales: Sequence[Sale], actor: Operator | None, *, one_is_online: bool) -> Queued:
    counts, refused = Counter[str](), []
    clients: set[int] = set()
    usual = _usual_ways({sale.client_id for sale in sales})
    for chunk in in_chunks(sorted({sale.pk for sale in sales})):
        good = []
        for sale in locked(Sale.objects.across_clients().filter(pk__in=chunk)):
            if obstacle := _obstacle(sale):
                refused.append((sale, obstacle))
                continue
            way = ONLINE if one_is_online and len(sales) == 1 else usual[sale.client_id]
            sale.queued_way = _way(sale, way)
            good.append(sale)
        _mark([sale for sale in good if sale.queued_version != sale.version], actor)
        counts.update(sale.queued_way for sale in good)
        counts["waiting"] += _held_back(good)
        clients.update(sale.client_id for sale in good)
    for client_id in sorted(clients):
        engine.hasten(client_id)
    return Queued(counts[ONLINE], counts[BATCH], counts["waiting"], tuple(refused))


def _mark(sales: Sequence[Sale], actor: Operator | None) -> None:
    for sale in sales:
        sale.queued_version, sale.queued_by = sale.version, actor
        sale.attempts, sale.ksef_code, sale.ksef_text = 0, None, ""
    columns = ("queued_version", "queued_way", "queued_by", "attempts", "ksef_code", "ksef_text")
    write(sales, columns)
    Event.objects.bulk_create(
        sale.event({"queued_way": sale.queued_way}, actor=actor, kind="send") for sale in sales
    )


def _held_back(sales: Sequence[Sale]) -> int:
    rows = Sale.objects.across_clients().filter(pk__in=[sale.pk for sale in sales])
    return rows.exclude(_ORIGINAL_HAS_NUMBER & _PREDECESSOR_ACCEPTED).count()


def _obstacle(sale: Sale) -> UserFixable | None:
    if sale.offline_mode == OfflineMode.TOTAL_FAILURE:
        return NeverSent(number=str(sale))
    if sale.state not in UNSENT:
        return NotSendable(number=str(sale), state=sale.label_of(sale.state))
    return None


def _usual_ways(client_ids: set[int]) -> dict[int, str]:
    profiles = SellerProfile.objects.across_clients().filter(client__in=client_ids)
    chosen = dict(profiles.values_list("client_id", "transmission"))
    return {client_id: chosen.get(client_id, ONLINE) for client_id in client_ids}


def _way(sale: Sale, usual: str) -> str:
    """KSeF takes attachments in batches only, and technical corrections online only."""
    if sale.corrects_sha256:
        return ONLINE
    return BATCH if sale.has_attachment else usual
