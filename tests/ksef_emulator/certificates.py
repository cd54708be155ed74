"""Test certificates, as the Ministry's examples make them: persons and seals, RSA and EC."""

import datetime as dt
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID, ObjectIdentifier

ORGANIZATION_IDENTIFIER = ObjectIdentifier("2.5.4.97")
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass(frozen=True)
class Identity:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: PrivateKey

    @property
    def fingerprint(self) -> str:
        return self.certificate.fingerprint(hashes.SHA256()).hex().upper()


def new_key(kind: str = "ec") -> PrivateKey:
    if kind == "rsa":
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return ec.generate_private_key(ec.SECP256R1())


def seal(nip: str, kind: str = "ec", **validity: dt.datetime) -> Identity:
    """An organization's seal: VATPL-NIP."""
    return _self_signed(
        [
            (NameOID.COUNTRY_NAME, "PL"),
            (NameOID.ORGANIZATION_NAME, "Firma próbna sp. z o.o."),
            (ORGANIZATION_IDENTIFIER, f"VATPL-{nip}"),
            (NameOID.COMMON_NAME, "Firma próbna"),
        ],
        new_key(kind),
        **validity,
    )


def person(serial_number: str, kind: str = "ec") -> Identity:
    """A person's certificate: `TINPL-NIP` or `PNOPL-PESEL`."""
    return _self_signed(
        [
            (NameOID.COUNTRY_NAME, "PL"),
            (NameOID.GIVEN_NAME, "Jan"),
            (NameOID.SURNAME, "Próbny"),
            (NameOID.SERIAL_NUMBER, serial_number),
            (NameOID.COMMON_NAME, "Jan Próbny"),
        ],
        new_key(kind),
    )


def peppol_provider(number: str) -> Identity:
    """A Peppol service provider's certificate."""
    return _self_signed(
        [
            (NameOID.COUNTRY_NAME, "PL"),
            (NameOID.ORGANIZATION_NAME, "Dostawca próbny"),
            (NameOID.COMMON_NAME, number),
        ],
        new_key(),
    )


def nameless(kind: str = "ec") -> Identity:
    """A certificate without a Polish identifier, known by its fingerprint only."""
    names = [(NameOID.COUNTRY_NAME, "DE"), (NameOID.COMMON_NAME, "Erika Probe")]
    return _self_signed(names, new_key(kind))


def _self_signed(
    names: list[tuple[ObjectIdentifier, str]],
    key: PrivateKey,
    not_before: dt.datetime | None = None,
    not_after: dt.datetime | None = None,
) -> Identity:
    name = x509.Name([x509.NameAttribute(oid, value) for oid, value in names])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(not_before or now - dt.timedelta(days=400))
        .not_valid_after(not_after or now + dt.timedelta(days=700))
        .sign(key, hashes.SHA256())
    )
    return Identity(certificate, key)
