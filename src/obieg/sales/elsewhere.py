"""Documents that another program sent: their KSeF number and date, written in by hand."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.dispatch import receiver
from django.utils import timezone

from obieg.core.errors import UserFixable
from obieg.core.ksef_number import is_ksef_number
from obieg.core.polish import WARSAW
from obieg.inbox.models import Direction, Invoice
from obieg.inbox.signals import Arrival, invoices_stored
from obieg.ksef.errors import NotKsefNumber
from obieg.office.models import Client, Operator
from obieg.sales.models import Sale
from obieg.sales.sending import engine
from obieg.sales.sending.moves import write
from obieg.sales.states import SaleState
from obieg.sales.waiting import issue_waiting


class NumberTaken(UserFixable):
    """Another document has this KSeF number already."""

    code = "sales.ksef_number_taken"
    message_pl = "Numer KSeF {number} ma już dokument {other}. Sprawdź, którego dotyczy."


class NumberOfAnother(UserFixable):
    """The number begins with another seller's NIP."""

    code = "sales.ksef_number_of_another"
    message_pl = (
        "Numer KSeF {number} zaczyna się od innego NIP niż NIP sprzedawcy ({nip}). "
        "Sprawdź, czy to numer tej faktury."
    )


class AcceptedInFuture(UserFixable):
    """The moment of acceptance has not come yet."""

    code = "sales.accepted_in_future"
    message_pl = "Data przyjęcia w KSeF ({moment:%d.%m.%Y %H:%M}) jest z przyszłości. Popraw ją."


class NotIssuedHere(UserFixable):
    """Without a number and bytes there is nothing that KSeF could have accepted."""

    code = "sales.not_issued_here"
    message_pl = "Dokument nie jest wystawiony, więc nie może mieć numeru KSeF. Najpierw go wystaw."


def record_elsewhere(
    sale: Sale, *, ksef_number: str, acquired_at: datetime, actor: Operator | None
) -> Sale:
    """Note that KSeF accepted `sale` from another program at `acquired_at` (aware).

    What is issued and not sent becomes accepted. Its bytes are not stored as KSeF's: those come
    with the client's synchronisation. Raises NotKsefNumber, NumberOfAnother, NumberTaken,
    AcceptedInFuture, NotIssuedHere, IllegalTransition.
    """
    number = ksef_number.strip().upper()
    _require(sale, number, ksef_number, acquired_at)
    try:
        with transaction.atomic():
            accepted = _record(sale, number, acquired_at, actor)
    except IntegrityError as error:
        raise _taken(number) from error
    return accepted


@receiver(invoices_stored)
def link_arrivals(client: Client, arrivals: Sequence[Arrival], **_: object) -> None:
    """Sales whose bytes KSeF delivers only now are shown with the documents that are posted."""
    ids = [arrival.invoice_id for arrival in arrivals if arrival.direction == Direction.SALE]
    if not ids:
        return
    stored = Invoice.objects.of_client(client).filter(pk__in=ids)
    delivered = dict(stored.values_list("ksef_number", "pk"))
    rows = Sale.objects.of_client(client).filter(ksef_number__in=delivered, invoice=None)
    missing = list(rows.only("ksef_number"))
    for sale in missing:
        sale.invoice_id = delivered[sale.ksef_number]
    write(missing, ("invoice",))


def _require(sale: Sale, number: str, typed: str, acquired_at: datetime) -> None:
    if not is_ksef_number(number):
        raise NotKsefNumber(number=typed)
    if not (_is_self_billed(sale) or number.startswith(sale.client.taxpayer.nip)):
        raise NumberOfAnother(number=number, nip=sale.client.taxpayer.nip)
    if acquired_at > timezone.now():
        raise AcceptedInFuture(moment=acquired_at.astimezone(WARSAW))
    if not (sale.number and sale.sha256):
        raise NotIssuedHere
    if Sale.objects.across_clients().filter(ksef_number=number).exclude(pk=sale.pk).exists():
        raise _taken(number)


def _record(sale: Sale, number: str, acquired_at: datetime, actor: Operator | None) -> Sale:
    rows = Sale.objects.of_client(sale.client_id).select_for_update(no_key=True)
    stored = rows.get(pk=sale.pk)
    if stored.state == SaleState.READY:
        stored.advance(SaleState.OUTSIDE, actor=actor, kind="outside")
    known = Invoice.objects.of_client(sale.client_id).filter(ksef_number=number).first()
    stored.advance(
        SaleState.ACCEPTED,
        actor=actor,
        kind="elsewhere",
        ksef_number=number,
        acquired_at=acquired_at,
        environment=sale.client.environment,
        elsewhere=True,
        invoice=known,
        queued_version=None,
        ksef_code=None,
        ksef_text="",
    )
    engine.hasten(sale.client_id)  # a correction may have waited for this number
    transaction.on_commit(lambda: issue_waiting(stored.client_id))
    return stored


def _is_self_billed(sale: Sale) -> bool:
    annotations = (sale.content or {}).get("annotations") or {}
    return bool(annotations.get("self_billing"))


def _taken(number: str) -> NumberTaken:
    other = Sale.objects.across_clients().filter(ksef_number=number).first()
    return NumberTaken(number=number, other=str(other))
