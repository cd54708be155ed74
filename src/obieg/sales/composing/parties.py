"""Parties: of the content as FA(3) has them, and back."""

from typing import Any

from obieg.fa.codec import read_token
from obieg.fa.model import Address, Buyer, Contact, Identified, Party, Seller, ThirdParty
from obieg.sales.content import (
    AddressContent,
    BuyerContent,
    PartyContent,
    SaleContent,
    ThirdPartyContent,
)

_KEY = "1"  # IDNabywcy: ties Podmiot2K to the buyer whose data changed


def buyer_of(content: SaleContent) -> Buyer:
    """Podmiot2; where a correction changes its data, with the key of its former ones."""
    buyer = content.buyer
    changed = content.correction and content.correction.buyer_before
    return Buyer(
        **_facts(buyer),
        customer_number=read_token(buyer.customer_number),
        buyer_key=_KEY if changed else "",
        jst=buyer.jst,
        gv=buyer.gv,
    )


def buyer_before(buyer: PartyContent) -> Buyer:
    """Podmiot2K: the data that the corrected invoice has."""
    return Buyer(**_identity(buyer), address=_address(buyer.address), buyer_key=_KEY)


def seller_before(seller: PartyContent) -> Seller:
    """Podmiot1K."""
    return Seller(**_identity(seller), address=_address(seller.address))


def supplier_of(seller: PartyContent) -> Seller:
    """Podmiot1 of a self-billed invoice."""
    return Seller(**_facts(seller))


def third_party_of(party: ThirdPartyContent) -> ThirdParty:
    """Podmiot3: one of the schema's roles, or a role in words."""
    return ThirdParty(
        **_facts(party),
        role=party.role,
        other_role=not party.role and bool(party.role_text),
        role_text="" if party.role else read_token(party.role_text),
        share=party.share,
        customer_number=read_token(party.customer_number),
    )


def with_unit(parties: tuple[ThirdParty, ...], unit: ThirdParty | None) -> tuple[ThirdParty, ...]:
    """The third parties with the issuing unit among them, once."""
    if unit is None or any(party.tax_id == unit.tax_id for party in parties):
        return parties
    return (*parties, unit)


def _facts(party: PartyContent) -> dict[str, Any]:
    contact = Contact(email=read_token(party.email), phone=read_token(party.phone))
    return {
        **_identity(party),
        "eori": read_token(party.eori),
        "address": _address(party.address),
        "postal_address": _address(party.postal_address),
        "contacts": (contact,) if contact != Contact() else (),
    }


def _identity(party: PartyContent) -> dict[str, Any]:
    """One identifier: the first that is given, else the mark that there is none."""
    name = {"name": read_token(party.name)}
    if party.nip:
        return {**name, "nip": party.nip}
    if party.internal_id:
        return {**name, "internal_id": party.internal_id}
    if party.eu_number:
        return {**name, "eu_prefix": party.eu_prefix, "eu_number": party.eu_number}
    if party.id_number:
        number = read_token(party.id_number)
        return {**name, "id_country": party.id_country, "id_number": number}
    return {**name, "no_id": True}


def _address(address: AddressContent | None) -> Address | None:
    if address is None or not (address.line1 or address.line2 or address.gln):
        return None
    return Address(
        country=address.country,
        line1=read_token(address.line1),
        line2=read_token(address.line2),
        gln=address.gln,
    )


def party_content(party: Party) -> PartyContent:
    """A seller of an invoice as the content holds it."""
    return PartyContent(**_party(party))


def buyer_content(buyer: Buyer) -> BuyerContent:
    return BuyerContent(
        **_party(buyer),
        customer_number=buyer.customer_number,
        jst=bool(buyer.jst),
        gv=bool(buyer.gv),
    )


def third_party_content(party: ThirdParty) -> ThirdPartyContent:
    return ThirdPartyContent(
        **_party(party),
        customer_number=party.customer_number,
        role=party.role,
        role_text=party.role_text,
        share=party.share,
    )


def _party(party: Party) -> dict[str, Any]:
    return {
        **_identifiers(party),
        "eori": party.eori,
        "address": _address_content(party.address) or AddressContent(),
        "postal_address": _address_content(party.postal_address),
        "email": party.email,
        "phone": party.phone,
    }


def _identifiers(party: Identified) -> dict[str, Any]:
    return {
        "name": party.name,
        "nip": party.nip or "",
        "eu_prefix": party.eu_prefix,
        "eu_number": party.eu_number,
        "id_country": party.id_country,
        "id_number": party.id_number,
        "internal_id": party.internal_id,
    }


def _address_content(address: Address | None) -> AddressContent | None:
    if address is None:
        return None
    return AddressContent(
        country=address.country, line1=address.line1, line2=address.line2, gln=address.gln
    )
