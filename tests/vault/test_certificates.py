"""People have PEM, DER and PKCS#12, with and without passwords: all are read, none is guessed."""

import datetime as dt

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from obieg.core.errors import UserFixable
from obieg.vault.certificates import read_key_pair
from obieg.vault.errors import (
    CertificateUnreadable,
    KeyMismatch,
    KeyTooWeak,
    KeyUnreadable,
    PasswordNeeded,
    PasswordWrong,
)
from tests.ksef_emulator.certificates import Identity, seal
from tests.vault.firms import certificate_of, key_of, pkcs12_of

PASSWORD = "hasło do klucza"
RSA, EC = seal("9990000029", "rsa"), seal("9990000029", "ec")


@pytest.mark.parametrize("identity", [RSA, EC])
@pytest.mark.parametrize("encoding", [Encoding.PEM, Encoding.DER])
@pytest.mark.parametrize("password", [None, PASSWORD])
def test_separate_files_are_read(
    identity: Identity, encoding: Encoding, password: str | None
) -> None:
    pair = read_key_pair(
        certificate_of(identity, encoding),
        key_of(identity, encoding, password),
        password=password,
    )
    assert pair.certificate == certificate_of(identity, Encoding.DER)
    assert pair.private_key == key_of(identity, Encoding.DER)
    assert pair.fingerprint == identity.fingerprint.lower()
    assert pair.valid_to == identity.certificate.not_valid_after_utc


@pytest.mark.parametrize("identity", [RSA, EC])
@pytest.mark.parametrize("password", [None, PASSWORD])
@pytest.mark.parametrize("place", ["certificate", "key", "both"])
def test_one_pkcs12_file_is_enough(identity: Identity, password: str | None, place: str) -> None:
    store = pkcs12_of(identity, password)
    pair = read_key_pair(
        b"" if place == "key" else store, b"" if place == "certificate" else store,
        password=password,
    )  # fmt: skip
    assert pair.private_key == key_of(identity, Encoding.DER)


def test_a_password_that_was_not_needed_does_no_harm() -> None:
    assert read_key_pair(certificate_of(EC), key_of(EC), password=PASSWORD).private_key


@pytest.mark.parametrize("encoding", [Encoding.PEM, Encoding.DER])
def test_a_missing_password_is_asked_for(encoding: Encoding) -> None:
    with pytest.raises(PasswordNeeded):
        read_key_pair(certificate_of(EC), key_of(EC, encoding, PASSWORD), password=None)
    with pytest.raises(PasswordNeeded):
        read_key_pair(b"", pkcs12_of(EC, PASSWORD), password=None)


@pytest.mark.parametrize("encoding", [Encoding.PEM, Encoding.DER])
def test_a_wrong_password_is_named_and_not_shown(encoding: Encoding) -> None:
    with pytest.raises(PasswordWrong) as error:
        read_key_pair(certificate_of(EC), key_of(EC, encoding, PASSWORD), password="sezam")
    assert "sezam" not in str(error.value)
    with pytest.raises(PasswordWrong):
        read_key_pair(b"", pkcs12_of(EC, PASSWORD), password="sezam")


def test_a_key_of_another_pair_is_refused() -> None:
    with pytest.raises(KeyMismatch):
        read_key_pair(certificate_of(EC), key_of(seal("9990000029")), password=None)
    with pytest.raises(KeyMismatch):
        read_key_pair(certificate_of(EC), key_of(RSA), password=None)


@pytest.mark.parametrize("junk", [b"", b"junk", b"0\x82", b"-----BEGIN CERTIFICATE-----\nx"])
def test_junk_is_refused(junk: bytes) -> None:
    with pytest.raises((CertificateUnreadable, KeyUnreadable)):
        read_key_pair(junk, key_of(EC), password=None)
    with pytest.raises(UserFixable):
        read_key_pair(certificate_of(EC), junk, password=None)


def test_weak_and_strange_keys_are_refused() -> None:
    for key in (
        rsa.generate_private_key(65537, 1024),
        ec.generate_private_key(ec.SECP192R1()),
        ed25519.Ed25519PrivateKey.generate(),
    ):
        weak = _self_signed(key)
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        with pytest.raises(KeyTooWeak):
            read_key_pair(weak.public_bytes(Encoding.PEM), private, password=None)


def test_a_pair_does_not_show_its_key() -> None:
    pair = read_key_pair(certificate_of(EC), key_of(EC), password=None)
    assert "private_key" not in repr(pair)


def _self_signed(
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey,
) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Próba")])
    now = dt.datetime.now(dt.UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).serial_number(1)
    builder = builder.not_valid_before(now).not_valid_after(now + dt.timedelta(days=1))
    algorithm = None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    return builder.public_key(key.public_key()).sign(key, algorithm)
