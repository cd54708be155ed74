"""Getting access: challenge, proof by token or certificate, a short wait, tokens; and refresh."""

import time

from ksef_client.models import (
    AuthenticationContextIdentifier,
    AuthenticationContextIdentifierType,
    AuthenticationInitResponse,
    AuthenticationTokensResponse,
    InitTokenAuthenticationRequest,
    StatusInfo,
    TokenInfo,
)

from obieg.core.internal_id import context_type
from obieg.ksef.errors import (
    AccessDenied,
    CredentialRefused,
    KsefRefused,
    KsefUnavailable,
    LoginPending,
)
from obieg.ksef.moments import parse_moment
from obieg.ksef.public_keys import FOR_TOKENS, UNKNOWN_KEY, public_keys
from obieg.ksef.rates import Group
from obieg.ksef.secrets import AccessToken, CertificateSecret, Secret, Tokens, TokenSecret
from obieg.ksef.signature import signed_request
from obieg.ksef.wire import Wire

WAITS = (0.0, 0.1, 0.2, 0.4, 0.6, 0.7)  # seconds before each look at the status: 2 in all
# statuses of an authentication, KSeF API 2.9
PENDING, DONE, NO_PERMISSION, SERVER_FAILURE = 100, 200, 415, 500


def authenticate(wire: Wire, secret: Secret, *, context: str) -> Tokens:
    """Access in the context of a NIP or an internal identifier.

    Raises CredentialRefused, AccessDenied, LoginPending (after 2 seconds), and what the wire does.
    """
    return _redeem(wire, _start(wire, secret, context))


def _redeem(wire: Wire, started: AuthenticationInitResponse) -> Tokens:
    authentication = started.authentication_token.token
    _await(wire, started.reference_number, authentication)
    return wire.call(
        Group.ANONYMOUS,
        "POST /auth/token/redeem",
        lambda client: _tokens(client.auth.redeem_token(authentication)),
    )


def challenge(wire: Wire) -> str:
    """A challenge, good for ten minutes and one use. POST /auth/challenge."""
    told = wire.call(
        Group.ANONYMOUS, "POST /auth/challenge", lambda client: client.auth.get_challenge()
    )
    return told.challenge


def authenticate_signed(wire: Wire, document: str) -> Tokens:
    """Access by an AuthTokenRequest that was signed elsewhere; raises as `authenticate` does."""
    try:
        started = _submit(wire, document)
    except KsefRefused as refused:
        raise CredentialRefused(text=refused.facts["text"]) from refused
    return _redeem(wire, started)


def refresh(wire: Wire, refresh_token: str) -> AccessToken:
    """A new access token; AccessExpired or KsefRefused where the refresh token has ended."""
    return wire.call(
        Group.ANONYMOUS,
        "POST /auth/token/refresh",
        lambda client: _token(client.auth.refresh_access_token(refresh_token).access_token),
    )


def _start(wire: Wire, secret: Secret, context: str) -> AuthenticationInitResponse:
    try:
        return _prove(wire, secret, context)
    except KsefRefused as refused:
        if refused.ksef_code != UNKNOWN_KEY:
            raise CredentialRefused(text=refused.facts["text"]) from refused
    public_keys(wire).forget()
    return _prove(wire, secret, context)


def _prove(wire: Wire, secret: Secret, context: str) -> AuthenticationInitResponse:
    challenge = wire.call(
        Group.ANONYMOUS, "POST /auth/challenge", lambda client: client.auth.get_challenge()
    )
    if isinstance(secret, TokenSecret):
        return _by_token(wire, secret, context, challenge.challenge, challenge.timestamp_ms)
    return _by_certificate(wire, secret, context, challenge.challenge)


def _by_token(
    wire: Wire, secret: TokenSecret, context: str, challenge: str, timestamp_ms: int
) -> AuthenticationInitResponse:
    wrapped = public_keys(wire).wrap(wire, FOR_TOKENS, f"{secret.token}|{timestamp_ms}".encode())
    request = InitTokenAuthenticationRequest(
        challenge=challenge,
        context_identifier=AuthenticationContextIdentifier(
            type=AuthenticationContextIdentifierType(context_type(context)), value=context
        ),
        encrypted_token=wrapped.ciphertext,
        public_key_id=wrapped.public_key_id,
    )
    return wire.call(
        Group.ANONYMOUS,
        "POST /auth/ksef-token",
        lambda client: client.auth.submit_ksef_token_auth(request),
        success=202,
    )


def _by_certificate(
    wire: Wire, secret: CertificateSecret, context: str, challenge: str
) -> AuthenticationInitResponse:
    return _submit(wire, signed_request(secret, challenge=challenge, context=context))


def _submit(wire: Wire, document: str) -> AuthenticationInitResponse:
    started = wire.call(
        Group.ANONYMOUS,
        "POST /auth/xades-signature",
        lambda client: client.auth.submit_xades_auth_request(document),
        success=202,
    )
    if started is None:
        raise KsefUnavailable(reason="pusta odpowiedź na uwierzytelnienie")
    return started


def _await(wire: Wire, reference: str, authentication: str) -> None:
    for wait in WAITS:
        time.sleep(wait)
        answer = wire.call(
            Group.ANONYMOUS,
            "GET /auth/{referenceNumber}",
            lambda client: client.auth.get_auth_status(reference, authentication),
        )
        if answer.status.code == DONE:
            return
        _require_pending(answer.status)
    raise LoginPending


def _require_pending(status: StatusInfo) -> None:
    if status.code < DONE:
        return
    words = [status.description.rstrip("."), *(status.details or [])]
    text = f"{': '.join(words)} (kod {status.code})"
    if status.code == NO_PERMISSION:
        raise AccessDenied(text=text)
    if status.code >= SERVER_FAILURE:
        raise KsefUnavailable(reason=text)
    raise CredentialRefused(text=text)


def _tokens(answer: AuthenticationTokensResponse) -> Tokens:
    return Tokens(access=_token(answer.access_token), refresh=_token(answer.refresh_token))


def _token(info: TokenInfo) -> AccessToken:
    """ValueError where KSeF did not say how long the token lasts."""
    return AccessToken(token=info.token, until=parse_moment(info.valid_until or ""))
