"""Making an enveloped XAdES signature, as KSeF signs its UPO."""

import base64
import copy
import hashlib
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from ksef_emulator.xades.algorithms import C14N_EXCLUSIVE, DS, MORE, XMLENC, canonical
from ksef_emulator.xades.verification import ENVELOPED, NS, SIGNED_PROPERTIES, XADES

SHA256 = XMLENC + "sha256"
ECDSA_SHA256 = MORE + "ecdsa-sha256"


def sign_enveloped(
    root: etree._Element,
    key: ec.EllipticCurvePrivateKey,
    certificate: x509.Certificate,
    moment: datetime,
) -> etree._Element:
    """A copy of the document with a signature as its last child."""
    signed = copy.deepcopy(root)
    digest = _digest(signed)
    signature = _skeleton(certificate, moment, digest)
    signed.append(signature)
    properties = signature.find(".//xades:SignedProperties", NS)
    values = signature.findall("ds:SignedInfo/ds:Reference/ds:DigestValue", NS)
    info, value = signature.find("ds:SignedInfo", NS), signature.find("ds:SignatureValue", NS)
    assert properties is not None and info is not None and value is not None  # noqa: S101, PT018  # the skeleton has them
    values[1].text = _digest(properties)
    raw = key.sign(canonical(info, C14N_EXCLUSIVE), ec.ECDSA(hashes.SHA256()))
    r, s = decode_dss_signature(raw)
    width = (key.key_size + 7) // 8
    value.text = base64.b64encode(r.to_bytes(width) + s.to_bytes(width)).decode()
    return signed


def _digest(element: etree._Element) -> str:
    form = canonical(element, C14N_EXCLUSIVE)
    return base64.b64encode(hashlib.sha256(form).digest()).decode()


def _skeleton(certificate: x509.Certificate, moment: datetime, digest: str) -> etree._Element:
    """The signature with the document's digest, still without a value."""
    der = certificate.public_bytes(Encoding.DER)
    fingerprint = base64.b64encode(hashlib.sha256(der).digest()).decode()
    return etree.fromstring(
        f'<ds:Signature xmlns:ds="{DS}" Id="Signature"><ds:SignedInfo>'
        f'<ds:CanonicalizationMethod Algorithm="{C14N_EXCLUSIVE}"/>'
        f'<ds:SignatureMethod Algorithm="{ECDSA_SHA256}"/>'
        f'<ds:Reference URI=""><ds:Transforms><ds:Transform Algorithm="{ENVELOPED}"/>'
        f'<ds:Transform Algorithm="{C14N_EXCLUSIVE}"/></ds:Transforms>'
        f'<ds:DigestMethod Algorithm="{SHA256}"/><ds:DigestValue>{digest}</ds:DigestValue>'
        f'</ds:Reference><ds:Reference URI="#Properties" Type="{SIGNED_PROPERTIES}">'
        f'<ds:Transforms><ds:Transform Algorithm="{C14N_EXCLUSIVE}"/></ds:Transforms>'
        f'<ds:DigestMethod Algorithm="{SHA256}"/><ds:DigestValue/></ds:Reference>'
        "</ds:SignedInfo><ds:SignatureValue/><ds:KeyInfo><ds:X509Data><ds:X509Certificate>"
        f"{base64.b64encode(der).decode()}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>"
        f'<ds:Object><xades:QualifyingProperties xmlns:xades="{XADES}" Target="#Signature">'
        '<xades:SignedProperties Id="Properties"><xades:SignedSignatureProperties>'
        f"<xades:SigningTime>{moment:%Y-%m-%dT%H:%M:%SZ}</xades:SigningTime>"
        "<xades:SigningCertificateV2><xades:Cert><xades:CertDigest>"
        f'<ds:DigestMethod Algorithm="{SHA256}"/><ds:DigestValue>{fingerprint}</ds:DigestValue>'
        "</xades:CertDigest></xades:Cert></xades:SigningCertificateV2>"
        "</xades:SignedSignatureProperties></xades:SignedProperties>"
        "</xades:QualifyingProperties></ds:Object></ds:Signature>"
    )
