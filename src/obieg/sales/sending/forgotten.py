"""A session that KSeF does not know: a person gives it up, after KSeF was asked once more.

It can have been lost with an emulator that was emptied, or named wrongly by a restored copy. What
KSeF accepted nevertheless is found by its bytes in the metadata; only the rest is given back.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from obieg.calls.gateways import open_gateway
from obieg.inbox.models import Role
from obieg.ksef.errors import SessionUnknown
from obieg.ksef.gateway import Gateway
from obieg.ksef.metadata import InvoiceMetadata
from obieg.office.models import Operator
from obieg.sales.acceptance import Grant, accept
from obieg.sales.models import KsefSession, Sale
from obieg.sales.sending import claiming, sessions
from obieg.sales.sending.errors import SessionKnown, SessionUnderWay
from obieg.sales.sending.locks import alone_in_sending
from obieg.sales.sending.sessions import SESSION_UNKNOWN, UNFINISHED
from obieg.sales.states import SessionState

PURPOSE = "oddanie dokumentów sesji"
WINDOW = timedelta(days=90)  # KSeF takes 100 at most
MARGIN = timedelta(days=1)  # of KSeF's clock and ours
GIVEN_BACK = (
    "KSeF nie zna sesji, w której dokument poszedł, i nie pokazuje go wśród przyjętych. "
    "Wyślij go ponownie."
)


@dataclass(frozen=True, slots=True)
class GivenBack:
    """What became of the documents that were under way."""

    accepted: int  # KSeF has them after all
    released: int  # unsent again


def is_forgotten(session: KsefSession) -> bool:
    """Whether KSeF said that it does not know the session, and nobody decided yet."""
    return session.ksef_code == SESSION_UNKNOWN and session.state in UNFINISHED


def give_back(session: KsefSession, *, actor: Operator | None) -> GivenBack:
    """End the session; its documents are unsent again, but for those that KSeF shows.

    Raises SessionKnown, SessionUnderWay, IllegalTransition, and what the gateway raises.
    """
    with alone_in_sending(session.client_id) as mine:
        if not mine:
            raise SessionUnderWay
        rows = KsefSession.objects.of_client(session.client_id).select_related("client")
        stored = rows.get(pk=session.pk)
        stored.require(SessionState.FAILED)
        with open_gateway(stored.client, purpose=PURPOSE, actor=actor) as ksef:
            _require_unknown(stored, ksef)
            found = _found(claiming.sending_in(stored), ksef)
        accept(stored.client, found)
        return GivenBack(len(found), _release(stored, actor))


def _require_unknown(session: KsefSession, ksef: Gateway) -> None:
    try:
        status = ksef.sessions.status(session.reference)
    except SessionUnknown:
        return
    sessions.note(session, ksef_code=status.code, ksef_text=status.text)
    raise SessionKnown(session=session.reference)


def _release(session: KsefSession, actor: Operator | None) -> int:
    with transaction.atomic():
        left = claiming.sending_in(session)
        claiming.release_all(left, text=GIVEN_BACK, again=False, actor=actor)
        sessions.end(session, SessionState.FAILED, actor=actor, kind="give_back")
    return len(left)


def _found(sales: list[Sale], ksef: Gateway) -> list[tuple[Sale, Grant]]:
    """Those of `sales` whose very bytes KSeF shows, with the numbers it gave."""
    wanted = {sale.sha256: sale for sale in sales}
    moments = [sale.claimed_at for sale in sales if sale.claimed_at]
    found: dict[str, InvoiceMetadata] = {}
    for role in (Role.SELLER, Role.BUYER):  # the buyer's: self-billed
        if len(found) < len(wanted):
            shown = _shown(ksef, role, min(moments) - MARGIN)
            found |= {entry.invoice_hash: entry for entry in shown if entry.invoice_hash in wanted}
    return [(wanted[sha256], _grant(entry)) for sha256, entry in found.items()]


def _shown(ksef: Gateway, role: Role, since: datetime) -> Iterator[InvoiceMetadata]:
    """Every invoice that KSeF took for processing `since` then, window by window."""
    start, page, last = since, 0, timezone.now() + MARGIN
    while start < last:
        end = min(start + WINDOW, last)
        answer = ksef.metadata(
            role=role, date_from=start, date_to=end, page_offset=page, date_type="Invoicing"
        )
        yield from answer.entries
        if answer.has_more:
            page += 1
            continue
        cut = answer.is_truncated and answer.entries[-1].invoicing_date > start
        start, page = answer.entries[-1].invoicing_date if cut else end, 0


def _grant(entry: InvoiceMetadata) -> Grant:
    return Grant(
        entry.ksef_number,
        entry.acquisition_date,
        entry.permanent_storage_date,
        text="Przyjęta; KSeF pokazuje ją, choć sesji już nie zna.",
    )
