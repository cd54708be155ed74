"""The operation that lists permissions of EU entities' representatives."""

from typing import Any

from pydantic import Field

from ksef_emulator.identifiers import VAT_UE_PATTERN
from ksef_emulator.operation import Call, operation
from ksef_emulator.permissions.queries import READERS, body_or_default, paged
from ksef_emulator.permissions.records import (
    Grant,
    GrantKind,
    Permission,
    granting_context,
    grants,
)
from ksef_emulator.wire import Choice, Model

EU_KINDS = {GrantKind.EU_ADMINISTRATION, GrantKind.EU_ENTITY}


class EuPermissionType(Choice):
    """What a representative may have."""

    VAT_UE_MANAGE = "VatUeManage"
    INVOICE_WRITE = "InvoiceWrite"
    INVOICE_READ = "InvoiceRead"
    INTROSPECTION = "Introspection"


class EuQuery(Model):
    """POST /permissions/query/eu-entities/grants."""

    vat_ue_identifier: str | None = Field(default=None, pattern=f"^{VAT_UE_PATTERN}$")
    authorized_fingerprint_identifier: str | None = None
    permission_types: list[EuPermissionType] | None = None

    def fits(self, grant: Grant) -> bool:
        """Whether the grant is asked for."""
        fingerprint = self.authorized_fingerprint_identifier or ""
        return (
            self.vat_ue_identifier in {None, grant.context.value[11:]}
            and fingerprint.upper() in grant.authorized.value
            and (not self.permission_types or grant.permission in self.permission_types)
        )


@operation(
    "POST",
    "/permissions/query/eu-entities/grants",
    needs=(*READERS, Permission.VAT_UE_MANAGE),
)
def permissions_of_eu_entities(call: Call) -> dict[str, Any]:
    """Administrators and representatives of EU entities that the context knows."""
    query = body_or_default(call, EuQuery)
    found = [
        grant
        for grant in grants(call.world).find()
        if grant.kind in EU_KINDS
        and call.context in {grant.context, granting_context(grant)}
        and query.fits(grant)
    ]
    return paged(call, found, _shown, "permissions")


def _shown(_call: Call, grant: Grant) -> dict[str, Any]:
    return {
        "id": grant.id,
        "authorIdentifier": grant.author.model_dump() if grant.author else None,
        "vatUeIdentifier": grant.context.value[11:],
        "authorizedFingerprintIdentifier": grant.authorized.value,
        "permissionScope": grant.permission,
        "description": grant.description,
        "startDate": grant.started.isoformat(),
        **grant.details,
    }
