"""Clients and key files for the vault's tests; invented names, NIPs of prefix 999."""

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates

from obieg.office.models import Client, KsefEnvironment
from obieg.vault.credentials import add_certificate
from obieg.vault.models import Credential, CredentialUsage
from tests.ksef_emulator.certificates import Identity, seal

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


def keep_offline(client: Client | None, *, environment: str = KsefEnvironment.TEST) -> Credential:
    """A certificate marked as KSeF marks those of type Offline, though KSeF did not give it."""
    usage = x509.KeyUsage(False, True, False, False, False, False, False, False, False)
    made = seal("9990000029")
    built = (
        x509.CertificateBuilder()
        .subject_name(made.certificate.subject)
        .issuer_name(made.certificate.issuer)
        .public_key(made.key.public_key())
        .serial_number(made.certificate.serial_number)
        .not_valid_before(made.certificate.not_valid_before_utc)
        .not_valid_after(made.certificate.not_valid_after_utc)
        .add_extension(usage, critical=True)
    )
    identity = Identity(built.sign(made.key, hashes.SHA256()), made.key)
    return add_certificate(
        client,
        certificate_of(identity),
        key_of(identity),
        environment=environment,
        label="Certyfikat Offline",
        actor=None,
        usage=CredentialUsage.OFFLINE,
    )
