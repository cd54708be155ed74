"""Documents that the client has already, recognised by their KSeF numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from obieg.inbox.models import Direction, Invoice, Role
from obieg.office.models import Client


@dataclass(frozen=True, slots=True)
class Known:
    """A stored document, and as what it was received so far."""

    invoice_id: int
    direction: str
    roles: tuple[str, ...]


def numbers_known(client: Client, numbers: Sequence[str]) -> dict[str, Known]:
    """Those of `numbers` that are stored for `client`."""
    stored = Invoice.objects.of_client(client).filter(ksef_number__in=numbers)
    found = stored.values_list("ksef_number", "pk", "direction", "roles")
    return {number: Known(key, way, tuple(roles)) for number, key, way, roles in found}


def note_role(known: Known, role: Role, direction: Direction) -> bool:
    """Add `role` to a stored document; True where that makes it a purchase or a sale at last.

    A document first seen as a third party's is only looked at; when it comes in the role of the
    seller or the buyer as well, it has to be posted. `direction` is what it is in this role.
    """
    if str(role) in known.roles:
        return False
    promoted = known.direction == Direction.OTHER != direction
    changes: dict[str, Any] = {"roles": [*known.roles, str(role)]}
    if promoted:
        changes["direction"] = direction
    Invoice.objects.across_clients().filter(pk=known.invoice_id).update(**changes)
    return promoted
