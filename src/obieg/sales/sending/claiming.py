"""Claims: the committed word that a document is being sent, and what ends it.

A claim is known by its session and its moment. Whoever ends one that is no longer his changes
nothing, so that a worker that was taken for dead cannot undo what another did since.
"""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from obieg.office.models import Operator
from obieg.sales.models import KsefSession, Sale
from obieg.sales.sending.errors import SessionLeft
from obieg.sales.sending.moves import HEAVY, in_chunks, locked, move_all, write
from obieg.sales.sending.queueing import BATCH, due
from obieg.sales.states import UNSENT, SaleState, SessionState

BATCH_LARGEST = 10_000  # invoices in a session, KSeF API 2.9
TRIES = 3  # of KSeF's own failures, before a person has to ask again


def claim(sale_id: int, session: KsefSession) -> Sale | None:
    """The document as SENDING in `session`, committed; None where it is not to be sent any more.

    SessionLeft where the session is not open now: a claim in one that has ended would be nobody's.
    """
    with transaction.atomic(durable=True):
        rows = KsefSession.objects.of_client(session.client_id).filter(state=SessionState.OPEN)
        if not rows.select_for_update(no_key=True).filter(pk=session.pk).exists():
            raise SessionLeft
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
    record_references([(sale, reference)])


def record_references(pairs: Sequence[tuple[Sale, str]]) -> None:
    """The same for many."""
    for chunk in in_chunks(pairs):
        given = {sale.pk: (sale, reference) for sale, reference in chunk}
        with transaction.atomic():
            rows = locked(Sale.objects.across_clients().filter(pk__in=given))
            ours = [row for row in rows if is_same_claim(row, given[row.pk][0])]
            for row in ours:
                row.reference, row.sent_at = given[row.pk][1], timezone.now()
            write(ours, ("reference", "sent_at"))
    for sale, reference in pairs:
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
    actor: Operator | None = None,
) -> None:
    """The same for many claims of one session; `actor` where a person decided it."""
    held = {sale.pk: sale for sale in sales}
    for ids in in_chunks(sorted(sale.pk for sale in sales)):
        with transaction.atomic():
            rows = locked(Sale.objects.across_clients().filter(pk__in=ids))
            ours = [row for row in rows if is_same_claim(row, held[row.pk])]
            for state in UNSENT:
                going = [row for row in ours if _unsent(row) == state]
                move_all(
                    going,
                    state,
                    actor=actor,
                    kind="release",
                    changes=lambda row: _released(row, text, code, again=again, counted=counted),
                )


def sending_in(session: KsefSession) -> list[Sale]:
    """The documents whose claims are held by `session`."""
    rows = Sale.objects.of_client(session.client_id).filter(
        session=session, state=SaleState.SENDING
    )
    return list(rows.defer(*HEAVY).order_by("pk"))


def note_delay(session: KsefSession, error: Exception) -> None:
    """Say on the documents under way in `session` why there is no answer yet."""
    rows = Sale.objects.of_client(session.client_id).filter(
        session=session, state=SaleState.SENDING
    )
    rows.update(ksef_code=None, ksef_text=str(error))


def is_same_claim(row: Sale, claimed: Sale) -> bool:
    """Whether the stored `row` is still under the claim that `claimed` holds."""
    return (row.state, row.session_id, row.claimed_at) == (
        SaleState.SENDING,
        claimed.session_id,
        claimed.claimed_at,
    )


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
