"""Collective identifiers as they are kept."""

import json
from datetime import datetime
from decimal import Decimal

from ksef_emulator.identifiers import Identifier
from ksef_emulator.storage import Shelf
from ksef_emulator.wire import Model
from ksef_emulator.world import World


class Payment(Model):
    """What is paid for an invoice."""

    amount: Decimal
    currency: str


class Member(Model):
    """An invoice under the identifier."""

    ksef_number: str
    payment: Payment | None = None
    description: str | None = None

    def as_json(self, number: str, *, visible: bool) -> str:
        """JSON text of the answer; the amount must not pass through a binary fraction."""
        has_details = self.payment is not None or self.description is not None
        body = {
            "ksefNumber": self.ksef_number,
            "collectiveIdentifierNumber": number,
            "detailsHidden": has_details and not visible,
        }
        if visible and self.description is not None:
            body["description"] = self.description
        text = json.dumps(body, ensure_ascii=False)
        if not visible or self.payment is None:
            return text
        currency = json.dumps(self.payment.currency)
        return f'{text[:-1]},"payment":{{"amount":{self.payment.amount},"currency":{currency}}}}}'


class CollectiveIdentifier(Model):
    """One identifier with its invoices."""

    number: str
    context: Identifier
    seller: str  # NIP
    created: datetime
    members: tuple[Member, ...]


def collective_identifiers(world: World) -> Shelf[CollectiveIdentifier]:
    """Identifiers by number, owned by the context that made them, tagged by the seller."""
    return Shelf(world.db, "collective", CollectiveIdentifier)
