"""KSeF tokens of a context: what each may do, and their revocation."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ksef_client.client import KsefClient
from ksef_client.models import GenerateTokenRequest, TokenPermissionType

from obieg.ksef.channel import Channel
from obieg.ksef.rates import Group


@dataclass(frozen=True, slots=True)
class TokenEntry:
    """A token as KSeF lists it; `status` Pending, Active, Revoking, Revoked, Failed."""

    reference: str
    description: str
    permissions: frozenset[str]
    status: str


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token just made; it works once its status is Active."""

    reference: str
    token: str = field(repr=False)


class KsefTokens:
    """The tokens that the one who logged in may see. Every method makes one call."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def status(self, reference: str) -> TokenEntry:
        """One token; KsefRefused where it is not to be seen. GET /tokens/{referenceNumber}."""

        def read(client: KsefClient, token: str) -> TokenEntry:
            told = client.tokens.get_token_status(reference, access_token=token)
            return TokenEntry(
                reference=str(told.reference_number),
                description=told.description,
                permissions=frozenset(str(one.value) for one in told.requested_permissions),
                status=str(told.status.value),
            )

        return self._channel.call(Group.OTHER, "GET /tokens/{referenceNumber}", read)

    def generate(self, permissions: Sequence[str], *, description: str) -> NewToken:
        """A new token; KSeF makes none for who logged in with one. POST /tokens."""
        request = GenerateTokenRequest(
            permissions=[TokenPermissionType(one) for one in permissions], description=description
        )

        def read(client: KsefClient, token: str) -> NewToken:
            told = client.tokens.generate_token(request, access_token=token)
            return NewToken(str(told.reference_number), told.token)

        return self._channel.call(Group.OTHER, "POST /tokens", read, success=202)

    def revoke(self, reference: str) -> None:
        """End a token for good, one's own too. DELETE /tokens/{referenceNumber}."""

        def end(client: KsefClient, token: str) -> None:
            client.tokens.revoke_token(reference, access_token=token)

        self._channel.call(Group.OTHER, "DELETE /tokens/{referenceNumber}", end, success=204)
