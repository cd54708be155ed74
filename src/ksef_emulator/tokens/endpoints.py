"""Operations of /tokens."""

from datetime import timedelta
from typing import Any

from pydantic import Field

from ksef_emulator.auth.ksef_token import tokens_have_ended
from ksef_emulator.auth.records import Method
from ksef_emulator.continuation import continued
from ksef_emulator.errors import BadRequest, Forbidden, invalid
from ksef_emulator.identifiers import IdentifierType
from ksef_emulator.operation import Call, operation
from ksef_emulator.permissions.effective import identities
from ksef_emulator.tokens.records import (
    KsefToken,
    TokenStatus,
    as_of_now,
    make_token,
    tokens,
)
from ksef_emulator.wire import Choice, ContinuedPage, Description, Model


class TokenPermission(Choice):
    """What a token may be made for."""

    INVOICE_READ = "InvoiceRead"
    INVOICE_WRITE = "InvoiceWrite"
    CREDENTIALS_READ = "CredentialsRead"
    CREDENTIALS_MANAGE = "CredentialsManage"
    SUBUNIT_MANAGE = "SubunitManage"
    ENFORCEMENT_OPERATIONS = "EnforcementOperations"
    INTROSPECTION = "Introspection"
    COLLECTIVE_IDENTIFIER_MANAGE = "CollectiveIdentifierManage"


class AuthorType(Choice):
    """Kinds of identifier that a token's author may have."""

    NIP = "Nip"
    PESEL = "Pesel"
    FINGERPRINT = "Fingerprint"


class GenerateToken(Model):
    """POST /tokens."""

    permissions: list[TokenPermission] = Field(min_length=1)
    description: Description


class TokenQuery(ContinuedPage):
    """GET /tokens."""

    status: list[TokenStatus] = Field(default_factory=list)
    description: str | None = Field(default=None, min_length=3)
    author_identifier: str | None = Field(default=None, min_length=3)
    author_identifier_type: AuthorType | None = None

    def fits(self, token: KsefToken) -> bool:
        """Whether the token is asked for."""
        author = self.author_identifier
        return (
            (not self.status or token.status in self.status)
            and (self.description is None or self.description.lower() in token.description.lower())
            and (author is None or author.lower() in token.author.value.lower())
            and self.author_identifier_type in {None, token.author.type.value}
        )


@operation("POST", "/tokens", status=202)
def generate_token(call: Call) -> dict[str, Any]:
    """A new KSeF token of the caller's context."""
    body = call.body(GenerateToken)
    if call.authentication.method is Method.TOKEN:
        raise Forbidden(
            "auth-method-not-allowed",
            "Ta operacja nie jest dostępna dla użytej metody uwierzytelnienia.",
            authenticationMethodCategory="Token",
        )
    if call.context.type not in {IdentifierType.NIP, IdentifierType.INTERNAL_ID}:
        raise BadRequest(
            26002,
            "Nie można wygenerować tokena dla obecnego typu kontekstu.",
            f"Typ kontekstu: {call.context.type}; dozwolone: Nip, InternalId.",
        )
    wanted = tuple(dict.fromkeys(str(permission) for permission in body.permissions))
    missing = sorted(set(wanted) - call.permissions)
    if missing:
        raise BadRequest(
            26001,
            "Nie można nadać tokenowi uprawnień których nie posiadasz.",
            f"Brakujące uprawnienia: {', '.join(missing)}.",
        )
    if tokens_have_ended(call.world):
        raise invalid("Tokeny KSeF nie są już wydawane.")
    author = call.authentication.subject.identifier
    delay = timedelta(seconds=call.world.settings.processing_delay)
    return make_token(call.world, call.context, author, wanted, body.description, activation=delay)


@operation("GET", "/tokens")
def list_tokens(call: Call) -> dict[str, Any]:
    """The tokens that the caller may see, the newest first."""
    query = call.query(TokenQuery)
    found = [
        token
        for stored in tokens(call.world).find(owner=str(call.context))
        for token in [as_of_now(call.world, stored)]
        if query.fits(token) and _visible(call, token, "CredentialsManage", "CredentialsRead")
    ]
    page, continuation = continued(call, found, query.page_size)
    return {"continuationToken": continuation, "tokens": [token.as_json() for token in page]}


@operation("GET", "/tokens/{referenceNumber}")
def token_status(call: Call) -> dict[str, Any]:
    """One token."""
    return _found(call, "CredentialsManage", "CredentialsRead").as_json()


@operation("DELETE", "/tokens/{referenceNumber}", status=204)
def revoke_token(call: Call) -> None:
    """End a token at once."""
    token = _found(call, "CredentialsManage")
    revoked = token.model_copy(update={"status": TokenStatus.REVOKED})
    tokens(call.world).put(token.reference, revoked, owner=str(token.context))


def _found(call: Call, *sees_all: str) -> KsefToken:
    token = tokens(call.world).get(call.reference())
    if token is None or token.context != call.context or not _visible(call, token, *sees_all):
        raise invalid("'referenceNumber': Token o podanym numerze nie istnieje.")
    return as_of_now(call.world, token)


def _visible(call: Call, token: KsefToken, *sees_all: str) -> bool:
    """All tokens for those who manage credentials, else one's own."""
    if call.permissions.intersection(sees_all):
        return True
    if call.authentication.method is Method.TOKEN:
        return token.reference == call.authentication.token_reference
    return token.author in identities(call.world, call.authentication.subject.identifier)
