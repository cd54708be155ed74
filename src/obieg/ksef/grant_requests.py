"""The bodies of the calls that grant permissions."""

from collections.abc import Sequence

from ksef_client.models import (
    EntityAuthorizationPermissionsGrantRequest,
    EntityAuthorizationPermissionsSubjectIdentifier,
    EntityAuthorizationPermissionsSubjectIdentifierType,
    EntityAuthorizationPermissionType,
    EntityDetails,
    EntityPermission,
    EntityPermissionsGrantRequest,
    EntityPermissionsSubjectIdentifier,
    EntityPermissionsSubjectIdentifierType,
    EntityPermissionType,
    PersonDetails,
    PersonPermissionsGrantRequest,
    PersonPermissionsSubjectIdentifier,
    PersonPermissionsSubjectIdentifierType,
    PersonPermissionSubjectDetails,
    PersonPermissionSubjectDetailsType,
    PersonPermissionType,
)

from obieg.ksef.granted import Identifier

# lengths in characters, KSeF API 2.9
DESCRIPTION_SHORTEST, DESCRIPTION_LONGEST = 5, 256
FIRM_NAME_SHORTEST, FIRM_NAME_LONGEST = 5, 90
FIRST_NAME_SHORTEST, FIRST_NAME_LONGEST = 2, 30
LAST_NAME_SHORTEST, LAST_NAME_LONGEST = 2, 81


def person_request(
    holder: Identifier, scopes: Sequence[str], first_name: str, last_name: str, description: str
) -> PersonPermissionsGrantRequest:
    """For a person who logs in with what holds his NIP or PESEL."""
    return PersonPermissionsGrantRequest(
        subject_identifier=PersonPermissionsSubjectIdentifier(
            type=PersonPermissionsSubjectIdentifierType(holder.kind), value=holder.value
        ),
        permissions=[PersonPermissionType(one) for one in scopes],
        description=description,
        subject_details=PersonPermissionSubjectDetails(
            subject_details_type=PersonPermissionSubjectDetailsType.PERSONBYIDENTIFIER,
            person_by_id=PersonDetails(first_name=first_name, last_name=last_name),
        ),
    )


def firm_request(
    nip: str, scopes: Sequence[str], name: str, description: str, *, can_delegate: bool
) -> EntityPermissionsGrantRequest:
    """For a firm that is to work with the invoices."""
    return EntityPermissionsGrantRequest(
        subject_identifier=EntityPermissionsSubjectIdentifier(
            type=EntityPermissionsSubjectIdentifierType.NIP, value=nip
        ),
        permissions=[
            EntityPermission(type=EntityPermissionType(one), can_delegate=can_delegate)
            for one in scopes
        ],
        description=description,
        subject_details=EntityDetails(full_name=name),
    )


def authorization_request(
    nip: str, scope: str, name: str, description: str
) -> EntityAuthorizationPermissionsGrantRequest:
    """For a firm that is to invoice in the context's name."""
    return EntityAuthorizationPermissionsGrantRequest(
        subject_identifier=EntityAuthorizationPermissionsSubjectIdentifier(
            type=EntityAuthorizationPermissionsSubjectIdentifierType.NIP, value=nip
        ),
        permission=EntityAuthorizationPermissionType(scope),
        description=description,
        subject_details=EntityDetails(full_name=name),
    )
