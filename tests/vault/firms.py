"""Clients and key files for the vault's tests; invented names, NIPs of prefix 999."""

from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates

from obieg.office.models import Client, KsefEnvironment
from tests.ksef_emulator.certificates import Identity

TOKEN = "20261121-EC-1A2B3C4D5E-6F7A8B9C0D-EF|nip-9990000029|" + "5ecre7" * 10


def new_client(nip: str = "9990000029", **fields: object) -> Client:
    fields = {"name": "Próbna sp. z o.o.", "environment": KsefEnvironment.TEST, **fields}
    return Client.objects.create(nip=nip, **fields)


def certificate_of(identity: Identity, encoding: Encoding = Encoding.PEM) -> bytes:
    return identity.certificate.public_bytes(encoding)


def key_of(
    identity: Identity, encoding: Encoding = Encoding.PEM, password: str | None = None
) -> bytes:
    protection = BestAvailableEncryption(password.encode()) if password else NoEncryption()
    return identity.key.private_bytes(encoding, PrivateFormat.PKCS8, protection)


def pkcs12_of(identity: Identity, password: str | None = None) -> bytes:
    protection = BestAvailableEncryption(password.encode()) if password else NoEncryption()
    return serialize_key_and_certificates(
        b"obieg", identity.key, identity.certificate, None, protection
    )
