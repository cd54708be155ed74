"""KSeF tokens of a context: what each may do, and their revocation."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from ksef_client.client import KsefClient
from ksef_client.models import (
    GenerateTokenRequest,
    QueryTokensResponseItem,
    TokenPermissionType,
    TokenStatusResponse,
)

from obieg.ksef.channel import Channel
from obieg.ksef.moments import optional_moment, parse_moment
from obieg.ksef.rates import Group

PAGE_SIZE = 100  # tokens, KSeF API 2.9, the largest page
DESCRIPTION_LENGTHS = range(5, 257)


@dataclass(frozen=True, slots=True)
class TokenEntry:
    """A token as KSeF lists it; `status` Pending, Active, Revoking, Revoked, Failed."""

    reference: str
    description: str
    permissions: frozenset[str]
    status: str
    details: tuple[str, ...]  # KSeF's words about a failure
    author: str  # NIP, PESEL or fingerprint of who made it
    created: datetime
    last_use: datetime | None

    @classmethod
    def read(cls, told: TokenStatusResponse | QueryTokensResponseItem) -> Self:
        """The SDK's entry as ours."""
        return cls(
            reference=str(told.reference_number),
            description=told.description,
            permissions=frozenset(str(one.value) for one in told.requested_permissions),
            status=str(told.status.value),
            details=tuple(told.status_details or ()),
            author=told.author_identifier.value,
            created=parse_moment(told.date_created),
            last_use=optional_moment(told.last_use_date),
        )


@dataclass(frozen=True, slots=True)
class TokenPage:
    """Some of the list, the newest first; with `more` the next page is asked for, "" at its end."""

    entries: tuple[TokenEntry, ...]
    more: str


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
            return TokenEntry.read(client.tokens.get_token_status(reference, access_token=token))

        return self._channel.call(Group.OTHER, "GET /tokens/{referenceNumber}", read)

    def page(self, *, description: str = "", after: str = "", size: int = PAGE_SIZE) -> TokenPage:
        """A page of the tokens, of those alone whose description holds `description`. GET /tokens.

        Who holds CredentialsRead or CredentialsManage sees all of the context; who logged in with
        a token, that token; anybody else, those that he made.
        """

        def read(client: KsefClient, token: str) -> TokenPage:
            told = client.tokens.list_tokens(
                access_token=token,
                description=description or None,
                page_size=size,
                continuation_token=after or None,
            )
            entries = tuple(TokenEntry.read(one) for one in told.tokens)
            return TokenPage(entries, told.continuation_token or "")

        return self._channel.call(Group.OTHER, "GET /tokens", read)

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
