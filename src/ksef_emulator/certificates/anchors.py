"""Certificate authorities that this emulator is told to trust, and chains that lead to them."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.x509.verification import (
    Criticality,
    ExtensionPolicy,
    PolicyBuilder,
    Store,
    VerificationError,
)


class Anchors:
    """Trusted authorities; without any, no foreign chain is trusted."""

    def __init__(self, files: Iterable[Path]) -> None:
        found = [certificate for file in files for certificate in _read(file)]
        self._store = Store(found) if found else None

    def trust(
        self, leaf: x509.Certificate, others: Iterable[x509.Certificate], moment: datetime
    ) -> bool:
        """Whether signatures, validity and constraints hold from `leaf` to an authority.

        `others` came with the signature. Nothing is asked of OCSP or CRL.
        """
        if self._store is None:
            return False
        # certificates of signatures carry none of the Web's extensions: only the CAs must be CAs
        authority = ExtensionPolicy.permit_all().require_present(
            x509.BasicConstraints, Criticality.AGNOSTIC, _is_authority
        )
        verifier = (
            PolicyBuilder()
            .store(self._store)
            .time(moment)
            .extension_policies(ca_policy=authority, ee_policy=ExtensionPolicy.permit_all())
            .build_client_verifier()
        )
        try:
            verifier.verify(leaf, list(others))
        except VerificationError:
            return False
        return True


def _read(file: Path) -> list[x509.Certificate]:
    """Every certificate of a PEM file, or the one of a DER file; raises ValueError."""
    content = file.read_bytes()
    try:
        if b"-----BEGIN" in content:
            return x509.load_pem_x509_certificates(content)
        return [x509.load_der_x509_certificate(content)]
    except ValueError as error:
        raise ValueError(f"{file} holds no certificate: {error}") from error


def _is_authority(
    _policy: object, certificate: x509.Certificate, constraints: x509.BasicConstraints
) -> None:
    if not constraints.ca:
        raise ValueError(f"{certificate.subject.rfc4514_string()} is no authority")
