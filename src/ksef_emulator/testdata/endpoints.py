"""Operations of /testdata that need no authentication."""

from datetime import date

from pydantic import AwareDatetime, Field

from ksef_emulator.auth.authentication import BlockedContext, blocked_contexts
from ksef_emulator.auth.endpoints import ContextIdentifier
from ksef_emulator.errors import BadRequest, invalid
from ksef_emulator.identifiers import Identifier, IdentifierType, Nip, Pesel, nip
from ksef_emulator.limits.rates import Group
from ksef_emulator.operation import Access, Call, operation
from ksef_emulator.permissions.records import (
    Entity,
    Grant,
    GrantKind,
    Person,
    entities,
    grants,
    persons,
    put_grant,
)
from ksef_emulator.testdata.attachments import AttachmentConsent, attachment_consents
from ksef_emulator.wire import Choice, Description, Model


class SubjectType(Choice):
    """Kinds of firm that test data make."""

    ENFORCEMENT_AUTHORITY = "EnforcementAuthority"
    VAT_GROUP = "VatGroup"
    JST = "JST"


class Subunit(Model):
    """A firm under another one."""

    subject_nip: Nip
    description: Description


class SubjectCreate(Model):
    """POST /testdata/subject."""

    subject_nip: Nip
    subject_type: SubjectType
    subunits: list[Subunit] | None = None
    description: Description
    created_date: AwareDatetime | None = None


class SubjectRemove(Model):
    """POST /testdata/subject/remove."""

    subject_nip: Nip


class PersonCreate(Model):
    """POST /testdata/person."""

    nip: Nip
    pesel: Pesel
    is_bailiff: bool
    description: Description
    is_deceased: bool = False
    created_date: AwareDatetime | None = None


class OnlyNip(Model):
    """A body that names a firm or person by NIP."""

    nip: Nip


class ContextType(Choice):
    """Only a NIP context takes test permissions."""

    NIP = "Nip"


class TestContext(Model):
    """The context in which permissions hold."""

    __test__ = False  # not a test, whatever pytest thinks of the name

    type: ContextType
    value: Nip


class AuthorizedType(Choice):
    """Kinds of authorized subject."""

    NIP = "Nip"
    PESEL = "Pesel"
    FINGERPRINT = "Fingerprint"


class Authorized(Model):
    """Who is authorized."""

    type: AuthorizedType
    value: str = Field(min_length=10, max_length=64)

    def identifier(self) -> Identifier:
        """The identifier; raises 21405 where the value does not fit the type."""
        identifier = Identifier(type=IdentifierType(self.type), value=self.value)
        if not identifier.is_well_formed:
            raise invalid("'authorizedIdentifier.value': Nieprawidłowy format.")
        return identifier


class PermissionType(Choice):
    """What test data may grant."""

    INVOICE_READ = "InvoiceRead"
    INVOICE_WRITE = "InvoiceWrite"
    INTROSPECTION = "Introspection"
    CREDENTIALS_READ = "CredentialsRead"
    CREDENTIALS_MANAGE = "CredentialsManage"
    ENFORCEMENT_OPERATIONS = "EnforcementOperations"
    SUBUNIT_MANAGE = "SubunitManage"
    COLLECTIVE_IDENTIFIER_MANAGE = "CollectiveIdentifierManage"


class TestPermission(Model):
    """One permission."""

    __test__ = False  # not a test, whatever pytest thinks of the name

    description: Description
    permission_type: PermissionType


class PermissionsGrant(Model):
    """POST /testdata/permissions."""

    context_identifier: TestContext
    authorized_identifier: Authorized
    permissions: list[TestPermission]


class PermissionsRevoke(Model):
    """POST /testdata/permissions/revoke."""

    context_identifier: TestContext
    authorized_identifier: Authorized


class AttachmentRevoke(Model):
    """POST /testdata/attachment/revoke."""

    nip: Nip
    expected_end_date: date | None = None


class BlockContext(Model):
    """POST /testdata/context/block and unblock."""

    context_identifier: ContextIdentifier | None = None


@operation("POST", "/testdata/subject", group=Group.ANONYMOUS, access=Access.NONE)
def create_subject(call: Call) -> None:
    """A firm with its subunits."""
    body = call.body(SubjectCreate)
    shelf = entities(call.world)
    if shelf.get(body.subject_nip):
        raise _exists()
    created = body.created_date or call.world.clock.now()
    shelf.put(
        body.subject_nip,
        Entity(
            nip=body.subject_nip,
            kind=body.subject_type,
            description=body.description,
            created=created,
        ),
    )
    for subunit in body.subunits or ():
        child = Entity(
            nip=subunit.subject_nip,
            kind="Subunit",
            description=subunit.description,
            created=created,
            parent=body.subject_nip,
            parent_kind=body.subject_type,
        )
        shelf.put(subunit.subject_nip, child, owner=body.subject_nip)


@operation("POST", "/testdata/subject/remove", group=Group.ANONYMOUS, access=Access.NONE)
def remove_subject(call: Call) -> None:
    """A firm and its subunits go."""
    body = call.body(SubjectRemove)
    shelf = entities(call.world)
    for child in shelf.find(owner=body.subject_nip):
        shelf.delete(child.nip)
    shelf.delete(body.subject_nip)


@operation("POST", "/testdata/person", group=Group.ANONYMOUS, access=Access.NONE)
def create_person(call: Call) -> None:
    """A person who owns his NIP."""
    body = call.body(PersonCreate)
    if persons(call.world).get(body.nip):
        raise _exists()
    person = Person(
        nip=body.nip,
        pesel=body.pesel,
        is_bailiff=body.is_bailiff,
        is_deceased=body.is_deceased,
        description=body.description,
        created=body.created_date or call.world.clock.now(),
    )
    persons(call.world).put(body.nip, person, tag=body.pesel)


@operation("POST", "/testdata/person/remove", group=Group.ANONYMOUS, access=Access.NONE)
def remove_person(call: Call) -> None:
    """A person and all his permissions go."""
    number = call.body(OnlyNip).nip
    person = persons(call.world).get(number)
    if person is None:
        return
    persons(call.world).delete(number)
    pesel = Identifier(type=IdentifierType.PESEL, value=person.pesel)
    for identifier in (pesel, nip(number)):
        for grant in grants(call.world).find(tag=str(identifier)):
            grants(call.world).delete(grant.id)


@operation("POST", "/testdata/permissions", group=Group.ANONYMOUS, access=Access.NONE)
def grant_permissions(call: Call) -> None:
    """Permissions as a ZAW-FA form would give them."""
    body = call.body(PermissionsGrant)
    for permission in body.permissions:
        put_grant(
            call.world,
            Grant(
                id=call.world.numbering.uuid(),
                kind=GrantKind.PERSON,
                context=nip(body.context_identifier.value),
                authorized=body.authorized_identifier.identifier(),
                permission=permission.permission_type,
                description=permission.description,
                started=call.world.clock.now(),
            ),
        )


@operation("POST", "/testdata/permissions/revoke", group=Group.ANONYMOUS, access=Access.NONE)
def revoke_permissions(call: Call) -> None:
    """Permissions that test data granted go."""
    body = call.body(PermissionsRevoke)
    shelf = grants(call.world)
    for grant in shelf.find(
        owner=str(nip(body.context_identifier.value)),
        tag=str(body.authorized_identifier.identifier()),
    ):
        if grant.author is None:
            shelf.delete(grant.id)


@operation("POST", "/testdata/attachment", group=Group.ANONYMOUS, access=Access.NONE)
def allow_attachments(call: Call) -> None:
    """The firm may send invoices with attachments."""
    number = call.body(OnlyNip).nip
    attachment_consents(call.world).put(number, AttachmentConsent(nip=number))


@operation("POST", "/testdata/attachment/revoke", group=Group.ANONYMOUS, access=Access.NONE)
def disallow_attachments(call: Call) -> None:
    """From a day on, today where none is given, the firm may send none."""
    body = call.body(AttachmentRevoke)
    end = body.expected_end_date or call.world.clock.now().date()
    consent = AttachmentConsent(nip=body.nip, ends=end)
    attachment_consents(call.world).put(body.nip, consent)


@operation("POST", "/testdata/context/block", access=Access.NONE)
def block_context(call: Call) -> None:
    """Nobody may authenticate in the context any more."""
    context = call.body(BlockContext).context_identifier
    if context is not None:
        identifier = context.identifier()
        blocked_contexts(call.world).put(str(identifier), BlockedContext(context=identifier))


@operation("POST", "/testdata/context/unblock", access=Access.NONE)
def unblock_context(call: Call) -> None:
    """Authentication in the context is possible again."""
    context = call.body(BlockContext).context_identifier
    if context is not None:
        blocked_contexts(call.world).delete(str(context.identifier()))


def _exists() -> BadRequest:
    return BadRequest(30001, "Podmiot lub uprawnienie już istnieje.")
