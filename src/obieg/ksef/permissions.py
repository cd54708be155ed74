"""What the one who logged in may do in the context he logged in to."""

from ksef_client.client import KsefClient
from ksef_client.models import PermissionState, PersonalPermissionsQueryRequest

from obieg.ksef.channel import Channel
from obieg.ksef.rates import Group

PAGE_SIZE = 100  # KSeF API 2.9, the largest page


class Permissions:
    """The permissions of a context. Every page is one call."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def held(self) -> frozenset[str]:
        """One's own active permissions here (`InvoiceRead`, …), an owner's too.

        POST /permissions/query/personal/grants.
        """
        found: set[str] = set()
        page, has_more = 0, True
        while has_more:
            told, has_more = self._page(page)
            found |= told
            page += 1
        return frozenset(found)

    def _page(self, page: int) -> tuple[set[str], bool]:
        request = PersonalPermissionsQueryRequest(permission_state=PermissionState("Active"))

        def read(client: KsefClient, token: str) -> tuple[set[str], bool]:
            told = client.permissions.query_personal_grants(
                request, page_offset=page, page_size=PAGE_SIZE, access_token=token
            )
            granted = {str(one.permission_scope.value) for one in told.permissions}
            owned = {str(one.value) for one in told.owner_permissions or ()}
            return granted | owned, told.has_more

        return self._channel.call(Group.OTHER, "POST /permissions/query/personal/grants", read)
