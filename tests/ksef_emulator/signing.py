"""XAdES signatures by signxml, an implementation that the emulator does not use to verify."""

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
        etree.fromstring(xml.encode()), key=identity.key, cert=[identity.certificate]
    )
    return etree.tostring(signed)
