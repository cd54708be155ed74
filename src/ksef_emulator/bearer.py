"""Bearer tokens: JWTs of three kinds that the emulator signs and reads."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import jwt

from ksef_emulator.clock import Clock
from ksef_emulator.errors import Unauthorized
from ksef_emulator.identifiers import Identifier

ALGORITHM = "HS256"
ISSUER = "ksef-emulator"


class TokenKind(StrEnum):
    """What a bearer token opens; the values stand in its `typ` claim."""

    OPERATION = "OperationToken"  # status and redeem of one authentication
    ACCESS = "ContextToken"
    REFRESH = "RefreshToken"


@dataclass(frozen=True)
class Bearer:
    """The claims that the emulator relies on."""

    kind: TokenKind
    reference: str  # of the authentication
    permissions: frozenset[str]


class BearerTokens:
    """Signs and reads bearer tokens by the emulator's clock."""

    def __init__(self, secret: str, clock: Clock) -> None:
        self._secret = secret
        self._clock = clock
        self.generation = 0  # access tokens of an older generation have expired

    def issue(
        self,
        kind: TokenKind,
        reference: str,
        context: Identifier,
        lifetime: int,
        permissions: frozenset[str] = frozenset(),
    ) -> dict[str, str]:
        """A TokenInfo: the JWT and `validUntil`; `lifetime` in seconds."""
        now = self._clock.now()
        until = now + timedelta(seconds=lifetime)
        claims = {
            "iss": ISSUER,
            "aud": ISSUER,
            "typ": kind,
            "iat": int(now.timestamp()),
            "exp": int(until.timestamp()),
            "jti": f"{self._clock.tick():x}",
            "arn": reference,
            "cit": context.type,
            "civ": context.value,
            "per": json.dumps(sorted(permissions)),
            "gen": self.generation,
        }
        return {
            "token": jwt.encode(claims, self._secret, ALGORITHM),
            "validUntil": until.isoformat(timespec="microseconds"),
        }

    def read(self, token: str, *kinds: TokenKind) -> Bearer:
        """The token's claims; raises Unauthorized for any other, foreign or expired token."""
        claims = self._verified(token)
        if claims["typ"] not in kinds:
            raise Unauthorized("Przekazany token nie jest właściwego rodzaju dla tej operacji.")
        if self._expired(claims):
            raise Unauthorized("Ważność tokena wygasła.")
        return Bearer(TokenKind(claims["typ"]), claims["arn"], frozenset(json.loads(claims["per"])))

    def _verified(self, token: str) -> dict[str, Any]:
        try:
            # the emulator's clock decides about expiry, not the computer's
            return jwt.decode(
                token,
                self._secret,
                [ALGORITHM],
                audience=ISSUER,
                options={"verify_exp": False, "verify_iat": False, "verify_nbf": False},
            )
        except jwt.InvalidTokenError as error:
            raise Unauthorized("Nieprawidłowy token.") from error

    def _expired(self, claims: dict[str, Any]) -> bool:
        stale = claims["typ"] == TokenKind.ACCESS and claims["gen"] < self.generation
        return stale or datetime.fromtimestamp(claims["exp"], self._clock.now().tzinfo) <= (
            self._clock.now()
        )
