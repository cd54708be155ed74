"""Reading a certificate and its private key from the files that people have."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
    load_pem_private_key,
)
from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12

from obieg.vault.errors import (
    CertificateUnreadable,
    KeyMismatch,
    KeyTooWeak,
    KeyUnreadable,
    NotOffline,
    PasswordNeeded,
    PasswordWrong,
)

# CIRFMF/ksef-docs, auth/podpis-xades.md
RSA_BITS = 2048
CURVE_BITS = 256


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A certificate (DER) with its private key (PKCS#8 DER, not encrypted)."""

    certificate: bytes
    private_key: bytes = field(repr=False)
    valid_from: datetime
    valid_to: datetime

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, hexadecimal."""
        return hashlib.sha256(self.certificate).hexdigest()

    @property
    def serial(self) -> str:
        """The number as KSeF writes that of its own certificates: 16 digits, base 16."""
        number = x509.load_der_x509_certificate(self.certificate).serial_number
        return f"{number:016X}"


def read_key_pair(certificate: bytes, private_key: bytes, *, password: str | None) -> KeyPair:
    """The pair from PEM, DER or PKCS#12; a PKCS#12 file may stand for both, the other empty.

    Raises CertificateUnreadable, KeyUnreadable, PasswordNeeded, PasswordWrong, KeyMismatch or
    KeyTooWeak.
    """
    secret = password.encode() if password else None
    both = _from_pkcs12(private_key or certificate, secret)
    if both is not None and (not certificate or not private_key or certificate == private_key):
        public, key = both
    else:
        public = _certificate(certificate, secret)
        key = both[1] if both is not None else _private_key(private_key, secret)
    _require_strength(key)
    if _spki(key.public_key()) != _spki(public.public_key()):
        raise KeyMismatch
    return KeyPair(
        certificate=public.public_bytes(Encoding.DER),
        private_key=key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()),
        valid_from=public.not_valid_before_utc,
        valid_to=public.not_valid_after_utc,
    )


def require_offline(pair: KeyPair) -> None:
    """NotOffline or KeyTooWeak unless KSeF takes the pair for code II of an invoice.

    Source: CIRFMF/ksef-docs, certyfikaty-KSeF.md (key usage) and kody-qr.md (keys).
    """
    certificate = x509.load_der_x509_certificate(pair.certificate)
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        raise NotOffline from None
    if not usage.content_commitment or usage.digital_signature:
        raise NotOffline
    key = certificate.public_key()
    if isinstance(key, ec.EllipticCurvePublicKey) and not isinstance(key.curve, ec.SECP256R1):
        raise KeyTooWeak(kind=key.curve.name)


def _from_pkcs12(
    content: bytes, password: bytes | None
) -> tuple[x509.Certificate, PrivateKeyTypes] | None:
    """The pair in a PKCS#12 file, or None where `content` is no such file."""
    if b"-----BEGIN" in content or not _looks_like_pkcs12(content):
        return None
    try:
        store = load_pkcs12(content, password)
    except ValueError:
        raise (PasswordWrong if password else PasswordNeeded) from None
    if store.key is None:
        raise KeyUnreadable
    if store.cert is None:
        raise CertificateUnreadable
    return store.cert.certificate, store.key


def _looks_like_pkcs12(content: bytes) -> bool:
    """A PFX is a SEQUENCE that begins with the INTEGER 3 (RFC 7292)."""
    return content[:1] == b"\x30" and b"\x02\x01\x03" in content[:10]


def _certificate(content: bytes, password: bytes | None) -> x509.Certificate:
    try:
        if b"-----BEGIN CERTIFICATE" in content:
            return x509.load_pem_x509_certificate(content)
        return x509.load_der_x509_certificate(content)
    except ValueError:
        both = _from_pkcs12(content, password)
        if both is None:
            raise CertificateUnreadable from None
        return both[0]


def _private_key(content: bytes, password: bytes | None) -> PrivateKeyTypes:
    load = load_pem_private_key if b"-----BEGIN" in content else load_der_private_key
    try:
        return load(content, password)
    except TypeError:  # encrypted without a password, or a password without encryption
        if password is None:
            raise PasswordNeeded from None
        return _private_key(content, None)
    except UnsupportedAlgorithm:
        raise KeyUnreadable from None
    except ValueError:
        raise (PasswordWrong if password else KeyUnreadable) from None


def _require_strength(key: PrivateKeyTypes) -> None:
    if isinstance(key, rsa.RSAPrivateKey):
        if key.key_size < RSA_BITS:
            raise KeyTooWeak(kind=f"RSA {key.key_size}")
    elif isinstance(key, ec.EllipticCurvePrivateKey):
        if key.key_size < CURVE_BITS:
            raise KeyTooWeak(kind=key.curve.name)
    else:
        raise KeyTooWeak(kind=type(key).__name__.removesuffix("PrivateKey"))


def _spki(key: object) -> bytes:
    return key.public_bytes(  # type: ignore[attr-defined,no-any-return] # every public key has it
        Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    )
