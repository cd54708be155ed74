"""Operations that grant permissions to representatives of EU entities."""

from typing import Any

from pydantic import Field

from ksef_emulator.identifiers import IdentifierType
from ksef_emulator.operation import Call, operation
from ksef_emulator.permissions.details import (
    EuSubjectDetails,
    FingerprintIdentifier,
    well_formed,
)
from ksef_emulator.permissions.grants import add_grant
from ksef_emulator.permissions.operations import record_operation
from ksef_emulator.permissions.records import GrantKind, Permission, grants
from ksef_emulator.wire import Choice, Description, Model

ADMINISTRATOR = (
    Permission.VAT_UE_MANAGE,
    Permission.INVOICE_WRITE,
    Permission.INVOICE_READ,
    Permission.INTROSPECTION,
)


class CompositeType(Choice):
    """A Polish firm together with its EU partner."""

    NIP_VAT_UE = "NipVatUe"


class CompositeIdentifier(Model):
    """`NIP-VAT UE`."""

    type: CompositeType
    value: str = Field(min_length=15, max_length=25)


class EuEntityDetails(Model):
    """The EU entity's name and address."""

    full_name: str = Field(max_length=100)
    address: str = Field(max_length=512)


class AdministrationGrant(Model):
    """POST /permissions/eu-entities/administration/grants."""

    subject_identifier: FingerprintIdentifier
    context_identifier: CompositeIdentifier
    description: Description
    eu_entity_name: str = Field(min_length=5, max_length=256)
    subject_details: EuSubjectDetails
    eu_entity_details: EuEntityDetails


class EuPermission(Choice):
    """What a representative may be granted."""

    INVOICE_WRITE = "InvoiceWrite"
    INVOICE_READ = "InvoiceRead"


class EuGrant(Model):
    """POST /permissions/eu-entities/grants."""

    subject_identifier: FingerprintIdentifier
    permissions: list[EuPermission] = Field(min_length=1)
    description: Description
    subject_details: EuSubjectDetails


@operation(
    "POST",
    "/permissions/eu-entities/administration/grants",
    needs=(Permission.CREDENTIALS_MANAGE,),
    status=202,
)
def grant_administration(call: Call) -> dict[str, Any]:
    """Make somebody the administrator of an EU entity that invoices in the context's name."""
    body = call.body(AdministrationGrant)
    wanted = body.context_identifier
    composite = well_formed(wanted.type, wanted.value, "contextIdentifier")
    if call.context.type is not IdentifierType.NIP or composite.nip != call.context.value:
        return record_operation(call, 410)
    details = {
        **body.subject_details.as_json(),
        "euEntityName": body.eu_entity_name,
        "euEntityDetails": body.eu_entity_details.model_dump(by_alias=True),
    }
    for permission in ADMINISTRATOR:
        add_grant(
            call,
            GrantKind.EU_ADMINISTRATION,
            composite,
            body.subject_identifier.identifier(),
            permission,
            body.description,
            granted_in=call.context,
            details=details,
        )
    return record_operation(call)


@operation("POST", "/permissions/eu-entities/grants", needs=(Permission.VAT_UE_MANAGE,), status=202)
def grant_representation(call: Call) -> dict[str, Any]:
    """Let somebody work with the invoices of the EU entity."""
    body = call.body(EuGrant)
    details = {**_entity_of_context(call), **body.subject_details.as_json()}
    for permission in body.permissions:
        add_grant(
            call,
            GrantKind.EU_ENTITY,
            call.context,
            body.subject_identifier.identifier(),
            permission,
            body.description,
            details=details,
        )
    return record_operation(call)


def _entity_of_context(call: Call) -> dict[str, Any]:
    """Name and address that the entity was given with its first administrator."""
    for grant in grants(call.world).find(owner=str(call.context)):
        if grant.kind is GrantKind.EU_ADMINISTRATION:
            return {
                "euEntityName": grant.details["euEntityName"],
                "euEntityDetails": grant.details["euEntityDetails"],
            }
    return {"euEntityName": call.context.value}
