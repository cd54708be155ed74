"""KSeF's answers on what was sent: asked for, told apart, recorded."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.utils import timezone

from obieg.ksef.errors import KsefRefused
from obieg.ksef.gateway import Gateway
from obieg.ksef.sessions import InvoiceStatus
from obieg.sales.acceptance import Grant, Refusal, accept, reject
from obieg.sales.models import KsefSession, Sale
from obieg.sales.sellers import profile_of
from obieg.sales.sending import claiming, duplicates
from obieg.sales.sending.moves import HEAVY
from obieg.sales.states import IN_KSEF, SaleState

ONE_BY_ONE = 10  # more than this is asked for by the list of the session

Answer = tuple[Sale, InvoiceStatus]


def ask(session: KsefSession, ksef: Gateway) -> None:
    """Ask about everything in `session` that KSeF took and has not answered yet."""
    sales = [sale for sale in claiming.sending_in(session) if sale.reference]
    sales += unstored(session)
    if len(sales) > ONE_BY_ONE:
        match(session, sales, list(listed(session, ksef)), ksef)
        return
    answers = []
    for sale in sales:
        try:
            answers.append((sale, ksef.sessions.invoice_status(session.reference, sale.reference)))
        except KsefRefused:
            continue  # it knows no such invoice: the list of the closed session will decide
    record(session, answers, ksef)


def listed(session: KsefSession, ksef: Gateway) -> Iterator[InvoiceStatus]:
    """Everything that KSeF has in `session`, to the last page, without the long links."""
    continuation = None
    while True:
        page = ksef.sessions.invoices(session.reference, continuation=continuation)
        yield from (replace(entry, upo_url=None) for entry in page.entries)
        continuation = page.continuation
        if not continuation:
            return


def match(
    session: KsefSession, sales: Sequence[Sale], statuses: Sequence[InvoiceStatus], ksef: Gateway
) -> list[Sale]:
    """Record what `statuses` say of `sales`, found by their bytes; those that are not there."""
    by_hash: dict[str, InvoiceStatus] = {}
    for status in statuses:
        held = by_hash.get(status.sha256)
        if held is None or _weight(status) > _weight(held):
            by_hash[status.sha256] = status
    found = [(sale, by_hash[sale.sha256]) for sale in sales if sale.sha256 in by_hash]
    claiming.record_references(
        [(s, a.reference) for s, a in found if not s.reference and s.state == SaleState.SENDING]
    )
    record(session, found, ksef)
    return [sale for sale in sales if sale.sha256 not in by_hash]


def record(session: KsefSession, answers: Sequence[Answer], ksef: Gateway) -> None:
    """Write down every answer that is one; a duplicate is looked into first."""
    accept(session.client, [(s, _grant(a)) for s, a in answers if a.is_accepted])
    refused = [(s, a) for s, a in answers if a.is_rejected and s.state == SaleState.SENDING]
    reject(
        session.client,
        [
            (s, Refusal(a.code, a.text))
            for s, a in refused
            if not (a.was_interrupted or a.is_duplicate)
        ],
    )
    for sale, answer in refused:
        if answer.was_interrupted:
            claiming.release(sale, text=answer.text, code=answer.code, counted=True)
        elif answer.is_duplicate:
            duplicates.judge(sale, answer, ksef)


def unstored(session: KsefSession) -> list[Sale]:
    """What KSeF accepted in `session` without saying yet when it stored it."""
    rows = Sale.objects.of_client(session.client_id).filter(
        session=session, state__in=IN_KSEF, stored_at=None
    )
    return list(rows.exclude(reference="").defer(*HEAVY).order_by("pk"))


def is_late(sale: Sale, now: datetime | None = None) -> bool:
    """Whether KSeF has been silent for longer than the client's setting waits for it."""
    if sale.state != SaleState.SENDING or sale.claimed_at is None:
        return False
    wait = timedelta(seconds=profile_of(sale.client).answer_wait)
    return sale.claimed_at + wait < (now or timezone.now())


def waiting_text(sale: Sale) -> str:
    """What a page says of a document that is under way; empty where it is not."""
    if sale.state != SaleState.SENDING:
        return ""
    if is_late(sale):
        return "KSeF jeszcze nie odpowiedział. Obieg pyta dalej sam; nie wysyłaj jej drugi raz."
    return "Czekamy na odpowiedź KSeF."


def _weight(status: InvoiceStatus) -> int:
    """Of two entries with the same bytes the accepted one counts, then the undecided one."""
    return 2 * status.is_accepted + status.is_pending


def _grant(status: InvoiceStatus) -> Grant:
    number, acquired = status.ksef_number, status.acquired_at
    if number is None or acquired is None:
        raise ValueError(f"KSeF accepted {status.reference} without a number or a date")
    return Grant(
        number,
        acquired,
        status.stored_at,
        status.code,
        status.text,
        mode=status.invoicing_mode or "",
    )
