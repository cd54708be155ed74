"""Grants and the entities between which they hold."""

from datetime import datetime
from typing import Any

from pydantic import Field

from ksef_emulator.identifiers import Identifier
from ksef_emulator.storage import Shelf
from ksef_emulator.wire import Choice, Model
from ksef_emulator.world import World


class Permission(Choice):
    """Everything that a caller may be allowed to do."""

    INVOICE_READ = "InvoiceRead"
    INVOICE_WRITE = "InvoiceWrite"
    CREDENTIALS_READ = "CredentialsRead"
    CREDENTIALS_MANAGE = "CredentialsManage"
    INTROSPECTION = "Introspection"
    SUBUNIT_MANAGE = "SubunitManage"
    ENFORCEMENT_OPERATIONS = "EnforcementOperations"
    COLLECTIVE_IDENTIFIER_MANAGE = "CollectiveIdentifierManage"
    VAT_UE_MANAGE = "VatUeManage"
    PEF_INVOICE_WRITE = "PefInvoiceWrite"


OWNER = frozenset(
    {
        Permission.INVOICE_READ,
        Permission.INVOICE_WRITE,
        Permission.CREDENTIALS_READ,
        Permission.CREDENTIALS_MANAGE,
        Permission.INTROSPECTION,
        Permission.SUBUNIT_MANAGE,
        Permission.COLLECTIVE_IDENTIFIER_MANAGE,
    }
)
PEPPOL_PROVIDER = frozenset({Permission.PEF_INVOICE_WRITE, Permission.INTROSPECTION})


class GrantKind(Choice):
    """By which of the specification's operations a permission was granted."""

    PERSON = "person"
    ENTITY = "entity"
    AUTHORIZATION = "authorization"
    INDIRECT = "indirect"
    SUBUNIT = "subunit"
    EU_ADMINISTRATION = "eu-administration"
    EU_ENTITY = "eu-entity"


ALL_PARTNERS = "AllPartners"


class Grant(Model):
    """One permission of one subject in one context."""

    id: str
    kind: GrantKind
    context: Identifier  # where it holds; for an indirect grant, the intermediary's context
    authorized: Identifier
    permission: str
    description: str
    started: datetime
    author: Identifier | None = None  # None: granted outside KSeF, by test data
    can_delegate: bool = False
    granted_in: Identifier | None = None  # the context of the grant, where it is another one
    target: str | None = None  # indirect grants: ALL_PARTNERS or an identifier's value
    details: dict[str, Any] = Field(default_factory=dict)


class Entity(Model):
    """A firm that test data created, with its type and its place under another one."""

    nip: str
    kind: str  # "EnforcementAuthority", "VatGroup", "JST", "Subunit"
    description: str
    created: datetime
    parent: str | None = None
    parent_kind: str | None = None


class Person(Model):
    """A natural person that test data created: the owner of a NIP by his PESEL."""

    nip: str
    pesel: str
    is_bailiff: bool
    is_deceased: bool
    description: str
    created: datetime


def granting_context(grant: Grant) -> Identifier:
    """The context in which the grant was made."""
    return grant.granted_in or grant.context


def grants(world: World) -> Shelf[Grant]:
    """Every grant, owned by its context and tagged by the authorized subject."""
    return Shelf(world.db, "grant", Grant)


def put_grant(world: World, grant: Grant) -> None:
    """Store a grant."""
    grants(world).put(grant.id, grant, owner=str(grant.context), tag=str(grant.authorized))


def entities(world: World) -> Shelf[Entity]:
    """Firms of test data by NIP, owned by their parent's NIP."""
    return Shelf(world.db, "entity", Entity)


def persons(world: World) -> Shelf[Person]:
    """Persons of test data by NIP, tagged by PESEL."""
    return Shelf(world.db, "person", Person)
