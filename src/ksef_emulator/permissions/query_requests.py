"""Filters of the operations that list permissions."""

from pydantic import Field

from ksef_emulator.permissions.details import SubjectIdentifier
from ksef_emulator.permissions.grant_requests import (
    Authorization,
    AuthorizedIdentifier,
    PersonPermission,
    SubunitIdentifier,
    TargetIdentifier,
)
from ksef_emulator.wire import Choice, Model


class State(Choice):
    """Whether a permission works now."""

    ACTIVE = "Active"
    INACTIVE = "Inactive"


class PersonalPermissionType(Choice):
    """What one may be allowed."""

    CREDENTIALS_MANAGE = "CredentialsManage"
    CREDENTIALS_READ = "CredentialsRead"
    INVOICE_WRITE = "InvoiceWrite"
    INVOICE_READ = "InvoiceRead"
    INTROSPECTION = "Introspection"
    SUBUNIT_MANAGE = "SubunitManage"
    ENFORCEMENT_OPERATIONS = "EnforcementOperations"
    VAT_UE_MANAGE = "VatUeManage"
    COLLECTIVE_IDENTIFIER_MANAGE = "CollectiveIdentifierManage"


class PersonalQuery(Model):
    """POST /permissions/query/personal/grants."""

    context_identifier: SubunitIdentifier | None = None
    target_identifier: TargetIdentifier | None = None
    permission_types: list[PersonalPermissionType] | None = None
    permission_state: State | None = None


class AuthorType(Choice):
    """Who may have granted."""

    NIP = "Nip"
    PESEL = "Pesel"
    FINGERPRINT = "Fingerprint"
    SYSTEM = "System"


class AuthorIdentifier(Model):
    """Who granted."""

    type: AuthorType
    value: str | None = Field(default=None, min_length=10, max_length=64)


class PersonsQueryType(Choice):
    """Everything that holds here, or what the caller granted here."""

    HOLDING = "PermissionsInCurrentContext"
    GRANTED = "PermissionsGrantedInCurrentContext"


class PersonsQuery(Model):
    """POST /permissions/query/persons/grants."""

    author_identifier: AuthorIdentifier | None = None
    authorized_identifier: SubjectIdentifier | None = None
    context_identifier: SubunitIdentifier | None = None
    target_identifier: TargetIdentifier | None = None
    permission_types: list[PersonPermission] | None = None
    permission_state: State | None = None
    query_type: PersonsQueryType


class SubunitsQuery(Model):
    """POST /permissions/query/subunits/grants."""

    subunit_identifier: SubunitIdentifier | None = None


class EntitiesQuery(Model):
    """POST /permissions/query/entities/grants."""

    context_identifier: SubunitIdentifier | None = None


class AuthorizationsQueryType(Choice):
    """Given or received."""

    GRANTED = "Granted"
    RECEIVED = "Received"


class AuthorizationsQuery(Model):
    """POST /permissions/query/authorizations/grants."""

    authorizing_identifier: AuthorizedIdentifier | None = None
    authorized_identifier: AuthorizedIdentifier | None = None
    query_type: AuthorizationsQueryType
    permission_types: list[Authorization] | None = None
