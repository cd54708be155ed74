"""The links behind the QR codes of an invoice.

Source: CIRFMF/ksef-docs, kody-qr.md (21 August 2025).
"""

import base64
import hashlib
from datetime import date

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
)
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from obieg.ksef.errors import CredentialRefused

_SALT = 32  # bytes of RSASSA-PSS
_SMALLEST_RSA = 2048  # bits
_HALF = 32  # bytes of r and of s: IEEE P1363 over P-256, the form that the guide recommends


def invoice_link(qr_url: str, *, seller_nip: str, issue_date: date, xml: bytes) -> str:
    """Code I: where anyone sees whether KSeF holds exactly these bytes; `issue_date` is P_1.

    `qr_url` is the environment's (`Environment.qr_url`).
    """
    return f"{qr_url.rstrip('/')}/invoice/{seller_nip}/{issue_date:%d-%m-%Y}/{_digest(xml)}"


def certificate_link(
    qr_url: str,
    *,
    context_type: str,
    context: str,
    seller_nip: str,
    serial: str,
    xml: bytes,
    private_key: PrivateKeyTypes,
) -> str:
    """Code II, for the offline modes: proves the issuer by the key of his Offline certificate.

    `context_type` is Nip, InternalId, NipVatUe or PeppolId; `serial` the certificate's number as
    KSeF writes it. Raises CredentialRefused for a key that KSeF would not accept.
    """
    base = qr_url.rstrip("/")
    link = f"{base}/certificate/{context_type}/{context}/{seller_nip}/{serial}/{_digest(xml)}"
    signed = link.partition("://")[2]
    return f"{link}/{_base64url(_sign(signed.encode(), private_key))}"


def _sign(message: bytes, key: PrivateKeyTypes) -> bytes:
    if isinstance(key, RSAPrivateKey) and key.key_size >= _SMALLEST_RSA:
        pss = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=_SALT)
        return key.sign(message, pss, hashes.SHA256())
    if isinstance(key, EllipticCurvePrivateKey) and isinstance(key.curve, SECP256R1):
        r, s = decode_dss_signature(key.sign(message, ECDSA(hashes.SHA256())))
        return r.to_bytes(_HALF, "big") + s.to_bytes(_HALF, "big")
    raise CredentialRefused(
        text="kod QR podpisuje klucz RSA o długości co najmniej 2048 bitów albo EC P-256"
    )


def _digest(xml: bytes) -> str:
    return _base64url(hashlib.sha256(xml).digest())


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
