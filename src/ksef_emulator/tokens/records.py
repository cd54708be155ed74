"""KSeF tokens as they are kept: never the token itself, only its hash."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from ksef_emulator.identifiers import Identifier
from ksef_emulator.storage import Shelf
from ksef_emulator.wire import Choice, Model
from ksef_emulator.world import World


class TokenStatus(Choice):
    """The life of a token."""

    PENDING = "Pending"
    ACTIVE = "Active"
    REVOKING = "Revoking"
    REVOKED = "Revoked"
    FAILED = "Failed"


class KsefToken(Model):
    """A token with the permissions that it was made with."""

    reference: str
    hash: str
    context: Identifier
    author: Identifier
    permissions: tuple[str, ...]
    description: str
    created: datetime
    ready: datetime | None = None  # until then it is being activated
    last_use: datetime | None = None
    status: TokenStatus = TokenStatus.ACTIVE

    def as_json(self) -> dict[str, Any]:
        """The specification's TokenStatusResponse."""
        return {
            "referenceNumber": self.reference,
            "authorIdentifier": self.author.model_dump(),
            "contextIdentifier": self.context.model_dump(),
            "description": self.description,
            "requestedPermissions": list(self.permissions),
            "dateCreated": self.created.isoformat(),
            "lastUseDate": self.last_use and self.last_use.isoformat(),
            "status": self.status,
        }


def tokens(world: World) -> Shelf[KsefToken]:
    """Every token by reference, owned by its context."""
    return Shelf(world.db, "token", KsefToken)


def as_of_now(world: World, token: KsefToken) -> KsefToken:
    """The token with the status that it has by now."""
    waits = token.ready is not None and world.clock.now() < token.ready
    if waits and token.status is TokenStatus.ACTIVE:
        return token.model_copy(update={"status": TokenStatus.PENDING})
    return token


def make_token(
    world: World,
    context: Identifier,
    author: Identifier,
    permissions: tuple[str, ...],
    description: str,
    *,
    activation: timedelta = timedelta(),
) -> dict[str, str]:
    """A new token, which works after `activation`; its text is told only here."""
    now = world.clock.now()
    reference = world.numbering.reference("EC", now)
    kind = context.type[0].lower() + context.type[1:]
    text = f"{reference}|{kind}-{context.value}|{secrets.token_hex(32)}"
    token = KsefToken(
        reference=reference,
        hash=hashlib.sha256(text.encode()).hexdigest(),
        context=context,
        author=author,
        permissions=permissions,
        description=description,
        created=now,
        ready=now + activation,
    )
    tokens(world).put(reference, token, owner=str(context))
    return {"referenceNumber": reference, "token": text}
