"""The client as a seller: its data on invoices, and what becomes of what it issues."""

from obieg.fa.codec import read_token
from obieg.fa.model import Address, Contact, Footer, FooterNote, RegisterEntry, Seller
from obieg.office.models import Client
from obieg.sales.models import Contractor, KindPolicy, SellerProfile, Sending


def profile_of(client: Client) -> SellerProfile:
    """The client's profile; one with the defaults, not stored, where there is none."""
    stored = SellerProfile.objects.of_client(client).first()
    return stored or SellerProfile(client=client)


def seller_of(client: Client) -> Seller:
    """Podmiot1: the client, or the head of a unit.

    Without a profile the address is missing, which the check says.
    """
    taxpayer = client.taxpayer
    profile = profile_of(taxpayer)
    lines = read_token(profile.address1), read_token(profile.address2)
    contact = Contact(email=read_token(profile.email), phone=read_token(profile.phone))
    return Seller(
        nip=taxpayer.nip,
        name=read_token(profile.name or taxpayer.name),
        address=Address(country="PL", line1=lines[0], line2=lines[1]) if any(lines) else None,
        contacts=(contact,) if contact != Contact() else (),
    )


def footer_of(client: Client) -> Footer:
    """The client's own note, and the seller's entries in registers."""
    profile = profile_of(client.taxpayer)
    note = profile_of(client).footer.replace("\r\n", "\n")
    entry = RegisterEntry(krs=profile.krs, regon=profile.regon, bdo=profile.bdo)
    return Footer(
        notes=(FooterNote(text=note),) if note.strip() else (),
        registers=(entry,) if entry != RegisterEntry() else (),
    )


def sending_for(client: Client, kind: str, contractor: Contractor | None) -> Sending:
    """What becomes of an approved document.

    Retail customers and OSS are outside KSeF unless their contractor says otherwise. The kind's
    policy decides for the others, or leaves it to the contractor, who says "send" by default.
    """
    policy = _policy(client, kind)
    usual = Sending(policy.sending) if policy else Sending.KEEP
    said = contractor.sending if contractor else ""
    if said in ("", Sending.CONTRACTOR) and contractor and (contractor.retail or contractor.oss):
        return Sending.OUTSIDE
    if said == Sending.OUTSIDE:
        return Sending.OUTSIDE
    if usual == Sending.CONTRACTOR:
        return Sending(said) if said else Sending.SEND
    return usual


def is_checked_first(client: Client, kind: str) -> bool:
    """Whether a document of this kind is approved only without errors of sense."""
    policy = _policy(client, kind)
    return policy.check_first if policy else True


def _policy(client: Client, kind: str) -> KindPolicy | None:
    return KindPolicy.objects.of_client(client).filter(kind=kind).first()
