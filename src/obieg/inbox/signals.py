"""What the inbox tells the rooms above it."""

from dataclasses import dataclass

from django.dispatch import Signal

from obieg.fa.model import Invoice


@dataclass(frozen=True, slots=True)
class Arrival:
    """An invoice just stored, in the transaction that stored it."""

    invoice_id: int
    direction: str  # inbox.models.Direction
    invoice: Invoice


# Sent inside the storing transaction with `client` (office.Client), `arrivals` (list[Arrival]) and
# `received_at`; a receiver writes its rows or raises, and then nothing is stored.
invoices_stored = Signal()
