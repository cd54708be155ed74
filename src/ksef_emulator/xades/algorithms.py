"""Algorithms that KSeF takes in a signature (ksef-docs, auth/podpis-xades.md)."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from lxml import etree

DS = "http://www.w3.org/2000/09/xmldsig#"
MORE = "http://www.w3.org/2001/04/xmldsig-more#"
MORE_2007 = "http://www.w3.org/2007/05/xmldsig-more#"
MORE_2021 = "http://www.w3.org/2021/04/xmldsig-more#"
XMLENC = "http://www.w3.org/2001/04/xmlenc#"

DIGESTS: dict[str, Callable[[bytes], bytes]] = {
    DS + "sha1": lambda data: hashlib.sha1(data).digest(),  # noqa: S324  # KSeF takes it
    XMLENC + "sha256": lambda data: hashlib.sha256(data).digest(),
    MORE + "sha384": lambda data: hashlib.sha384(data).digest(),
    XMLENC + "sha512": lambda data: hashlib.sha512(data).digest(),
    MORE_2007 + "sha3-256": lambda data: hashlib.sha3_256(data).digest(),
    MORE_2007 + "sha3-384": lambda data: hashlib.sha3_384(data).digest(),
    MORE_2007 + "sha3-512": lambda data: hashlib.sha3_512(data).digest(),
}

HASHES: dict[str, Callable[[], hashes.HashAlgorithm]] = {
    "sha1": hashes.SHA1,  # KSeF takes it
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
    "sha3-256": hashes.SHA3_256,
    "sha3-384": hashes.SHA3_384,
    "sha3-512": hashes.SHA3_512,
}


@dataclass(frozen=True)
class SignatureMethod:
    """A family of signatures ("pkcs1", "pss", "ecdsa") with its hash."""

    family: str
    hash: Callable[[], hashes.HashAlgorithm]


SIGNATURES = {
    DS + "rsa-sha1": SignatureMethod("pkcs1", hashes.SHA1),
    **{
        f"{MORE}rsa-{name}": SignatureMethod("pkcs1", HASHES[name])
        for name in ("sha256", "sha384", "sha512")
    },
    **{
        f"{MORE_2007}{name}-rsa-MGF1": SignatureMethod("pss", algorithm)
        for name, algorithm in HASHES.items()
    },
    **{
        f"{MORE}ecdsa-{name}": SignatureMethod("ecdsa", HASHES[name])
        for name in ("sha1", "sha256", "sha384", "sha512")
    },
    **{
        f"{MORE_2021}ecdsa-{name}": SignatureMethod("ecdsa", HASHES[name])
        for name in ("sha3-256", "sha3-384", "sha3-512")
    },
}

MINIMAL_RSA_BITS = 2048
MINIMAL_CURVE_BITS = 256


class AlgorithmMismatch(ValueError):
    """The method does not fit the key, or the key is too weak."""


def verify_value(method: SignatureMethod, key: object, signature: bytes, signed: bytes) -> None:
    """Raise InvalidSignature, or AlgorithmMismatch, unless `signature` is the key's of `signed`."""
    if method.family == "ecdsa":
        _verify_ecdsa(method, key, signature, signed)
        return
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size < MINIMAL_RSA_BITS:
        raise AlgorithmMismatch("RSA key of at least 2048 bits expected")
    scheme: padding.AsymmetricPadding = padding.PKCS1v15()
    if method.family == "pss":
        scheme = padding.PSS(mgf=padding.MGF1(method.hash()), salt_length=padding.PSS.AUTO)
    key.verify(signature, signed, scheme, method.hash())


def _verify_ecdsa(method: SignatureMethod, key: object, signature: bytes, signed: bytes) -> None:
    if not isinstance(key, ec.EllipticCurvePublicKey) or key.key_size < MINIMAL_CURVE_BITS:
        raise AlgorithmMismatch("EC key of at least 256 bits expected")
    width = (key.key_size + 7) // 8
    if len(signature) != 2 * width:
        raise AlgorithmMismatch("ECDSA signature must be r || s of fixed width")
    r, s = int.from_bytes(signature[:width]), int.from_bytes(signature[width:])
    key.verify(encode_dss_signature(r, s), signed, ec.ECDSA(method.hash()))


C14N_10 = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
C14N_11 = "http://www.w3.org/2006/12/xml-c14n11"
C14N_EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
# 1.0 and 1.1 differ only in inherited xml:id and xml:base: documents with xml:* are refused
CANONICALIZATIONS = {
    name + comments: (name == C14N_EXCLUSIVE, bool(comments))
    for name, suffix in (
        (C14N_10, "#WithComments"),
        (C14N_11, "#WithComments"),
        (C14N_EXCLUSIVE, "WithComments"),
    )
    for comments in ("", suffix)
}


def canonical(element: etree._Element, algorithm: str, prefixes: list[str] | None = None) -> bytes:
    """The element in canonical form; raises KeyError for an algorithm KSeF does not take."""
    exclusive, comments = CANONICALIZATIONS[algorithm]
    return etree.tostring(
        element,
        method="c14n",
        exclusive=exclusive,
        with_comments=comments,
        inclusive_ns_prefixes=prefixes if exclusive else None,
    )
