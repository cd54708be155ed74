"""AuthTokenRequest 2.1 and its XAdES signature (enveloped, BASELINE-B).

Source: CIRFMF/ksef-docs, auth/schemy/schemat_auth_v2-1.xsd and auth/podpis-xades.md.
"""

import re

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, load_der_private_key
from lxml import etree
from signxml.algorithms import (
    CanonicalizationMethod,
    SignatureConstructionMethod,
    SignatureMethod,
)
from signxml.xades.xades import XAdESDataObjectFormat, XAdESSigner

from obieg.core.internal_id import context_type
from obieg.ksef.errors import CredentialRefused
from obieg.ksef.secrets import CertificateSecret

NAMESPACE = "http://ksef.mf.gov.pl/auth/token/2.1"
_PERSON = re.compile(r"(PNOPL|PESEL).*?\d{11}|(TINPL|NIP).*?\d{10}")
_ORGANIZATION = re.compile(r"VATPL.*?\d{10}")


def signed_request(secret: CertificateSecret, *, challenge: str, context: str) -> str:
    """The signed request for access in the context (a NIP or an internal identifier), as XML."""
    certificate = x509.load_der_x509_certificate(secret.certificate)
    key = load_der_private_key(secret.private_key, None)
    if not isinstance(key, RSAPrivateKey | EllipticCurvePrivateKey):
        raise CredentialRefused(text="klucz certyfikatu nie jest kluczem RSA ani EC")
    elliptic = isinstance(key, EllipticCurvePrivateKey)
    signer = XAdESSigner(
        method=SignatureConstructionMethod.enveloped,
        signature_algorithm=(
            SignatureMethod.ECDSA_SHA256 if elliptic else SignatureMethod.RSA_SHA256
        ),
        # signxml digests references without transforms in this form too, and only in Canonical
        # XML 1.0 is that what XMLDSig asks for (section 4.4.3.2)
        c14n_algorithm=CanonicalizationMethod.CANONICAL_XML_1_0,
        data_object_format=XAdESDataObjectFormat("AuthTokenRequest", "text/xml"),
    )
    signed = signer.sign(
        _request(challenge, context, subject_identifier(certificate)),
        key=key,
        cert=[certificate.public_bytes(Encoding.PEM).decode()],
        always_add_key_value=False,
    )
    return etree.tostring(signed, encoding="unicode")


def unsigned_request(*, challenge: str, context: str) -> bytes:
    """The request for whoever signs it elsewhere with a certificate that names him."""
    request = _request(challenge, context, "certificateSubject")
    document: bytes = etree.tostring(request, xml_declaration=True, encoding="UTF-8")
    return document


def subject_identifier(certificate: x509.Certificate) -> str:
    """How KSeF shall know the signer: by the certificate's subject, else by its fingerprint."""
    subject = certificate.subject
    person = _texts(subject, x509.NameOID.SERIAL_NUMBER)
    organization = _texts(subject, x509.NameOID.ORGANIZATION_IDENTIFIER)
    known = any(map(_PERSON.search, person)) or any(map(_ORGANIZATION.search, organization))
    return "certificateSubject" if known else "certificateFingerprint"


def _texts(name: x509.Name, oid: x509.ObjectIdentifier) -> list[str]:
    return [str(attribute.value) for attribute in name.get_attributes_for_oid(oid)]


def _request(challenge: str, context: str, identified_by: str) -> etree._Element:
    root = etree.fromstring(f'<AuthTokenRequest xmlns="{NAMESPACE}"/>')
    etree.SubElement(root, f"{{{NAMESPACE}}}Challenge").text = challenge
    identifier = etree.SubElement(root, f"{{{NAMESPACE}}}ContextIdentifier")
    etree.SubElement(identifier, f"{{{NAMESPACE}}}{context_type(context)}").text = context
    etree.SubElement(root, f"{{{NAMESPACE}}}SubjectIdentifierType").text = identified_by
    return root
