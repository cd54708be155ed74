"""Code II: whether the issuer is who he says and may issue (ksef-docs, kody-qr.md)."""

import base64
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from ksef_emulator.certificates.records import (
    Certificate,
    CertificateStatus,
    CertificateType,
    certificates,
)
from ksef_emulator.identifiers import Identifier, IdentifierType
from ksef_emulator.permissions.effective import effective_permissions
from ksef_emulator.permissions.records import Permission
from ksef_emulator.qr.findings import BadLink, Finding, file_hash, from_base64url
from ksef_emulator.sessions.rights import may_issue_for
from ksef_emulator.world import World

CONTEXTS = ("Nip", "InternalId", "NipVatUe", "PeppolId")
ISSUING = (
    Permission.INVOICE_WRITE,
    Permission.PEF_INVOICE_WRITE,
    Permission.ENFORCEMENT_OPERATIONS,
)
SALT = 32  # bytes of RSASSA-PSS
FIXED = 64  # bytes of r and s side by side


@dataclass(frozen=True)
class IssuerLink:
    """The link's parts; `signed` is the text under the signature, host included."""

    context: Identifier
    seller_nip: str
    serial: str
    hash: str  # Base64
    signature: bytes
    signed: str


def read_link(host: str, path: str) -> IssuerLink:
    """The parts of `/certificate/...` as it was called at `host`; raises BadLink."""
    parts = path.strip("/").split("/")
    if len(parts) != 7 or parts[1] not in CONTEXTS:
        raise BadLink("Adres nie ma postaci KODU II.")
    context = Identifier(type=IdentifierType(parts[1]), value=parts[2])
    if not context.is_well_formed:
        raise BadLink("Identyfikator kontekstu w adresie ma nieprawidłowy format.")
    return IssuerLink(
        context=context,
        seller_nip=parts[3],
        serial=parts[4],
        hash=file_hash(parts[5]),
        signature=from_base64url(parts[6]),
        signed="/".join((host, *parts[:6])),
    )


def verify_issuer(world: World, link: IssuerLink) -> list[Finding]:
    """Everything that the guide lists, in its order."""
    certificate = certificates(world).get(link.serial)
    if certificate is None:
        return [Finding(good=False, text="Certyfikatu nie ma w rejestrze KSeF.")]
    return [
        _standing(world, certificate),
        _signature(certificate, link),
        _permission(world, certificate, link),
        _seller(world, link),
    ]


def _standing(world: World, certificate: Certificate) -> Finding:
    now = world.clock.now()
    if certificate.type is not CertificateType.OFFLINE:
        return Finding(good=False, text="Certyfikat nie jest certyfikatem typu Offline.")
    status = certificate.status_at(now)
    if status is CertificateStatus.REVOKED:
        return Finding(good=False, text="Certyfikat został odwołany.")
    if status is not CertificateStatus.ACTIVE or now < certificate.valid_from:
        return Finding(good=False, text="Certyfikat nie jest ważny.")
    return Finding(good=True, text="Certyfikat typu Offline jest w rejestrze KSeF i jest ważny.")


def _signature(certificate: Certificate, link: IssuerLink) -> Finding:
    key = x509.load_der_x509_certificate(base64.b64decode(certificate.der)).public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            pss = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=SALT)
            key.verify(link.signature, link.signed.encode(), pss, hashes.SHA256())
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(_der(link.signature), link.signed.encode(), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return Finding(good=False, text="Podpis w adresie jest nieprawidłowy.")
    return Finding(good=True, text="Podpis złożono kluczem tego certyfikatu.")


def _der(signature: bytes) -> bytes:
    """The signature as DER: it may come as r and s side by side, or so already."""
    if len(signature) != FIXED:
        return signature
    half = FIXED // 2
    return encode_dss_signature(int.from_bytes(signature[:half]), int.from_bytes(signature[half:]))


def _permission(world: World, certificate: Certificate, link: IssuerLink) -> Finding:
    held = effective_permissions(world, certificate.subject, link.context)
    if held.intersection(ISSUING):
        return Finding(good=True, text="Wystawca ma prawo wystawiać faktury w tym kontekście.")
    return Finding(good=False, text="Wystawca nie ma prawa wystawiać faktur w tym kontekście.")


def _seller(world: World, link: IssuerLink) -> Finding:
    if may_issue_for(world, link.context, link.seller_nip):
        return Finding(good=True, text="Kontekst może wystawiać faktury tego sprzedawcy.")
    return Finding(good=False, text="Kontekst nie może wystawiać faktur tego sprzedawcy.")
