"""What a document is to one client: its purchase, its sale, or somebody else's that it only sees.

An invoice of a branch names two: the taxpayer, and the branch as a third party (Podmiot3). It is
posted at one of them, wherever the branch's setting says, whichever of the two receives it first.
"""

from obieg.fa.model import Identified, Invoice
from obieg.inbox.models import Direction, Role
from obieg.office.models import Client, UnitKind

# Rola of Podmiot3, FA(3): who issues or receives on behalf of the taxpayer
ISSUING = frozenset({"5", "7", "9"})  # issuer, unit of local government, member of a VAT group
RECEIVING = frozenset({"2", "8", "10"})  # receiver, unit of local government, member of a VAT group


class Directions:
    """The directions of one client's documents; its branches are read once."""

    def __init__(self, client: Client) -> None:
        self._client = client
        rows = Client.objects.across_clients().filter(
            branch_of=client, posts_here=True, active=True
        )
        self._branches = list(rows.exclude(unit_kind=UnitKind.OWN))
        for branch in self._branches:
            branch.branch_of = client

    def of(self, role: Role, document: Invoice) -> Direction:
        """What `document`, received in `role`, is to the client."""
        side = self._as_unit(document)
        if side != Direction.OTHER:
            return side if self._client.posts_here else Direction.OTHER
        if any(side_of(branch, document) == role.direction for branch in self._branches):
            return Direction.OTHER
        return role.direction

    def _as_unit(self, document: Invoice) -> Direction:
        client = self._client
        is_unit = client.taxpayer != client
        return side_of(client, document) if is_unit else Direction.OTHER


def side_of(branch: Client, document: Invoice) -> Direction:
    """On which side of its head `document` names the branch; OTHER where on neither."""
    roles = {party.role for party in document.third_parties if _names(party, branch)}
    if branch.unit_kind != UnitKind.INTERNAL:  # a firm of its own may be a third party to anybody
        roles &= ISSUING | RECEIVING
    head = branch.taxpayer.nip
    sold, bought = document.seller.nip == head, document.buyer.nip == head
    if not roles or not (sold or bought):
        return Direction.OTHER
    if sold and bought:
        return Direction.SALE if roles & ISSUING else Direction.PURCHASE
    return Direction.SALE if sold else Direction.PURCHASE


def _names(party: Identified, branch: Client) -> bool:
    if branch.internal_id:
        return party.internal_id == branch.internal_id
    return party.nip == branch.nip
