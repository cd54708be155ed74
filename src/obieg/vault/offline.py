"""The Offline certificate: by whose key code II of an invoice is signed, every use logged."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import load_der_private_key

from obieg.core.polish import WARSAW
from obieg.ksef.secrets import CertificateSecret
from obieg.office.models import Client, Operator
from obieg.vault.errors import CertificateExpired, NoOfflineCertificate
from obieg.vault.models import Credential, CredentialKind, CredentialUsage
from obieg.vault.opening import open_credential


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs: the certificate's number as KSeF writes it (16 digits, base 16), and the key."""

    serial: str
    private_key: PrivateKeyTypes = field(repr=False)


def offline_certificate_for(client: Client) -> Credential:
    """The client's own Offline certificate in its environment, else the office's.

    Raises NoOfflineCertificate, or CertificateExpired where there is none but an ended one.
    """
    held = Credential.objects.across_clients().filter(
        environment=client.environment,
        active=True,
        usage=CredentialUsage.OFFLINE,
        kind=CredentialKind.CERTIFICATE,
    )
    found: list[Credential] = [*held.filter(client=client), *held.filter(client=None)]
    if not found:
        raise NoOfflineCertificate(client=client.name, environment=client.get_environment_display())
    now = datetime.now(UTC)
    for credential in found:
        if credential.valid_to is None or credential.valid_to > now:
            return credential
    ended = found[0]
    assert ended.valid_to is not None  # noqa: S101 - the loop returned it otherwise
    raise CertificateExpired(label=ended.label, valid_to=ended.valid_to.astimezone(WARSAW))


@contextmanager
def sign_with(
    credential: Credential, *, client: Client, actor: Operator | None, purpose: str
) -> Iterator[Signer]:
    """The key of an Offline certificate, for use within the `with` block; one use in the log.

    It may sign many codes; it may not be opened inside a transaction (RuntimeError).
    """
    with open_credential(credential, actor=actor, purpose=purpose, client=client) as secret:
        assert isinstance(secret, CertificateSecret)  # noqa: S101 - tokens have no such usage
        yield Signer(
            serial=serial_of(secret.certificate),
            private_key=load_der_private_key(secret.private_key, None),
        )


def serial_of(certificate: bytes) -> str:
    """The number of a KSeF certificate (DER) as its API and code II write it."""
    return f"{x509.load_der_x509_certificate(certificate).serial_number:016X}"
