"""Operations of /auth that lead to an access token."""

import base64
from datetime import timedelta
from typing import Any

from pydantic import Field

from ksef_emulator.auth.access import authentications, save
from ksef_emulator.auth.authentication import (
    as_started,
    by_signature,
    is_deceased,
    permissions_of,
)
from ksef_emulator.auth.challenges import issue_challenge
from ksef_emulator.auth.ksef_token import by_ksef_token, token_is_active
from ksef_emulator.auth.records import AllowedIps, Authentication
from ksef_emulator.bearer import TokenKind
from ksef_emulator.errors import BadRequest, Gone, invalid
from ksef_emulator.identifiers import Identifier, IdentifierType
from ksef_emulator.limits.rates import Group
from ksef_emulator.operation import Access, Call, operation
from ksef_emulator.wire import Base64Text, Choice, Model

KEPT = timedelta(days=7)


class ContextType(Choice):
    """Kinds of context."""

    NIP = "Nip"
    INTERNAL_ID = "InternalId"
    NIP_VAT_UE = "NipVatUe"
    PEPPOL_ID = "PeppolId"


class ContextIdentifier(Model):
    """A context as requests name it."""

    type: ContextType
    value: str

    def identifier(self) -> Identifier:
        """The identifier; raises 21405 where the value does not fit the type."""
        identifier = Identifier(type=IdentifierType(self.type), value=self.value)
        if not identifier.is_well_formed:
            raise invalid("'contextIdentifier.value': Nieprawidłowy format.")
        return identifier


ADDRESS = (
    r"((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])\.){3}"
    r"(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])"
)


class AllowedIpsBody(Model):
    """Addresses from which access tokens may be used."""

    ip4_addresses: list[str] | None = Field(default=None, max_length=10)
    ip4_ranges: list[str] | None = Field(default=None, max_length=10)
    ip4_masks: list[str] | None = Field(default=None, max_length=10)


class AuthorizationPolicy(Model):
    """The caller's own restrictions."""

    allowed_ips: AllowedIpsBody | None = None

    def addresses(self) -> AllowedIps | None:
        """The policy as it is kept."""
        if self.allowed_ips is None:
            return None
        ips = self.allowed_ips
        return AllowedIps(
            addresses=tuple(ips.ip4_addresses or ()),
            ranges=tuple(ips.ip4_ranges or ()),
            masks=tuple(ips.ip4_masks or ()),
        )


class SignatureQuery(Model):
    """Query parameters of POST /auth/xades-signature."""

    verify_certificate_chain: bool = False


class InitTokenAuthentication(Model):
    """POST /auth/ksef-token."""

    challenge: str = Field(min_length=36, max_length=36)
    context_identifier: ContextIdentifier
    encrypted_token: Base64Text
    public_key_id: str | None = Field(default=None, min_length=44, max_length=44)
    authorization_policy: AuthorizationPolicy | None = None


@operation("POST", "/auth/challenge", group=Group.ANONYMOUS, access=Access.NONE)
def challenge(call: Call) -> dict[str, Any]:
    """A challenge for the next authentication."""
    return issue_challenge(call.world, call.client_ip)


@operation("POST", "/auth/xades-signature", group=Group.ANONYMOUS, access=Access.NONE, status=202)
def xades_signature(call: Call) -> dict[str, Any]:
    """Start an authentication by a signed document."""
    verify_chain = call.query(SignatureQuery).verify_certificate_chain
    authentication = by_signature(call.world, call.content, verify_chain=verify_chain)
    return as_started(call.world, authentication)


@operation("POST", "/auth/ksef-token", group=Group.ANONYMOUS, access=Access.NONE, status=202)
def ksef_token(call: Call) -> dict[str, Any]:
    """Start an authentication by a KSeF token."""
    body = call.body(InitTokenAuthentication)
    policy = body.authorization_policy
    authentication = by_ksef_token(
        call.world,
        challenge=body.challenge,
        context=body.context_identifier.identifier(),
        encrypted=base64.b64decode(body.encrypted_token),
        key_id=body.public_key_id,
        allowed_ips=policy.addresses() if policy else None,
    )
    return as_started(call.world, authentication)


@operation("GET", "/auth/{referenceNumber}", group=Group.ANONYMOUS, access=Access.OPERATION)
def authentication_status(call: Call) -> dict[str, Any]:
    """How an authentication is getting on."""
    reference = call.path("referenceNumber")
    if reference != call.authentication.reference:
        raise _not_found(reference)
    if call.world.clock.now() > call.authentication.started + KEPT:
        raise Gone
    return call.authentication.as_json(call.world.clock.micros())


@operation("POST", "/auth/token/redeem", group=Group.ANONYMOUS, access=Access.OPERATION)
def redeem(call: Call) -> dict[str, Any]:
    """The pair of tokens, once."""
    world = call.world
    with world.db.transaction():
        authentication = _current(call)
        if authentication.redeemed:
            raise _no_authorization(
                f"Tokeny dla operacji uwierzytelniania {authentication.reference}"
                " zostały już pobrane."
            )
        _ensure_alive(call, authentication, "pobranie tokenów")
        lifetime = world.settings.refresh_token_lifetime
        until = world.clock.now() + timedelta(seconds=lifetime)
        save(
            world,
            authentication.model_copy(update={"redeemed": True, "refresh_until": until}),
        )
    return {
        "accessToken": _access_token(call, authentication),
        "refreshToken": world.bearers.issue(
            TokenKind.REFRESH, authentication.reference, authentication.context, lifetime
        ),
    }


@operation("POST", "/auth/token/refresh", group=Group.ANONYMOUS, access=Access.REFRESH)
def refresh(call: Call) -> dict[str, Any]:
    """A new access token with the permissions of this moment."""
    authentication = _current(call)
    _ensure_alive(call, authentication, "odświeżenie tokenu dostępowego")
    now = call.world.clock.now()
    save(call.world, authentication.model_copy(update={"last_refresh": now}))
    return {"accessToken": _access_token(call, authentication)}


def _current(call: Call) -> Authentication:
    reference = call.authentication.reference
    found = authentications(call.world).get(reference)
    if found is None:
        raise _not_found(reference)
    return found


def _ensure_alive(call: Call, authentication: Authentication, purpose: str) -> None:
    """Raise unless the authentication succeeded and still holds."""
    status = authentication.status_at(call.world.clock.micros())
    if status.code != 200:
        raise _no_authorization(
            f"Status uwierzytelniania ({status.code}) nie pozwala na {purpose}."
        )
    token = authentication.token_reference
    if token is not None and not token_is_active(call.world, token):
        raise _no_authorization("Token KSeF został unieważniony.")
    if is_deceased(call.world, authentication.subject.identifier):
        raise BadRequest(21308, "Próba wykorzystania metod autoryzacyjnych osoby zmarłej.")


def _access_token(call: Call, authentication: Authentication) -> dict[str, str]:
    return call.world.bearers.issue(
        TokenKind.ACCESS,
        authentication.reference,
        authentication.context,
        call.world.settings.access_token_lifetime,
        permissions_of(call.world, authentication),
    )


def _no_authorization(detail: str) -> BadRequest:
    return BadRequest(21301, "Brak autoryzacji.", detail)


def _not_found(reference: str) -> BadRequest:
    return BadRequest(
        21304,
        "Brak uwierzytelnienia.",
        f"Operacja uwierzytelniania o numerze referencyjnym {reference} nie została znaleziona.",
    )
