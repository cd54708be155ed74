"""The Ministry's signing key and KSeF's certificate authority, both the emulator's own."""

from dataclasses import dataclass
from datetime import timedelta

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from ksef_emulator.crypto import private_pem, self_signed
from ksef_emulator.storage import Shelf
from ksef_emulator.wire import Model
from ksef_emulator.world import World


class StoredSigner(Model):
    """A key with its certificate, PEM."""

    key: str
    certificate: str


@dataclass(frozen=True)
class Signer:
    """A key that signs, with the certificate that says whose it is."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate


def ministry(world: World) -> Signer:
    """The Ministry's seal, with which every UPO is signed."""
    return _signer(world, "Ministerstwo Finansów (emulator)")


def certificate_authority(world: World) -> Signer:
    """The issuer of KSeF certificates."""
    return _signer(world, "Certum KSeF CA (emulator)")


def _signer(world: World, name: str) -> Signer:
    shelf = Shelf(world.db, "signer", StoredSigner)
    with world.db.lock:
        stored = shelf.get(name)
        if stored is None:
            stored = _make(world, name)
            shelf.put(name, stored)
    key = serialization.load_pem_private_key(stored.key.encode(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)  # noqa: S101  # made below
    return Signer(key, x509.load_pem_x509_certificate(stored.certificate.encode()))


def _make(world: World, name: str) -> StoredSigner:
    key = ec.generate_private_key(ec.SECP256R1())
    start = world.clock.now() - timedelta(days=365)
    certificate = self_signed(name, key, start)
    pem = certificate.public_bytes(serialization.Encoding.PEM).decode()
    return StoredSigner(key=private_pem(key), certificate=pem)
