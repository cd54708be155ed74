"""What KSeF thinks of a certificate that somebody authenticates with."""

from collections.abc import Iterable

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec

from ksef_emulator.auth.records import Outcome, bad_certificate
from ksef_emulator.authority import certificate_authority
from ksef_emulator.certificates.records import (
    Certificate,
    CertificateStatus,
    CertificateType,
    certificates,
    put_certificate,
)
from ksef_emulator.world import World


def issued_certificate(world: World, presented: x509.Certificate) -> Certificate | None:
    """The emulator's own record of the certificate, if it issued it."""
    return certificates(world).get(f"{presented.serial_number:016X}")


def is_from_ksef(world: World, presented: x509.Certificate) -> bool:
    """Whether the certificate says that KSeF issued it."""
    return presented.issuer == certificate_authority(world).certificate.subject


def certificate_problem(
    world: World,
    presented: x509.Certificate,
    others: Iterable[x509.Certificate],
    *,
    verify_chain: bool,
) -> Outcome | None:
    """Why an authentication with the certificate must fail, if it must; `others` came with it."""
    now = world.clock.now()
    if not presented.not_valid_before_utc <= now <= presented.not_valid_after_utc:
        return bad_certificate("Nieważny certyfikat")
    if is_from_ksef(world, presented):
        return _problem_of_own(world, presented)
    if verify_chain and not world.anchors.trust(presented, others, now):
        return bad_certificate("Niezaufany łańcuch certyfikatów")
    return None


def _problem_of_own(world: World, presented: x509.Certificate) -> Outcome | None:
    record = issued_certificate(world, presented)
    if record is None or not _is_signed_by_ksef(world, presented):
        return bad_certificate("Niezaufany łańcuch certyfikatów")
    if record.type is not CertificateType.AUTHENTICATION:
        return bad_certificate("Niepoprawny certyfikat")
    status = record.status_at(world.clock.now())
    if status is CertificateStatus.REVOKED:
        return bad_certificate("Certyfikat odwołany")
    if status is CertificateStatus.EXPIRED:
        return bad_certificate("Nieważny certyfikat")
    put_certificate(world, record.model_copy(update={"last_use": world.clock.now()}))
    return None


def _is_signed_by_ksef(world: World, presented: x509.Certificate) -> bool:
    key = certificate_authority(world).key.public_key()
    algorithm = presented.signature_hash_algorithm
    if algorithm is None:
        return False
    try:
        key.verify(presented.signature, presented.tbs_certificate_bytes, ec.ECDSA(algorithm))
    except InvalidSignature:
        return False
    return True
