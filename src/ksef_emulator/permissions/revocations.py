"""Operations that take permissions back, and the consent to attachments."""

from typing import Any

from ksef_emulator.errors import invalid
from ksef_emulator.operation import Call, operation
from ksef_emulator.permissions.operations import record_operation
from ksef_emulator.permissions.records import (
    Grant,
    GrantKind,
    Permission,
    granting_context,
    grants,
)
from ksef_emulator.testdata.attachments import attachment_consents, may_attach

ANY_MANAGER = (
    Permission.CREDENTIALS_MANAGE,
    Permission.VAT_UE_MANAGE,
    Permission.SUBUNIT_MANAGE,
)


@operation("DELETE", "/permissions/common/grants/{permissionId}", needs=ANY_MANAGER, status=202)
def revoke(call: Call) -> dict[str, Any]:
    """Take a permission back."""
    return _revoked(call, authorization=False)


@operation(
    "DELETE",
    "/permissions/authorizations/grants/{permissionId}",
    needs=(Permission.CREDENTIALS_MANAGE,),
    status=202,
)
def revoke_authorization(call: Call) -> dict[str, Any]:
    """Take an authorization back."""
    return _revoked(call, authorization=True)


def _revoked(call: Call, *, authorization: bool) -> dict[str, Any]:
    key = call.path("permissionId")
    if len(key) != 36:
        raise invalid("'permissionId': Długość musi wynosić 36 znaków.")
    grant = grants(call.world).get(key)
    if grant is None or (grant.kind is GrantKind.AUTHORIZATION) is not authorization:
        return record_operation(call, 400, "Uprawnienie o podanym identyfikatorze nie istnieje.")
    if not _is_ours(call, grant):
        return record_operation(call, 420)
    if not call.world.settings.processing_failure:
        grants(call.world).delete(key)
    return record_operation(call)


def _is_ours(call: Call, grant: Grant) -> bool:
    return call.context in {grant.context, granting_context(grant)}


@operation(
    "GET",
    "/permissions/attachments/status",
    needs=(Permission.CREDENTIALS_MANAGE, Permission.CREDENTIALS_READ),
)
def attachment_status(call: Call) -> dict[str, Any]:
    """Whether the context may send attachments."""
    number = call.context.nip or ""
    body: dict[str, Any] = {"isAttachmentAllowed": may_attach(call.world, number)}
    consent = attachment_consents(call.world).get(number)
    if consent is not None and consent.ends is not None:
        body["revokedDate"] = f"{consent.ends.isoformat()}T00:00:00+00:00"
    return body
