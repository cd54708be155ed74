"""The certificate request: what it must say, and the certificate that it leads to."""

import binascii
from base64 import b64decode
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from ksef_emulator.auth.records import Subject
from ksef_emulator.authority import certificate_authority
from ksef_emulator.certificates.records import Certificate, CertificateType
from ksef_emulator.crypto import der_base64, sha256_base64
from ksef_emulator.errors import BadRequest
from ksef_emulator.world import World
from ksef_emulator.xades.subject import ORGANIZATION_IDENTIFIER

VALIDITY = timedelta(days=730)
ATTRIBUTES = {
    "commonName": NameOID.COMMON_NAME,
    "countryName": NameOID.COUNTRY_NAME,
    "givenName": NameOID.GIVEN_NAME,
    "surname": NameOID.SURNAME,
    "serialNumber": NameOID.SERIAL_NUMBER,
    "organizationName": NameOID.ORGANIZATION_NAME,
    "organizationIdentifier": ORGANIZATION_IDENTIFIER,
}
HASHES = ("sha1", "sha256", "sha384", "sha512")


def enrollment_data(subject: Subject) -> dict[str, str]:
    """What the request must say of its subject, read from his certificate."""
    data = {
        "commonName": subject.common_name,
        "countryName": subject.country or "PL",
        "givenName": subject.given_name,
        "surname": subject.surname,
        "serialNumber": subject.serial_number,
        "organizationName": subject.organization_name,
        "organizationIdentifier": subject.organization_identifier,
    }
    return {name: value for name, value in data.items() if value}


def read_request(text: str, subject: Subject) -> x509.CertificateSigningRequest:
    """The request, every rule checked; raises 25003, 25004, 25010, 25011."""
    request = _loaded(text)
    key = request.public_key()
    is_rsa = isinstance(key, rsa.RSAPublicKey) and key.key_size == 2048
    is_ec = isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name == "secp256r1"
    if not is_rsa and not is_ec:
        raise BadRequest(25010, "Nieprawidłowy typ lub długość klucza.")
    used = request.signature_hash_algorithm
    if used is None or used.name not in HASHES:
        raise BadRequest(25011, "Nieprawidłowy algorytm podpisu CSR.")
    if not request.is_signature_valid:
        raise _unreadable()
    said = {
        name: str(found[0].value)
        for name, oid in ATTRIBUTES.items()
        if (found := request.subject.get_attributes_for_oid(oid))
    }
    if said != enrollment_data(subject):
        raise BadRequest(
            25003, "Dane w CSR nie zgadzają się z danymi w użytym wektorze uwierzytelniającym."
        )
    return request


def _loaded(text: str) -> x509.CertificateSigningRequest:
    try:
        request = x509.load_der_x509_csr(b64decode(text, validate=True))
        request.public_key()
    except (ValueError, binascii.Error, UnsupportedAlgorithm) as error:
        raise _unreadable() from error
    return request


def _unreadable() -> BadRequest:
    return BadRequest(25004, "Niepoprawny format CSR lub niepoprawny podpis CSR.")


def key_hash(request: x509.CertificateSigningRequest) -> str:
    """SHA-256 of the public key, Base64."""
    return sha256_base64(
        request.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )


def issue(
    world: World,
    request: x509.CertificateSigningRequest,
    subject: Subject,
    *,
    name: str,
    kind: CertificateType,
    valid_from: datetime | None,
) -> Certificate:
    """A certificate for two years, signed by the emulator's authority."""
    authority = certificate_authority(world)
    now = world.clock.now()
    start = (valid_from or now).replace(microsecond=0)
    serial = world.numbering.serial()
    signs_documents = kind is CertificateType.OFFLINE
    built = (
        x509.CertificateBuilder()
        .subject_name(request.subject)
        .issuer_name(authority.certificate.subject)
        .public_key(request.public_key())
        .serial_number(int(serial, 16))
        .not_valid_before(start)
        .not_valid_after(start + VALIDITY)
        .add_extension(_key_usage(signs_documents=signs_documents), critical=True)
        .sign(authority.key, hashes.SHA256())
    )
    return Certificate(
        serial=serial,
        name=name,
        type=kind,
        subject=subject.identifier,
        common_name=subject.common_name,
        requested=now,
        valid_from=start,
        valid_to=start + VALIDITY,
        der=der_base64(built),
        key_hash=key_hash(request),
    )


def _key_usage(*, signs_documents: bool) -> x509.KeyUsage:
    """Digital signature for authentication, non-repudiation for offline invoices."""
    return x509.KeyUsage(
        digital_signature=not signs_documents,
        content_commitment=signs_documents,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
