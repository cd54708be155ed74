"""Every stored invoice gets a proposed dekret in the transaction that stores it."""

import json
import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from obieg.inbox.models import Direction
from obieg.inbox.signals import Arrival
from obieg.office.models import Client
from obieg.posting import attention
from obieg.posting.engine import suggester_for
from obieg.posting.models import Dekret
from obieg.posting.proposing import case_of, lines_proposed, state_of
from obieg.posting.rates import rate_of, stated_tax
from obieg.posting.suggestion import Case, Proposal, Suggester

log = logging.getLogger(__name__)

# What a mistake of our own may raise; it must not stop the other documents.
DEFECTS = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
FAILED = Proposal((), (attention.FAILED,))
COLUMNS = (
    *("client_id", "invoice_id", "direction", "state", "queued_at", "confidence", "reason"),
    *("proposal", "warnings", "exchange_rate", "tax_pln", "note"),
)
_FIRST = """
    SELECT nip FROM unnest(%s::text[]) AS nip WHERE NOT EXISTS (
        SELECT FROM inbox_invoice WHERE client_id = %s AND seller_nip = nip AND id <> ALL(%s))
"""


def queue_arrivals(
    client: Client, arrivals: Sequence[Arrival], received_at: datetime, **_: Any
) -> None:
    """Propose and queue `arrivals`: purchases and sales, each once."""
    posted = Dekret.objects.of_client(client).filter(
        invoice__in=[arrival.invoice_id for arrival in arrivals]
    )
    known = set(posted.values_list("invoice_id", flat=True))
    for direction in (Direction.PURCHASE, Direction.SALE):
        own = [a for a in arrivals if a.direction == direction and a.invoice_id not in known]
        if own:
            _copy(_Chunk(client, direction, received_at, own).rows())


class _Chunk:
    """Arrivals of one client and one direction."""

    def __init__(
        self, client: Client, direction: str, received_at: datetime, arrivals: Sequence[Arrival]
    ) -> None:
        self.client = client
        self.direction = direction
        self.received_at = received_at
        self.cases = [(arrival, self._case(arrival)) for arrival in arrivals]
        self.newcomers = self._newcomers()

    def rows(self) -> Iterable[tuple[Any, ...]]:
        """A row of COLUMNS for each arrival."""
        suggester = suggester_for(self.client, self.direction)
        for arrival, case in self.cases:
            yield self._row(arrival, case, suggester)

    def _case(self, arrival: Arrival) -> Case | None:
        try:
            return case_of(self.client.pk, self.direction, arrival.invoice)
        except DEFECTS:
            log.exception("no case could be made of invoice %s", arrival.invoice_id)
            return None

    def _row(self, arrival: Arrival, case: Case | None, suggester: Suggester) -> tuple[Any, ...]:
        proposal = self._proposal(case, suggester) if case else FAILED
        return (
            self.client.pk,
            arrival.invoice_id,
            self.direction,
            str(state_of(proposal)),
            self.received_at,
            proposal.confidence,
            attention.text_of(attention.FAILED) if proposal is FAILED else proposal.reason,
            json.dumps(proposal.to_json(), ensure_ascii=False),
            list(proposal.warnings),
            rate_of(arrival.invoice),
            stated_tax(arrival.invoice),
            "",
        )

    def _proposal(self, case: Case, suggester: Suggester) -> Proposal:
        try:
            return Proposal(lines_proposed(case, suggester), self._warnings(case))
        except DEFECTS:
            log.exception("no dekret could be proposed for invoice %s", case.invoice.number)
            return FAILED

    def _warnings(self, case: Case) -> tuple[str, ...]:
        is_first = case.partner in self.newcomers
        self.newcomers.discard(case.partner)
        has_rate = rate_of(case.invoice) is not None
        return attention.warnings_of(case, self.client, is_first=is_first, has_rate=has_rate)

    def _newcomers(self) -> set[str]:
        """The sellers of whom the client has no invoice but these."""
        if self.direction != Direction.PURCHASE:
            return set()
        partners = list({case.partner for _, case in self.cases if case})
        ids = [arrival.invoice_id for arrival, _ in self.cases]
        with connection.cursor() as cursor:
            cursor.execute(_FIRST, [partners, self.client.pk, ids])
            return {nip for (nip,) in cursor.fetchall()}


def _copy(rows: Iterable[tuple[Any, ...]]) -> None:
    statement = f"COPY posting_dekret ({', '.join(COLUMNS)}) FROM STDIN"
    with connection.cursor() as cursor:
        ready = list(rows)  # the engine asks the database, which COPY would keep busy
        with cursor.copy(statement) as copy:
            for row in ready:
                copy.write_row(row)
