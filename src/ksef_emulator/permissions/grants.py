"""Operations that grant permissions to persons and Polish firms."""

from typing import Any

from ksef_emulator.identifiers import Identifier, IdentifierType, nip
from ksef_emulator.internal_id import is_own_internal_id
from ksef_emulator.operation import Call, operation
from ksef_emulator.permissions.details import firm_details, well_formed
from ksef_emulator.permissions.effective import may_delegate
from ksef_emulator.permissions.grant_requests import (
    Authorization,
    AuthorizationGrant,
    EntityGrant,
    IndirectGrant,
    InvoicePermission,
    PersonGrant,
    PersonPermission,
    SubunitGrant,
)
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

MANAGERS = (Permission.CREDENTIALS_MANAGE,)


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
    if call.world.settings.processing_failure:
        return
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
