"""Authentication by a KSeF token: `token|timestampMs`, encrypted for KSeF."""

import hashlib

from ksef_emulator.auth.authentication import start
from ksef_emulator.auth.challenges import MILLISECOND, use_challenge
from ksef_emulator.auth.records import (
    AllowedIps,
    Authentication,
    Method,
    Outcome,
    Subject,
    bad_token,
)
from ksef_emulator.crypto import UndecryptableError, Usage
from ksef_emulator.errors import unknown_key
from ksef_emulator.identifiers import WARSAW, Identifier
from ksef_emulator.tokens.records import KsefToken, TokenStatus, as_of_now, tokens
from ksef_emulator.world import World


def by_ksef_token(
    world: World,
    *,
    challenge: str,
    context: Identifier,
    encrypted: bytes,
    key_id: str | None,
    allowed_ips: AllowedIps | None,
) -> Authentication:
    """Use the challenge up, judge the token and start; raises 21111 and 21470."""
    issued = use_challenge(world, challenge).issued
    try:
        plain = world.keys.decrypt(Usage.TOKEN, encrypted, key_id)
    except KeyError as error:
        raise unknown_key(key_id or "") from error
    except UndecryptableError:
        plain = None
    token, problem = _judge(world, plain, issued // MILLISECOND, context)
    if token is not None and problem is None:
        used = token.model_copy(update={"last_use": world.clock.now()})
        tokens(world).put(token.reference, used, owner=str(token.context))
    return start(
        world,
        context,
        Subject(identifier=token.author if token else context),
        Method.TOKEN,
        problem,
        allowed_ips=allowed_ips,
        token_reference=token.reference if token else None,
        token_permissions=frozenset(token.permissions) if token else None,
    )


def _judge(
    world: World, plain: bytes | None, issued_ms: int, context: Identifier
) -> tuple[KsefToken | None, Outcome | None]:
    """The token and what is wrong with it, if anything."""
    if plain is None:
        return None, bad_token("Nieprawidłowe szyfrowanie tokena")
    try:
        text, _, stamp = plain.decode().rpartition("|")
    except UnicodeDecodeError:
        return None, bad_token("Nieprawidłowe kodowanie tokena")
    if stamp != str(issued_ms):
        return None, bad_token("Nieprawidłowy czas tokena")
    token = find_token(world, text)
    if token is None:
        return None, bad_token("Nieprawidłowy token")
    return token, _token_problem(world, token, context)


def _token_problem(world: World, token: KsefToken, context: Identifier) -> Outcome | None:
    if token.context != context:
        name = f"{context.type}: {context.value}"
        return bad_token(f"Token nie może być użyty w kontekście {name}")
    if token.status in {TokenStatus.REVOKED, TokenStatus.REVOKING}:
        return bad_token("Token unieważniony")
    if token.status is not TokenStatus.ACTIVE or tokens_have_ended(world):
        return bad_token("Token nieaktywny")
    return None


def tokens_have_ended(world: World) -> bool:
    """Whether the last day of KSeF tokens is over in Poland."""
    return world.clock.now().astimezone(WARSAW).date() > world.options.tokens_end


def find_token(world: World, text: str) -> KsefToken | None:
    """The token with this text; only its hash is kept."""
    token = tokens(world).get(text.partition("|")[0])
    if token is None or token.hash != hashlib.sha256(text.encode()).hexdigest():
        return None
    return as_of_now(world, token)


def token_is_active(world: World, reference: str) -> bool:
    """Whether the token may still be used."""
    token = tokens(world).get(reference)
    return token is not None and as_of_now(world, token).status is TokenStatus.ACTIVE
