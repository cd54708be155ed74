"""The request for access is signed so that a stranger's library verifies it."""

import base64
import copy
import hashlib

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
    document = signed_request(
        certificate_secret(identity), challenge=CHALLENGE, context="9990000029"
    )
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
        certificate_secret(seal("9990000029", "ec")), challenge=CHALLENGE, context="9990000029"
    )
    value = etree.fromstring(document).findtext(".//{*}SignatureValue")
    assert value
    assert len(value.replace("\n", "")) == 88  # 64 bytes in Base64


ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
INCLUSIVE = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"


@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_every_digest_is_that_of_the_forms_that_the_signature_names(kind: str) -> None:
    """XMLDSig 4.4.3.2: where no transform names a form, Canonical XML 1.0 is meant."""
    document = signed_request(
        certificate_secret(seal("9990000029", kind)), challenge=CHALLENGE, context="9990000029"
    )
    root = etree.fromstring(document)
    info = root.find(".//{*}SignedInfo")
    assert info is not None
    assert info.find("{*}CanonicalizationMethod").get("Algorithm") == INCLUSIVE
    references = info.findall("{*}Reference")
    assert len(references) == 3
    for reference in references:
        transforms = [entry.get("Algorithm") for entry in reference.iterfind(".//{*}Transform")]
        assert set(transforms) <= {ENVELOPED, INCLUSIVE}, "a strict verifier knows these"
        wanted = base64.b64decode(reference.findtext("{*}DigestValue"))
        assert hashlib.sha256(covered(root, reference.get("URI"))).digest() == wanted


def covered(root: etree._Element, uri: str) -> bytes:
    """What a reference covers, in Canonical XML 1.0: an element, or all but the signature."""
    if uri:
        (found,) = [element for element in root.iter() if element.get("Id") == uri[1:]]
        return etree.tostring(found, method="c14n")
    bare = copy.deepcopy(root)
    bare.remove(bare.find("{*}Signature"))
    return etree.tostring(bare, method="c14n")


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
