"""A branch as a seller: its head is Podmiot1, the branch the issuing third party (Podmiot3)."""

from django.db.models import Q

from obieg.fa.codec import read_token
from obieg.fa.model import Address, Contact, Invoice, ThirdParty
from obieg.inbox.directions import side_of
from obieg.inbox.models import Direction
from obieg.office.models import Client, UnitKind
from obieg.office.scope import ScopedQuerySet
from obieg.sales.models import SellerProfile

# Rola of Podmiot3, FA(3): who issues in the taxpayer's name
ROLES = {UnitKind.INTERNAL: "5", UnitKind.JST: "7", UnitKind.VAT_GROUP: "9"}


def is_unit(client: Client) -> bool:
    """Whether another firm, its head, is the seller on the client's invoices."""
    return client.taxpayer != client


def issuing_unit(client: Client) -> ThirdParty | None:
    """The unit as KSeF wants it named, with the address of its own profile; None for a firm."""
    if not is_unit(client):
        return None
    profile = SellerProfile.objects.of_client(client).first() or SellerProfile(client=client)
    lines = read_token(profile.address1), read_token(profile.address2)
    contact = Contact(email=read_token(profile.email), phone=read_token(profile.phone))
    return ThirdParty(
        nip=None if client.internal_id else client.nip,
        internal_id=client.internal_id,
        name=read_token(profile.name or client.unit_name),
        address=Address(country="PL", line1=lines[0], line2=lines[1]) if any(lines) else None,
        contacts=(contact,) if contact != Contact() else (),
        role=ROLES[UnitKind(client.unit_kind)],
    )


def is_named_as_issuer(client: Client, invoice: Invoice) -> bool:
    """Whether the head sells by `invoice` and it names the unit, without which KSeF refuses it."""
    return side_of(client, invoice) == Direction.SALE


def same_seller(client: Client) -> ScopedQuerySet[Client]:
    """Everybody whose invoices KSeF counts as the same seller's: the taxpayer and its units."""
    taxpayer = client.taxpayer
    units = Q(branch_of=taxpayer) & ~Q(unit_kind=UnitKind.OWN)
    return Client.objects.across_clients().filter(Q(pk=taxpayer.pk) | units)
