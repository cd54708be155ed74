"""Permissions in a context: one's own, everybody's, granting and taking back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ksef_client.client import KsefClient
from ksef_client.clients.permissions import PermissionsClient
from ksef_client.models import (
    EntityAuthorizationPermissionsQueryRequest,
    EuEntityPermissionsQueryRequest,
    PermissionState,
    PersonalPermissionsQueryRequest,
    PersonPermissionsAuthorizedIdentifier,
    PersonPermissionsAuthorizedIdentifierType,
    PersonPermissionsQueryRequest,
    PersonPermissionsQueryType,
    QueryType,
    SubunitPermissionsQueryRequest,
)

from obieg.ksef.channel import Channel, Result
from obieg.ksef.grant_requests import authorization_request, firm_request, person_request
from obieg.ksef.granted import (
    Granted,
    Identifier,
    of_authorized,
    of_eu_entity,
    of_oneself,
    of_person,
    of_subunit,
)
from obieg.ksef.invoice_status import worded
from obieg.ksef.rates import Group

PAGE_SIZE = 100  # KSeF API 2.9, the largest page
# statuses of an operation, KSeF API 2.9; below 200 it is being processed
DONE, FIRST_REFUSAL = 200, 400
ASK_PERSONS = "POST /permissions/query/persons/grants"
Page = tuple[list[Granted], bool]  # and whether there is another


@dataclass(frozen=True, slots=True)
class OperationStatus:
    """What became of a grant or of taking one back (PermissionsOperationStatusResponse)."""

    code: int
    text: str

    @property
    def is_done(self) -> bool:
        return self.code == DONE

    @property
    def is_refused(self) -> bool:
        return self.code >= FIRST_REFUSAL


class Permissions:
    """The permissions of a context. Every page and every act is one call, counted first."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def held(self) -> frozenset[str]:
        """One's own active permissions here (`InvoiceRead`, …), an owner's too.

        POST /permissions/query/personal/grants.
        """
        own, owned = self.own()
        return frozenset(one.scope for one in own) | owned

    def own(self) -> tuple[list[Granted], frozenset[str]]:
        """One's own active permissions one by one, and those of an owner.

        POST /permissions/query/personal/grants.
        """
        owned: set[str] = set()
        request = PersonalPermissionsQueryRequest(permission_state=PermissionState("Active"))

        def read(client: PermissionsClient, token: str, page: int) -> Page:
            told = client.query_personal_grants(
                request, page_offset=page, page_size=PAGE_SIZE, access_token=token
            )
            owned.update(str(one.value) for one in told.owner_permissions or ())
            return [of_oneself(one) for one in told.permissions], told.has_more

        return self._pages("POST /permissions/query/personal/grants", read), frozenset(owned)

    def of_persons(self, holder: Identifier | None = None) -> list[Granted]:
        """What persons and firms may do here; with `holder` (Nip, Pesel) his alone.

        AccessDenied without CredentialsManage, CredentialsRead or SubunitManage.
        """
        wanted = None
        if holder is not None:
            wanted = PersonPermissionsAuthorizedIdentifier(
                type=PersonPermissionsAuthorizedIdentifierType(holder.kind), value=holder.value
            )
        request = PersonPermissionsQueryRequest(
            query_type=PersonPermissionsQueryType.PERMISSIONSINCURRENTCONTEXT,
            authorized_identifier=wanted,
        )

        def read(client: PermissionsClient, token: str, page: int) -> Page:
            told = client.query_persons_grants(
                request, page_offset=page, page_size=PAGE_SIZE, access_token=token
            )
            return [of_person(one) for one in told.permissions], told.has_more

        return self._pages(ASK_PERSONS, read)

    def authorizations(self) -> list[Granted]:
        """Whom the context lets act in its name in a context of his own.

        POST /permissions/query/authorizations/grants (Granted).
        """
        request = EntityAuthorizationPermissionsQueryRequest(query_type=QueryType.GRANTED)

        def read(client: PermissionsClient, token: str, page: int) -> Page:
            told = client.query_authorizations_grants(
                request, page_offset=page, page_size=PAGE_SIZE, access_token=token
            )
            return [of_authorized(one) for one in told.authorization_grants], told.has_more

        return self._pages("POST /permissions/query/authorizations/grants", read)

    def of_subunits(self) -> list[Granted]:
        """Administrators of units and subordinate firms.

        POST /permissions/query/subunits/grants.
        """
        request = SubunitPermissionsQueryRequest()

        def read(client: PermissionsClient, token: str, page: int) -> Page:
            told = client.query_subunits_grants(
                request, page_offset=page, page_size=PAGE_SIZE, access_token=token
            )
            return [of_subunit(one) for one in told.permissions], told.has_more

        return self._pages("POST /permissions/query/subunits/grants", read)

    def of_eu_entities(self) -> list[Granted]:
        """Administrators of EU entities that invoice in the context's name.

        POST /permissions/query/eu-entities/grants.
        """
        request = EuEntityPermissionsQueryRequest()

        def read(client: PermissionsClient, token: str, page: int) -> Page:
            told = client.query_eu_entities_grants(
                request, page_offset=page, page_size=PAGE_SIZE, access_token=token
            )
            return [of_eu_entity(one) for one in told.permissions], told.has_more

        return self._pages("POST /permissions/query/eu-entities/grants", read)

    def grant_to_person(
        self,
        holder: Identifier,
        scopes: Sequence[str],
        *,
        first_name: str,
        last_name: str,
        description: str,
    ) -> str:
        """Let a person (Nip or Pesel) work here; the operation's reference.

        POST /permissions/persons/grants. AccessDenied without CredentialsManage, KsefRefused.
        """
        request = person_request(holder, scopes, first_name, last_name, description)
        return self._act(
            "POST /permissions/persons/grants",
            lambda client, token: client.grant_person(request, access_token=token).reference_number,
        )

    def grant_to_firm(
        self, nip: str, scopes: Sequence[str], *, name: str, description: str, can_delegate: bool
    ) -> str:
        """Let a firm (an accounting office) work with the invoices; the operation's reference.

        `can_delegate` lets it pass reading and issuing on. POST /permissions/entities/grants.
        """
        request = firm_request(nip, scopes, name, description, can_delegate=can_delegate)
        return self._act(
            "POST /permissions/entities/grants",
            lambda client, token: client.grant_entity(request, access_token=token).reference_number,
        )

    def authorize(self, nip: str, scope: str, *, name: str, description: str) -> str:
        """Let a firm invoice in the context's name (`SelfInvoicing`, …); the reference.

        POST /permissions/authorizations/grants.
        """
        request = authorization_request(nip, scope, name, description)
        return self._act(
            "POST /permissions/authorizations/grants",
            lambda client, token: (
                client.grant_authorization(request, access_token=token).reference_number
            ),
        )

    def revoke(self, permission_id: str) -> str:
        """Take a permission back; the reference. DELETE /permissions/common/grants/{…}."""
        return self._act(
            "DELETE /permissions/common/grants/{permissionId}",
            lambda client, token: (
                client.revoke_common_permission(permission_id, access_token=token).reference_number
            ),
        )

    def revoke_authorization(self, permission_id: str) -> str:
        """The same of an authorization. DELETE /permissions/authorizations/grants/{…}."""
        return self._act(
            "DELETE /permissions/authorizations/grants/{permissionId}",
            lambda client, token: (
                client.revoke_authorization(permission_id, access_token=token).reference_number
            ),
        )

    def operation(self, reference: str) -> OperationStatus:
        """What became of it; Gone after 30 days. GET /permissions/operations/{referenceNumber}."""

        def read(client: PermissionsClient, token: str) -> OperationStatus:
            told = client.get_operation_status(reference, access_token=token).status
            return OperationStatus(told.code, worded(told.description, tuple(told.details or ())))

        return self._call("GET /permissions/operations/{referenceNumber}", read)

    def _pages(
        self, operation: str, read: Callable[[PermissionsClient, str, int], Page]
    ) -> list[Granted]:
        found: list[Granted] = []
        page, has_more = 0, True
        while has_more:
            told, has_more = self._page(operation, read, page)
            found += told
            page += 1
        return found

    def _page(
        self, operation: str, read: Callable[[PermissionsClient, str, int], Page], page: int
    ) -> Page:
        return self._call(operation, lambda client, token: read(client, token, page))

    def _act(self, operation: str, request: Callable[[PermissionsClient, str], object]) -> str:
        return self._call(operation, lambda client, token: str(request(client, token)), success=202)

    def _call(
        self,
        operation: str,
        request: Callable[[PermissionsClient, str], Result],
        *,
        success: int = 200,
    ) -> Result:
        def call(client: KsefClient, token: str) -> Result:
            return request(client.permissions, token)

        return self._channel.call(Group.OTHER, operation, call, success=success)
