"""Envelope encryption: every secret under a key of its own, that key under the master key.

AES-256-GCM twice. The associated data bind both to the client, the kind and the environment, so
that a row copied to another client does not open. The nonces are random and used once a key.
"""

import os
from dataclasses import dataclass
from typing import Protocol, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from obieg.ksef.packages import ContentKey
from obieg.office.models import Client
from obieg.vault.errors import OtherMasterKey, SecretTampered
from obieg.vault.key_ring import opening_key, sealing_key
from obieg.vault.master import ID_BYTES, KEY_BYTES, MasterKey, master_key

NONCE_BYTES = 12
TAG_BYTES = 16
WRAPPED_BYTES = NONCE_BYTES + KEY_BYTES + TAG_BYTES
PACKED_VERSION = b"\x01"
IV_BYTES = 16


class SealedRow(Protocol):
    """What carries an envelope: a row of the database, or the envelope itself."""

    @property
    def ciphertext(self) -> bytes | memoryview: ...
    @property
    def wrapped_key(self) -> bytes | memoryview: ...
    @property
    def master_key_id(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Binding:
    """To whom and what a secret belongs; with no client it is the office's."""

    client_id: int | None
    kind: str
    environment: str

    def associated_data(self, part: str) -> bytes:
        """What the cipher authenticates with `part` (`secret` or `key`) and does not store."""
        client = "" if self.client_id is None else str(self.client_id)
        return "\x1f".join(("obieg", part, client, self.kind, self.environment)).encode()


@dataclass(frozen=True, slots=True)
class Envelope:
    """A sealed secret, with the fields of `vault.models.Sealed`."""

    ciphertext: bytes
    wrapped_key: bytes
    master_key_id: str

    def pack(self) -> bytes:
        """All of it in one value, for rows that have one column for it."""
        return (
            PACKED_VERSION + bytes.fromhex(self.master_key_id) + self.wrapped_key + self.ciphertext
        )

    @classmethod
    def unpack(cls, packed: bytes) -> Self:
        """The envelope that `pack` made, or SecretTampered."""
        start = 1 + ID_BYTES
        shortest = start + WRAPPED_BYTES + NONCE_BYTES + TAG_BYTES
        if packed[:1] != PACKED_VERSION or len(packed) < shortest:
            raise SecretTampered
        return cls(
            master_key_id=packed[1:start].hex(),
            wrapped_key=packed[start : start + WRAPPED_BYTES],
            ciphertext=packed[start + WRAPPED_BYTES :],
        )


def seal(plain: bytes, binding: Binding, *, under: MasterKey | None = None) -> Envelope:
    """`plain` in an envelope that opens only with the same binding and master key."""
    master = under or sealing_key(master_key())
    data_key = AESGCM.generate_key(KEY_BYTES * 8)
    return Envelope(
        ciphertext=_encrypt(data_key, plain, binding.associated_data("secret")),
        wrapped_key=_encrypt(master.key, data_key, binding.associated_data("key")),
        master_key_id=master.id,
    )


def unseal(sealed: SealedRow, binding: Binding, *, under: MasterKey | None = None) -> bytes:
    """The secret; SecretTampered where anything was changed, OtherMasterKey where the key was."""
    master = under or opening_key(master_key(), sealed.master_key_id)
    if sealed.master_key_id != master.id:
        raise OtherMasterKey(sealed_under=sealed.master_key_id, present=master.id)
    data_key = _decrypt(master.key, sealed.wrapped_key, binding.associated_data("key"))
    return _decrypt(data_key, sealed.ciphertext, binding.associated_data("secret"))


def rewrap(sealed: SealedRow, binding: Binding, *, old: MasterKey, new: MasterKey) -> Envelope:
    """The same secret with its data key under `new`; the ciphertext is not touched."""
    associated = binding.associated_data("key")
    data_key = _decrypt(old.key, sealed.wrapped_key, associated)
    return Envelope(
        ciphertext=bytes(sealed.ciphertext),
        wrapped_key=_encrypt(new.key, data_key, associated),
        master_key_id=new.id,
    )


def seal_package_key(key: ContentKey, *, client: Client, environment: str) -> bytes:
    """The AES key and IV of an export package, for `inbox.Package.sealed_key`."""
    return seal(key.key + key.iv, _package(client, environment)).pack()


def unseal_package_key(sealed: bytes, *, client: Client, environment: str) -> ContentKey:
    """The key that `seal_package_key` sealed for the same client and environment."""
    plain = unseal(Envelope.unpack(bytes(sealed)), _package(client, environment))
    if len(plain) != KEY_BYTES + IV_BYTES:
        raise SecretTampered
    return ContentKey(key=plain[:KEY_BYTES], iv=plain[KEY_BYTES:])


def _package(client: Client, environment: str) -> Binding:
    return Binding(client_id=client.pk, kind="package", environment=environment)


def _encrypt(key: bytes, plain: bytes, associated: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, associated)


def _decrypt(key: bytes, sealed: bytes | memoryview, associated: bytes) -> bytes:
    body = bytes(sealed)  # the database gives a memoryview
    if len(body) < NONCE_BYTES + TAG_BYTES:
        raise SecretTampered
    try:
        return AESGCM(key).decrypt(body[:NONCE_BYTES], body[NONCE_BYTES:], associated)
    except InvalidTag:
        raise SecretTampered from None
