"""The request for access is signed so that a stranger's library verifies it."""

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from signxml.xades.xades import XAdESVerifier

from obieg.ksef.signature import NAMESPACE, signed_request, subject_identifier
from tests.ksef.office import certificate_secret
from tests.ksef_emulator.certificates import Identity, nameless, person, seal

CHALLENGE = "20261121-CR-461EA5B000-537A6BA15D-D7"


@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_the_signature_covers_the_request(kind: str) -> None:
    identity = seal("9990000029", kind)
    document = signed_request(certificate_secret(identity), challenge=CHALLENGE, nip="9990000029")
    results = XAdESVerifier().verify(
        document.encode(),
        x509_cert=identity.certificate.public_bytes(Encoding.PEM).decode(),
        expect_references=3,
    )
    signed = results[0].signed_xml
    assert signed is not None
    assert signed.findtext(f"{{{NAMESPACE}}}Challenge") == CHALLENGE
    assert signed.findtext(f"{{{NAMESPACE}}}ContextIdentifier/{{{NAMESPACE}}}Nip") == "9990000029"


def test_an_elliptic_signature_is_r_and_s_side_by_side() -> None:
    document = signed_request(
        certificate_secret(seal("9990000029", "ec")), challenge=CHALLENGE, nip="9990000029"
    )
    value = etree.fromstring(document).findtext(".//{*}SignatureValue")
    assert value
    assert len(value.replace("\n", "")) == 88  # 64 bytes in Base64


@pytest.mark.parametrize(
    ("identity", "way"),
    [
        (seal("9990000029"), "certificateSubject"),
        (person("TINPL-9990000029"), "certificateSubject"),
        (person("PNOPL-44051401359"), "certificateSubject"),
        (person("DE-123"), "certificateFingerprint"),
        (nameless(), "certificateFingerprint"),
    ],
)
def test_ksef_is_told_how_to_know_the_signer(identity: Identity, way: str) -> None:
    assert subject_identifier(identity.certificate) == way
