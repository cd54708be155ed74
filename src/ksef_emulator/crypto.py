"""KSeF's keys: published for encryption, rotated on command, with the certificates around them."""

import base64
import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from enum import StrEnum

from cryptography import x509
from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives import hashes, padding, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.x509.oid import NameOID

from ksef_emulator.clock import Clock
from ksef_emulator.storage import Database, Shelf
from ksef_emulator.wire import Model

VALIDITY = timedelta(days=730)
OAEP_SHA256 = OAEP(mgf=MGF1(hashes.SHA256()), algorithm=hashes.SHA256(), label=None)


class Usage(StrEnum):
    """What a published key encrypts."""

    TOKEN = "KsefTokenEncryption"  # noqa: S105  # the specification's word, no secret
    SYMMETRIC_KEY = "SymmetricKeyEncryption"


class UndecryptableError(Exception):
    """The ciphertext was not made with the key, or not as agreed."""


class PublishedKey(Model):
    """One RSA key with its certificate; `retired` keys are neither listed nor accepted."""

    key_id: str
    usage: Usage
    private_pem: str
    certificate: str  # Base64 of the DER
    valid_from: datetime
    valid_to: datetime
    retired: bool = False


class Keyring:
    """The published keys; made when first asked for, kept with the state."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._shelf = Shelf(database, "key", PublishedKey)
        self._database = database
        self._clock = clock
        self._loaded: dict[str, rsa.RSAPrivateKey] = {}

    def published(self) -> list[PublishedKey]:
        """Keys that clients may use now, of every usage."""
        return [key for usage in Usage for key in self.of(usage)]

    def of(self, usage: Usage) -> list[PublishedKey]:
        """Accepted keys of one usage, the newest first; the first one is made here."""
        with self._database.lock:
            keys = [key for key in self._shelf.find(owner=usage) if not key.retired]
            return keys or [self._make(usage)]

    def rotate(self, usage: Usage, *, keep_old: bool) -> None:
        """Publish a new key; without `keep_old` the old ones are refused from now on."""
        with self._database.transaction():
            for key in self.of(usage):
                if not keep_old:
                    self._put(key.model_copy(update={"retired": True}))
            self._make(usage)

    def decrypt(self, usage: Usage, ciphertext: bytes, key_id: str | None) -> bytes:
        """RSA-OAEP SHA-256 with the named key, or with any accepted key where none is named.

        Raises KeyError for a key that is not accepted, UndecryptableError for a bad ciphertext.
        """
        keys = self.of(usage)
        if key_id is not None:
            keys = [key for key in keys if key.key_id == key_id]
            if not keys:
                raise KeyError(key_id)
        for key in keys:
            try:
                return self._private(key).decrypt(ciphertext, OAEP_SHA256)
            except (ValueError, InvalidKey):
                continue
        raise UndecryptableError

    def _private(self, key: PublishedKey) -> rsa.RSAPrivateKey:
        if key.key_id not in self._loaded:
            loaded = serialization.load_pem_private_key(key.private_pem.encode(), None)
            assert isinstance(loaded, rsa.RSAPrivateKey)  # noqa: S101  # made below
            self._loaded[key.key_id] = loaded
        return self._loaded[key.key_id]

    def _make(self, usage: Usage) -> PublishedKey:
        private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        start = self._clock.now() - timedelta(minutes=5)
        certificate = self_signed("Ministerstwo Finansów (emulator)", private, start)
        key = PublishedKey(
            key_id=public_key_id(private.public_key()),
            usage=usage,
            private_pem=private_pem(private),
            certificate=der_base64(certificate),
            valid_from=certificate.not_valid_before_utc,
            valid_to=certificate.not_valid_after_utc,
        )
        self._put(key)
        return key

    def _put(self, key: PublishedKey) -> None:
        self._shelf.put(key.key_id, key, owner=key.usage)


def self_signed(
    common_name: str, key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, start: datetime
) -> x509.Certificate:
    """A certificate that a key gives itself, valid for two years."""
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "PL"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + VALIDITY)
        .sign(key, hashes.SHA256())
    )


def private_pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    """The key as unencrypted PKCS#8; it protects nothing but the emulator's own play."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def public_key_id(key: rsa.RSAPublicKey) -> str:
    """Base64 of the SHA-256 of the key's SubjectPublicKeyInfo."""
    der = key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return sha256_base64(der)


def der_base64(certificate: x509.Certificate) -> str:
    """The certificate's DER in Base64."""
    return base64.b64encode(certificate.public_bytes(serialization.Encoding.DER)).decode()


def sha256_base64(data: bytes) -> str:
    """SHA-256 in Base64, as KSeF writes every hash."""
    return base64.b64encode(hashlib.sha256(data).digest()).decode()


def aes_encrypt(data: bytes, key: bytes, iv: bytes) -> bytes:
    """AES-256-CBC with PKCS#7."""
    padder = padding.PKCS7(128).padder()
    encryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor()
    return encryptor.update(padder.update(data) + padder.finalize()) + encryptor.finalize()


def aes_decrypt(data: bytes, key: bytes, iv: bytes) -> bytes:
    """Undo `aes_encrypt`; raises UndecryptableError."""
    return b"".join(aes_decrypted([data], key, iv))


def aes_decrypted(pieces: Iterable[bytes], key: bytes, iv: bytes) -> Iterator[bytes]:
    """Undo `aes_encrypt` a piece at a time; raises UndecryptableError, at the end at the latest."""
    try:
        decryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor()
        unpadder = padding.PKCS7(128).unpadder()
        for piece in pieces:
            yield unpadder.update(decryptor.update(piece))
        yield unpadder.update(decryptor.finalize()) + unpadder.finalize()
    except ValueError as error:
        raise UndecryptableError from error


def sha256_of(pieces: Iterable[bytes]) -> str:
    """SHA-256 in Base64 of what comes in pieces."""
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return base64.b64encode(digest.digest()).decode()
