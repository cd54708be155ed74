"""Whether a context may issue this invoice for its seller."""

from ksef_emulator.identifiers import Identifier, IdentifierType, nip
from ksef_emulator.invoices.document import Document
from ksef_emulator.permissions.records import GrantKind, Permission, entities, grants, persons
from ksef_emulator.sessions.records import Session
from ksef_emulator.world import World

# FA(3): Rola of Podmiot3, RolaPU of PodmiotUpowazniony
JST_ISSUER, VAT_GROUP_ISSUER = 7, 9
ENFORCEMENT_AUTHORITY, BAILIFF, TAX_REPRESENTATIVE = 1, 2, 3
ENFORCING = "EnforcementAuthority"
FOR_ANOTHER = ("SelfInvoicing", "TaxRepresentative", "RRInvoicing")


def may_issue(world: World, session: Session, document: Document) -> bool:
    """Whether the session's context may send this invoice."""
    context = session.context
    if document.form.value == "FA_RR":
        return _may_issue_rr(world, context, document)
    if context.type is IdentifierType.PEPPOL_ID:
        return has_authorization(world, document.seller.value, context, "PefInvoicing")
    if context.type is IdentifierType.NIP_VAT_UE:
        owner, _, vat_ue = context.value.partition("-")
        buyer = document.buyer.value if document.buyer.type == "VatUe" else None
        return document.self_invoicing and (owner, vat_ue) == (document.seller.value, buyer)
    if context.type is IdentifierType.INTERNAL_ID:
        thirds = {third.value for third in document.thirds}
        return document.seller.value == context.nip and context.value in thirds
    return _firm_may_issue(world, session, document)


def _firm_may_issue(world: World, session: Session, document: Document) -> bool:
    """A NIP context: its own sale, or one that the seller let it issue."""
    seller, context = document.seller.value, session.context
    if document.self_invoicing:
        is_buyer = document.buyer.value == context.value
        return is_buyer and has_authorization(world, seller, context, "SelfInvoicing")
    if seller == context.value:
        return True
    authorized = document.authorized
    if authorized is not None and authorized.value == context.value:
        if authorized.role == TAX_REPRESENTATIVE:
            return has_authorization(world, seller, context, "TaxRepresentative")
        return Permission.ENFORCEMENT_OPERATIONS in session.permissions
    return _is_issuing_subunit(world, context, document)


def _is_issuing_subunit(world: World, context: Identifier, document: Document) -> bool:
    """A unit of local government or a member of a VAT group issues in the parent's name."""
    entity = entities(world).get(context.value)
    roles = {third.role for third in document.thirds if third.value == context.value}
    if entity is None or entity.parent != document.seller.value:
        return False
    return (entity.parent_kind == "JST" and JST_ISSUER in roles) or (
        entity.parent_kind == "VatGroup" and VAT_GROUP_ISSUER in roles
    )


def _may_issue_rr(world: World, context: Identifier, document: Document) -> bool:
    """VAT RR is issued by the buyer of a farmer's goods, whom the farmer authorized."""
    farmer, buyer = document.seller.value, document.buyer.value
    return buyer == context.value and has_authorization(world, farmer, context, "RRInvoicing")


def may_issue_for(world: World, context: Identifier, seller: str) -> bool:
    """Whether the context may issue some invoice of this seller, judged without the invoice."""
    if context.type is IdentifierType.PEPPOL_ID:
        return has_authorization(world, seller, context, "PefInvoicing")
    if context.nip == seller:
        return True
    entity = entities(world).get(context.value)
    person = persons(world).get(context.value)
    return (
        (entity is not None and (entity.parent == seller or entity.kind == ENFORCING))
        or (person is not None and person.is_bailiff)
        or any(has_authorization(world, seller, context, kind) for kind in FOR_ANOTHER)
    )


def has_authorization(
    world: World, granting: str | None, authorized: Identifier, permission: str
) -> bool:
    """Whether the firm `granting` gave `authorized` this authorization."""
    if granting is None:
        return False
    found = grants(world).find(owner=str(nip(granting)), tag=str(authorized))
    return any(
        grant.kind is GrantKind.AUTHORIZATION and grant.permission == permission for grant in found
    )
