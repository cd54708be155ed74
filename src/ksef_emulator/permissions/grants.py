"""Operations that grant permissions to firms."""

from typing import Any

from pydantic import Field

from ksef_emulator.identifiers import Nip, nip
from ksef_emulator.operation import Call, operation
from ksef_emulator.permissions.operations import record_operation
from ksef_emulator.permissions.records import Grant, GrantKind, Permission, put_grant
from ksef_emulator.wire import Choice, Description, Model


class NipType(Choice):
    """Only a NIP names a firm."""

    NIP = "Nip"


class FirmIdentifier(Model):
    """A firm by its NIP."""

    type: NipType
    value: Nip


class EntityPermissionType(Choice):
    """What a firm may be granted."""

    INVOICE_WRITE = "InvoiceWrite"
    INVOICE_READ = "InvoiceRead"
    COLLECTIVE_IDENTIFIER_MANAGE = "CollectiveIdentifierManage"


class EntityPermission(Model):
    """One permission; `canDelegate` lets the firm pass it on."""

    type: EntityPermissionType
    can_delegate: bool = False


class EntityDetails(Model):
    """The firm's name."""

    full_name: str = Field(min_length=5, max_length=90)


class EntityGrant(Model):
    """POST /permissions/entities/grants."""

    subject_identifier: FirmIdentifier
    permissions: list[EntityPermission] = Field(min_length=1)
    description: Description
    subject_details: EntityDetails


@operation(
    "POST",
    "/permissions/entities/grants",
    needs=(Permission.CREDENTIALS_MANAGE,),
    status=202,
)
def grant_to_entity(call: Call) -> dict[str, Any]:
    """Let a firm (an accounting office) work with the context's invoices."""
    body = call.body(EntityGrant)
    for permission in body.permissions:
        put_grant(
            call.world,
            Grant(
                id=call.world.numbering.uuid(),
                kind=GrantKind.ENTITY,
                context=call.context,
                authorized=nip(body.subject_identifier.value),
                permission=permission.type,
                description=body.description,
                started=call.world.clock.now(),
                author=call.authentication.subject.identifier,
                can_delegate=permission.can_delegate,
                details={"fullName": body.subject_details.full_name},
            ),
        )
    return record_operation(call)
