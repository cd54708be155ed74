"""Challenges: ten minutes, one use."""

from datetime import timedelta
from typing import Any

from ksef_emulator.auth.records import Challenge
from ksef_emulator.clock import iso
from ksef_emulator.errors import BadRequest
from ksef_emulator.storage import Shelf
from ksef_emulator.world import World

LIFETIME = timedelta(minutes=10) // timedelta(microseconds=1)
MILLISECOND = 1000


def issue_challenge(world: World, client_ip: str) -> dict[str, Any]:
    """A new challenge; `timestamp` and `timestampMs` are the same moment to the millisecond."""
    now = world.clock.micros() // MILLISECOND * MILLISECOND
    value = world.numbering.reference("CR", world.clock.now())
    _shelf(world).put(value, Challenge(value=value, issued=now))
    return {
        "challenge": value,
        "timestamp": iso(now),
        "timestampMs": now // MILLISECOND,
        "clientIp": client_ip,
    }


def use_challenge(world: World, value: str) -> Challenge:
    """The live challenge, used up from now on; raises 21111."""
    with world.db.transaction():
        challenge = _shelf(world).get(value)
        if challenge is None or challenge.used or not _alive(world, challenge):
            raise BadRequest(21111, "Nieprawidłowe wyzwanie autoryzacyjne.")
        _shelf(world).put(value, challenge.model_copy(update={"used": True}))
    return challenge


def _alive(world: World, challenge: Challenge) -> bool:
    return 0 <= world.clock.micros() - challenge.issued <= LIFETIME


def _shelf(world: World) -> Shelf[Challenge]:
    return Shelf(world.db, "challenge", Challenge)
