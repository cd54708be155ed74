"""Bodies of the operations that grant permissions to persons and Polish firms."""

from pydantic import Field

from ksef_emulator.permissions.details import (
    EntityDetails,
    FirmIdentifier,
    PersonSubjectDetails,
    SubjectIdentifier,
    well_formed,
)
from ksef_emulator.permissions.records import ALL_PARTNERS
from ksef_emulator.wire import Choice, Description, Model


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
