"""Who stands behind a certificate: NIP, PESEL, Peppol identifier or fingerprint."""

import re

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import NameOID, ObjectIdentifier

from ksef_emulator.auth.records import Method, Subject
from ksef_emulator.identifiers import Identifier, IdentifierType
from ksef_emulator.xades.verification import CertificateInvalid

ORGANIZATION_IDENTIFIER = ObjectIdentifier("2.5.4.97")
# ksef-docs, auth/podpis-xades.md: recognised patterns of serialNumber and organizationIdentifier
PERSON_PATTERNS = (
    (IdentifierType.PESEL, re.compile(r"(PNOPL|PESEL).*?(?P<identifier>\d{11})")),
    (IdentifierType.NIP, re.compile(r"(TINPL|NIP).*?(?P<identifier>\d{10})")),
)
SEAL_PATTERN = re.compile(r"(VATPL).*?(?P<identifier>\d{10})")
PEPPOL_PATTERN = re.compile(r"^P[A-Z]{2}\d{6}$")


class SubjectUnknown(ValueError):
    """The certificate names nobody whom KSeF knows; only its fingerprint could."""


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the certificate in capital hexadecimal digits."""
    return certificate.fingerprint(hashes.SHA256()).hex().upper()


def method_of(certificate: x509.Certificate) -> Method:
    """What kind of signature the certificate makes, judged by its subject."""
    if PEPPOL_PATTERN.match(_attribute(certificate, NameOID.COMMON_NAME) or ""):
        return Method.PEPPOL_SIGNATURE
    if _attribute(certificate, ORGANIZATION_IDENTIFIER):
        return Method.QUALIFIED_SEAL
    return Method.QUALIFIED_SIGNATURE


def subject_of(certificate: x509.Certificate, *, by_fingerprint: bool) -> Subject:
    """The subject as he asked to be known; raises SubjectUnknown, CertificateInvalid."""
    identifier = Identifier(type=IdentifierType.FINGERPRINT, value=fingerprint(certificate))
    if not by_fingerprint:
        identifier = _identifier(certificate)
    return Subject(
        identifier=identifier,
        fingerprint=fingerprint(certificate),
        common_name=_attribute(certificate, NameOID.COMMON_NAME) or "",
        country=_attribute(certificate, NameOID.COUNTRY_NAME),
        given_name=_attribute(certificate, NameOID.GIVEN_NAME),
        surname=_attribute(certificate, NameOID.SURNAME),
        serial_number=_attribute(certificate, NameOID.SERIAL_NUMBER),
        organization_name=_attribute(certificate, NameOID.ORGANIZATION_NAME),
        organization_identifier=_attribute(certificate, ORGANIZATION_IDENTIFIER),
    )


def _identifier(certificate: x509.Certificate) -> Identifier:
    common_name = _attribute(certificate, NameOID.COMMON_NAME) or ""
    if PEPPOL_PATTERN.match(common_name):
        return Identifier(type=IdentifierType.PEPPOL_ID, value=common_name)
    seal = SEAL_PATTERN.search(_attribute(certificate, ORGANIZATION_IDENTIFIER) or "")
    if seal:
        if _attribute(certificate, NameOID.GIVEN_NAME) or _attribute(certificate, NameOID.SURNAME):
            raise CertificateInvalid("Pieczęć nie może zawierać imienia ani nazwiska.")
        return Identifier(type=IdentifierType.NIP, value=seal["identifier"])
    serial = _attribute(certificate, NameOID.SERIAL_NUMBER) or ""
    for kind, pattern in PERSON_PATTERNS:
        found = pattern.search(serial)
        if found:
            return Identifier(type=kind, value=found["identifier"])
    raise SubjectUnknown("Certyfikat nie zawiera rozpoznawanego identyfikatora podmiotu.")


def _attribute(certificate: x509.Certificate, oid: ObjectIdentifier) -> str | None:
    found = certificate.subject.get_attributes_for_oid(oid)
    return str(found[0].value) if found else None
