"""The keys that KSeF publishes for encrypting what is sent to it; they rotate."""

import base64
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from ksef_client.models import PublicKeyCertificate

from obieg.ksef.errors import KsefUnavailable
from obieg.ksef.moments import parse_moment
from obieg.ksef.rates import Group
from obieg.ksef.wire import Wire

FOR_TOKENS = "KsefTokenEncryption"
FOR_CONTENT = "SymmetricKeyEncryption"
UNKNOWN_KEY = 21470  # KSeF API 2.9: the key named by publicKeyId is unknown or withdrawn
KEEP_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Wrapped:
    """What was encrypted for KSeF (Base64), and which of its keys it was encrypted with."""

    ciphertext: str
    public_key_id: str | None


@dataclass(frozen=True, slots=True)
class PublishedKey:
    """A public key of KSeF, what it is for and when."""

    id: str | None
    key: RSAPublicKey
    usage: frozenset[str]
    valid_from: datetime
    valid_to: datetime

    @classmethod
    def read(cls, given: PublicKeyCertificate) -> Self:
        """The key in KSeF's answer; ValueError where it is unreadable or no RSA key."""
        key = x509.load_der_x509_certificate(base64.b64decode(given.certificate)).public_key()
        if not isinstance(key, RSAPublicKey):
            raise ValueError("not an RSA key")  # noqa: TRY004 - the answer is wrong, not the call
        return cls(
            id=given.public_key_id,
            key=key,
            usage=frozenset(str(usage.value) for usage in given.usage),
            valid_from=parse_moment(given.valid_from or ""),
            valid_to=parse_moment(given.valid_to or ""),
        )


class PublicKeys:
    """The published keys of one environment, asked for once in ten minutes by a process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._published: list[PublishedKey] = []
        self._fetched_at = 0.0

    def wrap(self, wire: Wire, usage: str, plain: bytes) -> Wrapped:
        """`plain` under the newest valid key of `usage`, by RSA-OAEP with SHA-256."""
        chosen = _newest(self._all(wire), usage)
        ciphertext = chosen.key.encrypt(plain, OAEP(MGF1(SHA256()), SHA256(), None))
        return Wrapped(base64.b64encode(ciphertext).decode(), chosen.id)

    def forget(self) -> None:
        """Ask again at the next use: KSeF no longer takes what is remembered."""
        with self._lock:
            self._published = []

    def _all(self, wire: Wire) -> list[PublishedKey]:
        with self._lock:
            stale = time.monotonic() - self._fetched_at > KEEP_SECONDS
            if stale or not self._published:
                self._published = wire.call(
                    Group.ANONYMOUS,
                    "GET /security/public-key-certificates",
                    lambda client: [
                        PublishedKey.read(given)
                        for given in client.security.get_public_key_certificates()
                    ],
                )
                self._fetched_at = time.monotonic()
            return self._published


def _newest(published: list[PublishedKey], usage: str) -> PublishedKey:
    now = datetime.now(UTC)
    fitting = [key for key in published if usage in key.usage]
    valid = [key for key in fitting if key.valid_from <= now < key.valid_to]
    if not valid:
        raise KsefUnavailable(reason="brak ważnego klucza publicznego KSeF")
    return max(valid, key=lambda key: key.valid_from)


_BY_ADDRESS: dict[str, PublicKeys] = {}


def public_keys(wire: Wire) -> PublicKeys:
    """The keys of the environment that `wire` leads to, shared by the process."""
    return _BY_ADDRESS.setdefault(wire.environment.api_url, PublicKeys())
