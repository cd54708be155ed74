"""The links of the QR codes: the guide's examples, and signatures that anyone can check."""

import base64
import hashlib
from datetime import date

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from obieg.ksef.environment import PUBLIC
from obieg.ksef.errors import CredentialRefused
from obieg.ksef.qr import certificate_link, invoice_link

XML = "<Faktura>zażółć</Faktura>".encode()
URL = PUBLIC["test"].qr_url
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
P256 = ec.generate_private_key(ec.SECP256R1())

# the worked examples of kody-qr.md
GUIDE_HASH = "UtQp9Gpc51y-u3xApZjIjgkpZ01js-J8KflSPW8WzIE"
GUIDE_INVOICE = f"https://qr-test.ksef.mf.gov.pl/invoice/1111111111/01-02-2026/{GUIDE_HASH}"
GUIDE_SIGNED = (
    f"qr-test.ksef.mf.gov.pl/certificate/Nip/1111111111/1111111111/01F20A5D352AE590/{GUIDE_HASH}"
)
GUIDE_SIGNATURE = 342  # characters of the example's RSA signature


def test_links_to_the_invoice_as_the_guide_does() -> None:
    link = invoice_link(URL, seller_nip="1111111111", issue_date=date(2026, 2, 1), xml=XML)

    assert link.replace(digest(XML), GUIDE_HASH) == GUIDE_INVOICE


def test_links_to_the_certificate_as_the_guide_does() -> None:
    link, _, signature = certified(RSA).rpartition("/")

    assert link.replace(digest(XML), GUIDE_HASH) == f"https://{GUIDE_SIGNED}"
    assert len(signature) == GUIDE_SIGNATURE


def test_signs_the_link_without_its_scheme_by_rsa_pss() -> None:
    link, _, signature = certified(RSA).rpartition("/")

    RSA.public_key().verify(
        unbased(signature),
        link.removeprefix("https://").encode(),
        padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=32),
        hashes.SHA256(),
    )


def test_signs_the_link_by_ecdsa_as_two_numbers_of_32_bytes() -> None:
    link, _, signature = certified(P256).rpartition("/")
    raw = unbased(signature)

    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    signed = link.removeprefix("https://").encode()
    assert len(raw) == 64
    P256.public_key().verify(der, signed, ec.ECDSA(hashes.SHA256()))


@pytest.mark.parametrize(
    "key",
    [
        rsa.generate_private_key(public_exponent=65537, key_size=1024),
        ec.generate_private_key(ec.SECP384R1()),
        ed25519.Ed25519PrivateKey.generate(),
    ],
    ids=["short RSA", "another curve", "Ed25519"],
)
def test_refuses_keys_that_ksef_would_not_accept(key: PrivateKeyTypes) -> None:
    with pytest.raises(CredentialRefused, match="RSA o długości co najmniej 2048"):
        certified(key)


def test_signs_the_emulators_address_with_its_port() -> None:
    link = invoice_link(
        "http://127.0.0.1:9000/", seller_nip="9999999999", issue_date=date(2026, 11, 2), xml=XML
    )

    assert link == f"http://127.0.0.1:9000/invoice/9999999999/02-11-2026/{digest(XML)}"


def certified(key: PrivateKeyTypes) -> str:
    return certificate_link(
        URL,
        context_type="Nip",
        context="1111111111",
        seller_nip="1111111111",
        serial="01F20A5D352AE590",
        xml=XML,
        private_key=key,
    )


def digest(xml: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(xml).digest()).decode().rstrip("=")


def unbased(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
