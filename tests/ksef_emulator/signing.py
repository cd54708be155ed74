"""XAdES signatures: by signxml, which the emulator does not verify with, and by hand."""

import base64
import hashlib

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from lxml import etree
from signxml import (
    CanonicalizationMethod,
    DigestAlgorithm,
    SignatureConstructionMethod,
    SignatureMethod,
)
from signxml.xades import XAdESSigner

from tests.ksef_emulator.certificates import Identity


def auth_request(
    challenge: str,
    value: str,
    *,
    context: str = "Nip",
    by: str = "certificateSubject",
    version: str = "2.0",
    policy: str = "",
) -> str:
    return (
        f'<AuthTokenRequest xmlns="http://ksef.mf.gov.pl/auth/token/{version}">'
        f"<Challenge>{challenge}</Challenge>"
        f"<ContextIdentifier><{context}>{value}</{context}></ContextIdentifier>"
        f"<SubjectIdentifierType>{by}</SubjectIdentifierType>{policy}</AuthTokenRequest>"
    )


def sign(
    xml: str,
    identity: Identity,
    *,
    method: SignatureMethod | None = None,
    digest: DigestAlgorithm = DigestAlgorithm.SHA256,
    c14n: CanonicalizationMethod = CanonicalizationMethod.CANONICAL_XML_1_1,
    enveloping: bool = False,
    chain: list[x509.Certificate] | None = None,
) -> bytes:
    is_rsa = hasattr(identity.key, "private_numbers") and hasattr(identity.key, "decrypt")
    default = SignatureMethod.RSA_SHA256 if is_rsa else SignatureMethod.ECDSA_SHA256
    form = SignatureConstructionMethod.enveloping if enveloping else None
    signer = XAdESSigner(
        method=form or SignatureConstructionMethod.enveloped,
        signature_algorithm=method or default,
        digest_algorithm=digest,
        c14n_algorithm=c14n,
    )
    signed = signer.sign(
        etree.fromstring(xml.encode()), key=identity.key, cert=chain or [identity.certificate]
    )
    return etree.tostring(signed)


DS = "http://www.w3.org/2000/09/xmldsig#"
XADES = "http://uri.etsi.org/01903/v1.3.2#"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"


def sign_exclusively(xml: str, identity: Identity) -> bytes:
    """The form of the Ministry's clients: exclusive c14n, two references, SigningCertificate."""
    root = etree.fromstring(xml.encode())
    body = _digest(root)
    certificate = identity.certificate.public_bytes(serialization.Encoding.DER)
    is_rsa = isinstance(identity.key, rsa.RSAPrivateKey)
    method = f"http://www.w3.org/2001/04/xmldsig-more#{'rsa' if is_rsa else 'ecdsa'}-sha256"
    signature = etree.fromstring(
        f'<ds:Signature xmlns:ds="{DS}" Id="S"><ds:SignedInfo>'
        f'<ds:CanonicalizationMethod Algorithm="{EXCLUSIVE}"/>'
        f'<ds:SignatureMethod Algorithm="{method}"/>'
        + _reference("", body, enveloped=True)
        + _reference("#P", "", of_properties=True)
        + "</ds:SignedInfo><ds:SignatureValue/><ds:KeyInfo><ds:X509Data><ds:X509Certificate>"
        f"{_base64(certificate)}</ds:X509Certificate></ds:X509Data></ds:KeyInfo><ds:Object>"
        f'<xades:QualifyingProperties xmlns:xades="{XADES}" Target="#S">'
        '<xades:SignedProperties Id="P"><xades:SignedSignatureProperties>'
        "<xades:SigningTime>2026-01-01T00:00:00Z</xades:SigningTime><xades:SigningCertificate>"
        f'<xades:Cert><xades:CertDigest><ds:DigestMethod Algorithm="{SHA256}"/>'
        f"<ds:DigestValue>{_base64(hashlib.sha256(certificate).digest())}</ds:DigestValue>"
        "</xades:CertDigest><xades:IssuerSerial><ds:X509IssuerName>CN=x</ds:X509IssuerName>"
        "<ds:X509SerialNumber>1</ds:X509SerialNumber></xades:IssuerSerial></xades:Cert>"
        "</xades:SigningCertificate></xades:SignedSignatureProperties></xades:SignedProperties>"
        "</xades:QualifyingProperties></ds:Object></ds:Signature>"
    )
    root.append(signature)
    properties = signature.find(f".//{{{XADES}}}SignedProperties")
    signature.findall(f".//{{{DS}}}DigestValue")[1].text = _digest(properties)
    signed = etree.tostring(signature[0], method="c14n", exclusive=True)
    signature[1].text = _base64(_signed(identity.key, signed))
    return etree.tostring(root)


def sign_base64(xml: str, identity: Identity) -> bytes:
    """Enveloping, the document in Base64 inside an Object."""
    document = _base64(xml.encode())
    signature = etree.fromstring(sign_exclusively("<x/>", identity))[0]
    wrapper = etree.SubElement(signature, f"{{{DS}}}Object", Id="D")
    wrapper.text = document
    reference = signature[0][2]
    reference.set("URI", "#D")
    for transform in list(reference[0]):
        reference[0].remove(transform)
    etree.SubElement(reference[0], f"{{{DS}}}Transform", Algorithm=f"{DS}base64")
    reference.find(f"{{{DS}}}DigestValue").text = _base64(hashlib.sha256(xml.encode()).digest())
    properties = signature.find(f".//{{{XADES}}}SignedProperties")
    root = etree.fromstring(etree.tostring(signature))
    root.findall(f".//{{{DS}}}DigestValue")[1].text = _digest(properties)
    signed = etree.tostring(root[0], method="c14n", exclusive=True)
    root[1].text = _base64(_signed(identity.key, signed))
    return etree.tostring(root)


def sign_nothing(xml: str, identity: Identity) -> bytes:
    """A signature that verifies, but whose reference covers no element of the document."""
    root = etree.fromstring(sign_exclusively(xml, identity))
    info, value = root[-1][0], root[-1][1]
    transforms = info[2][0]
    transforms[0].set("Algorithm", f"{DS}base64")
    transforms.remove(transforms[1])
    info[2].find(f"{{{DS}}}DigestValue").text = _base64(hashlib.sha256(b"").digest())
    value.text = _base64(_signed(identity.key, etree.tostring(info, method="c14n", exclusive=True)))
    return etree.tostring(root)


def _reference(uri: str, digest: str, *, enveloped: bool = False, of_properties: bool = False):
    kind = f' Type="{SIGNED_PROPERTIES}"' if of_properties else ""
    first = f'<ds:Transform Algorithm="{DS}enveloped-signature"/>' if enveloped else ""
    return (
        f'<ds:Reference URI="{uri}"{kind}><ds:Transforms>{first}'
        f'<ds:Transform Algorithm="{EXCLUSIVE}"/></ds:Transforms>'
        f'<ds:DigestMethod Algorithm="{SHA256}"/><ds:DigestValue>{digest}</ds:DigestValue>'
        "</ds:Reference>"
    )


SIGNED_PROPERTIES = "http://uri.etsi.org/01903#SignedProperties"


def _digest(element) -> str:
    form = etree.tostring(element, method="c14n", exclusive=True)
    return _base64(hashlib.sha256(form).digest())


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _signed(key, data: bytes) -> bytes:
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    r, s = decode_dss_signature(key.sign(data, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32) + s.to_bytes(32)
