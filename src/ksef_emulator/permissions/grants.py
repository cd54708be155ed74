"""Operations that grant permissions to persons and Polish firms."""

from typing import Any

from pydantic import Field

from ksef_emulator.identifiers import Identifier, IdentifierType, nip
from ksef_emulator.internal_id import is_own_internal_id
from ksef_emulator.operation import Call, operation
from ksef_emulator.permissions.details import (
    EntityDetails,
    FirmIdentifier,
    PersonSubjectDetails,
    SubjectIdentifier,
    firm_details,
    well_formed,
)
from ksef_emulator.permissions.effective import may_delegate
from ksef_emulator.permissions.operations import record_operation
from ksef_emulator.permissions.records import (
    ALL_PARTNERS,
    Grant,
    GrantKind,
    Permission,
    entities,
    grants,
    persons,
    put_grant,
)
from ksef_emulator.wire import Choice, Description, Model

MANAGERS = (Permission.CREDENTIALS_MANAGE,)


class PersonPermission(Choice):
    """What a person may be granted."""

    CREDENTIALS_MANAGE = "CredentialsManage"
    CREDENTIALS_READ = "CredentialsRead"
    INVOICE_WRITE = "InvoiceWrite"
    INVOICE_READ = "InvoiceRead"
    INTROSPECTION = "Introspection"
    SUBUNIT_MANAGE = "SubunitManage"
    ENFORCEMENT_OPERATIONS = "EnforcementOperations"
    COLLECTIVE_IDENTIFIER_MANAGE = "CollectiveIdentifierManage"


class InvoicePermission(Choice):
    """What a firm may be granted, or pass on."""

    INVOICE_WRITE = "InvoiceWrite"
    INVOICE_READ = "InvoiceRead"
    COLLECTIVE_IDENTIFIER_MANAGE = "CollectiveIdentifierManage"


class PersonGrant(Model):
    """POST /permissions/persons/grants."""

    subject_identifier: SubjectIdentifier
    permissions: list[PersonPermission] = Field(min_length=1)
    description: Description
    subject_details: PersonSubjectDetails


class EntityPermission(Model):
    """One permission; `canDelegate` lets the firm pass it on."""

    type: InvoicePermission
    can_delegate: bool = False


class EntityGrant(Model):
    """POST /permissions/entities/grants."""

    subject_identifier: FirmIdentifier
    permissions: list[EntityPermission] = Field(min_length=1)
    description: Description
    subject_details: EntityDetails


class Authorization(Choice):
    """What a firm may do in its own context in the name of another one."""

    SELF_INVOICING = "SelfInvoicing"
    RR_INVOICING = "RRInvoicing"
    TAX_REPRESENTATIVE = "TaxRepresentative"
    PEF_INVOICING = "PefInvoicing"


class AuthorizedType(Choice):
    """Firms, and Peppol providers."""

    NIP = "Nip"
    PEPPOL_ID = "PeppolId"


class AuthorizedIdentifier(Model):
    """Whom an authorization is for."""

    type: AuthorizedType
    value: str = Field(min_length=9, max_length=10)


class AuthorizationGrant(Model):
    """POST /permissions/authorizations/grants."""

    subject_identifier: AuthorizedIdentifier
    permission: Authorization
    description: Description
    subject_details: EntityDetails


class TargetType(Choice):
    """One client, all clients, or a client's unit."""

    NIP = "Nip"
    ALL_PARTNERS = "AllPartners"
    INTERNAL_ID = "InternalId"


class TargetIdentifier(Model):
    """For which clients a permission is passed on."""

    type: TargetType
    value: str | None = Field(default=None, min_length=10, max_length=16)

    def target(self) -> str:
        """The client's identifier, or ALL_PARTNERS; raises 21405."""
        if self.type is TargetType.ALL_PARTNERS:
            return ALL_PARTNERS
        return well_formed(self.type, self.value or "", "targetIdentifier").value


class IndirectGrant(Model):
    """POST /permissions/indirect/grants."""

    subject_identifier: SubjectIdentifier
    target_identifier: TargetIdentifier | None = None
    permissions: list[InvoicePermission] = Field(min_length=1)
    description: Description
    subject_details: PersonSubjectDetails


class SubunitType(Choice):
    """Subordinate firms and own units."""

    NIP = "Nip"
    INTERNAL_ID = "InternalId"


class SubunitIdentifier(Model):
    """A subordinate firm or own unit."""

    type: SubunitType
    value: str = Field(min_length=10, max_length=16)


class SubunitGrant(Model):
    """POST /permissions/subunits/grants."""

    subject_identifier: SubjectIdentifier
    context_identifier: SubunitIdentifier
    description: Description
    subunit_name: str | None = Field(default=None, min_length=5, max_length=256)
    subject_details: PersonSubjectDetails


@operation("POST", "/permissions/persons/grants", needs=MANAGERS, status=202)
def grant_to_person(call: Call) -> dict[str, Any]:
    """Let a person work in the context."""
    body = call.body(PersonGrant)
    enforcement = PersonPermission.ENFORCEMENT_OPERATIONS in body.permissions
    if enforcement and not _may_enforce(call):
        return record_operation(call, 430)
    for permission in body.permissions:
        add_grant(
            call,
            GrantKind.PERSON,
            call.context,
            body.subject_identifier.identifier(),
            permission,
            body.description,
            details=body.subject_details.as_json(),
        )
    return record_operation(call)


def _may_enforce(call: Call) -> bool:
    """Enforcement authorities and bailiffs only."""
    entity = entities(call.world).get(call.context.value)
    person = persons(call.world).get(call.context.value)
    return bool(
        (entity and entity.kind == "EnforcementAuthority") or (person and person.is_bailiff)
    )


@operation("POST", "/permissions/entities/grants", needs=MANAGERS, status=202)
def grant_to_entity(call: Call) -> dict[str, Any]:
    """Let a firm (an accounting office) work with the context's invoices."""
    body = call.body(EntityGrant)
    for permission in body.permissions:
        add_grant(
            call,
            GrantKind.ENTITY,
            call.context,
            nip(body.subject_identifier.value),
            permission.type,
            body.description,
            can_delegate=permission.can_delegate,
            details=firm_details(body.subject_details.full_name),
        )
    return record_operation(call)


@operation("POST", "/permissions/authorizations/grants", needs=MANAGERS, status=202)
def authorize_entity(call: Call) -> dict[str, Any]:
    """Let a firm or Peppol provider issue invoices in the context's name."""
    body = call.body(AuthorizationGrant)
    subject = body.subject_identifier
    authorized = well_formed(subject.type, subject.value, "subjectIdentifier")
    is_provider = authorized.type is IdentifierType.PEPPOL_ID
    if is_provider is not (body.permission is Authorization.PEF_INVOICING):
        return record_operation(call, 450)
    if call.context.type is not IdentifierType.NIP or authorized == call.context:
        return record_operation(call, 410)
    add_grant(
        call,
        GrantKind.AUTHORIZATION,
        call.context,
        authorized,
        body.permission,
        body.description,
        details=firm_details(body.subject_details.full_name),
    )
    return record_operation(call)


@operation("POST", "/permissions/indirect/grants", needs=MANAGERS, status=202)
def grant_indirectly(call: Call) -> dict[str, Any]:
    """Let a person work for the clients who trusted the context."""
    body = call.body(IndirectGrant)
    target = body.target_identifier.target() if body.target_identifier else ALL_PARTNERS
    if target != ALL_PARTNERS and not _trusted_by(call, target):
        return record_operation(call, 430)
    for permission in body.permissions:
        add_grant(
            call,
            GrantKind.INDIRECT,
            call.context,
            body.subject_identifier.identifier(),
            permission,
            body.description,
            target=target,
            details=body.subject_details.as_json(),
        )
    return record_operation(call)


def _trusted_by(call: Call, target: str) -> bool:
    """Whether the client let the context pass any permission on."""
    kind = IdentifierType.INTERNAL_ID if "-" in target else IdentifierType.NIP
    client = Identifier(type=kind, value=target)
    return any(
        may_delegate(call.world, call.context, client, permission)
        for permission in InvoicePermission
    )


@operation("POST", "/permissions/subunits/grants", needs=(Permission.SUBUNIT_MANAGE,), status=202)
def grant_in_subunit(call: Call) -> dict[str, Any]:
    """Make somebody the administrator of a subordinate firm or of an own unit."""
    body = call.body(SubunitGrant)
    wanted = body.context_identifier
    subunit = well_formed(wanted.type, wanted.value, "contextIdentifier")
    if not _is_subordinate(call, subunit):
        return record_operation(call, 410)
    details = body.subject_details.as_json()
    if body.subunit_name:
        details["subunitName"] = body.subunit_name
    add_grant(
        call,
        GrantKind.SUBUNIT,
        subunit,
        body.subject_identifier.identifier(),
        Permission.CREDENTIALS_MANAGE,
        body.description,
        granted_in=call.context,
        details=details,
    )
    return record_operation(call)


def _is_subordinate(call: Call, subunit: Identifier) -> bool:
    if subunit.type is IdentifierType.INTERNAL_ID:
        return is_own_internal_id(subunit.value, call.context.value)
    entity = entities(call.world).get(subunit.value)
    return (
        entity is not None
        and entity.parent == call.context.value
        and entity.parent_kind in {"JST", "VatGroup"}
    )


def add_grant(
    call: Call,
    kind: GrantKind,
    context: Identifier,
    authorized: Identifier,
    permission: str,
    description: str,
    **more: Any,
) -> None:
    """Store a grant; one that holds already is left as it is."""
    target = more.get("target")
    for known in grants(call.world).find(owner=str(context), tag=str(authorized)):
        if (known.kind, known.permission, known.target) == (kind, str(permission), target):
            return
    put_grant(
        call.world,
        Grant(
            id=call.world.numbering.uuid(),
            kind=kind,
            context=context,
            authorized=authorized,
            permission=permission,
            description=description,
            started=call.world.clock.now(),
            author=call.authentication.subject.identifier,
            **more,
        ),
    )
