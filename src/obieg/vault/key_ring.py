"""The two master keys while one gives way to the other: whoever has either opens both."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from obieg.vault.errors import SecretTampered
from obieg.vault.master import MasterKey
from obieg.vault.models import Rotation

NONCE_BYTES = 12


def pair(old: MasterKey, new: MasterKey) -> Rotation:
    """The unsaved rotation, each key under the other."""
    return Rotation(
        old_id=old.id,
        new_id=new.id,
        new_under_old=_wrap(old, new),
        old_under_new=_wrap(new, old),
    )


def sealing_key(present: MasterKey) -> MasterKey:
    """The new key while a rotation goes on, else the present one."""
    rotation = under_way()
    if rotation is None or rotation.old_id != present.id:
        return present
    return _unwrap(rotation.new_under_old, present, rotation.new_id)


def opening_key(present: MasterKey, wanted: str) -> MasterKey:
    """The key `wanted` (its id) where it is the present one or its partner, else the present."""
    if present.id == wanted:
        return present
    rotation = under_way()
    if rotation is None or {rotation.old_id, rotation.new_id} != {present.id, wanted}:
        return present
    sealed = rotation.new_under_old if present.id == rotation.old_id else rotation.old_under_new
    return _unwrap(sealed, present, wanted)


def under_way() -> Rotation | None:
    """The rotation that is not finished."""
    return Rotation.objects.filter(finished_at=None).first()


def _wrap(under: MasterKey, key: MasterKey) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(under.key).encrypt(nonce, key.key, _associated(under.id, key.id))


def _unwrap(sealed: bytes | memoryview, under: MasterKey, wanted: str) -> MasterKey:
    body = bytes(sealed)
    try:
        plain = AESGCM(under.key).decrypt(
            body[:NONCE_BYTES], body[NONCE_BYTES:], _associated(under.id, wanted)
        )
    except (InvalidTag, ValueError):
        raise SecretTampered from None
    return MasterKey(plain)


def _associated(under: str, key: str) -> bytes:
    return f"obieg/rotation/{under}/{key}".encode()
