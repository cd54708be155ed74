"""Claims: the committed word that a document is being sent, and what ends it.

A claim is known by its session and its moment. Whoever ends one that is no longer his changes
nothing, so that a worker that was taken for dead cannot undo what another did since.
"""

from django.db import transaction
from django.utils import timezone

from obieg.office.scope import ScopedQuerySet
from obieg.sales.models import KsefSession, Sale
from obieg.sales.sending.moves import in_chunks, locked, move_all
from obieg.sales.sending.queueing import BATCH, due
from obieg.sales.states import UNSENT, SaleState

BATCH_LARGEST = 10_000  # invoices in a session, KSeF API 2.9
TRIES = 3  # of KSeF's own failures, before a person has to ask again


def claim(sale_id: int, session: KsefSession) -> Sale | None:
    """The document as SENDING in `session`, committed; None where it is not to be sent any more."""
    with transaction.atomic(durable=True):
        sale = Sale.objects.across_clients().select_for_update(no_key=True).get(pk=sale_id)
        if sale.state not in UNSENT or sale.queued_version != sale.version:
            return None
        return sale.advance(
            SaleState.SENDING, actor=sale.queued_by, kind="claim", **_claimed(session)
        )


def claim_batch(session: KsefSession) -> int:
    """Save the new `session` with what is due for a batch like it; how many documents that is.

    Runs inside the caller's transaction, which has to be rolled back where it is 0.
    """
    waiting = due(session.client, BATCH)
    online = {"offline_mode": ""}
    waiting = waiting.exclude(**online) if session.offline else waiting.filter(**online)
    ids = list(waiting.values_list("pk", flat=True)[:BATCH_LARGEST])
    session.save()
    values = _claimed(session)
    claimed = 0
    for chunk in in_chunks(ids):
        rows = locked(Sale.objects.of_client(session.client).filter(pk__in=chunk))
        free = [r for r in rows if r.state in UNSENT and r.queued_version == r.version]
        move_all(free, SaleState.SENDING, actor=None, kind="claim", changes=lambda _: values)
        claimed += len(free)
    return claimed


def record_reference(sale: Sale, reference: str) -> None:
    """Note under which reference KSeF took the claimed `sale`."""
    _same_claim(sale).update(reference=reference, sent_at=timezone.now())
    sale.reference = reference


def release(
    sale: Sale,
    *,
    text: str = "",
    code: int | None = None,
    again: bool = True,
    counted: bool = False,
) -> None:
    """End a claim of which KSeF surely has nothing: the document is unsent, as it was.

    It stays in the queue as long as it is to be sent `again`; where KSeF itself failed, that is
    `counted` and ends after some tries. `code` and `text` are what stands on the document.
    """
    release_all([sale], text=text, code=code, again=again, counted=counted)


def release_all(
    sales: list[Sale],
    *,
    text: str = "",
    code: int | None = None,
    again: bool = True,
    counted: bool = False,
) -> None:
    """The same for many claims of one session."""
    held = {(sale.pk, sale.session_id, sale.claimed_at) for sale in sales}
    for ids in in_chunks(sorted(sale.pk for sale in sales)):
        with transaction.atomic():
            rows = locked(Sale.objects.across_clients().filter(pk__in=ids))
            ours = [
                row
                for row in rows
                if row.state == SaleState.SENDING
                and (row.pk, row.session_id, row.claimed_at) in held
            ]
            for state in UNSENT:
                going = [row for row in ours if _unsent(row) == state]
                move_all(
                    going,
                    state,
                    actor=None,
                    kind="release",
                    changes=lambda row: _released(row, text, code, again=again, counted=counted),
                )


def sending_in(session: KsefSession) -> list[Sale]:
    """The documents whose claims are held by `session`."""
    rows = Sale.objects.of_client(session.client_id).filter(
        session=session, state=SaleState.SENDING
    )
    return list(rows.defer("content", "typed", "findings", "search").order_by("pk"))


def _claimed(session: KsefSession) -> dict[str, object]:
    return {
        "session": session,
        "environment": session.environment,
        "claimed_at": timezone.now(),
        "sent_at": None,
        "reference": "",
        "ksef_code": None,
        "ksef_text": "",
    }


def _released(
    sale: Sale, text: str, code: int | None, *, again: bool, counted: bool
) -> dict[str, object]:
    attempts = sale.attempts + counted
    goes_again = again and attempts < TRIES
    return {
        "session_id": None,
        "claimed_at": None,
        "sent_at": None,
        "reference": "",
        "attempts": attempts,
        "queued_version": sale.queued_version if goes_again else None,
        "ksef_code": code,
        "ksef_text": text,
    }


def _unsent(sale: Sale) -> SaleState:
    return SaleState.WAITING if sale.offline_mode else SaleState.READY


def _same_claim(sale: Sale) -> ScopedQuerySet[Sale]:
    rows = Sale.objects.across_clients().filter(pk=sale.pk, state=SaleState.SENDING)
    return rows.filter(session_id=sale.session_id, claimed_at=sale.claimed_at)
