"""`verifyCertificateChain=true`: foreign certificates and the authorities that are trusted."""

import datetime as dt

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from ksef_emulator.__main__ import main
from ksef_emulator.testing import running_emulator
from tests.ksef_emulator.certificates import ORGANIZATION_IDENTIFIER, Identity, new_key, seal
from tests.ksef_emulator.invoices import nip
from tests.ksef_emulator.ksef_user import KsefUser
from tests.ksef_emulator.signing import auth_request, sign

FIRM = nip(9300)
NOW = dt.datetime.now(dt.UTC)
DAY = dt.timedelta(days=1)


def authority(name, by=None, *, ca=True):
    """An authority, self-signed unless another one made it."""
    key = new_key()
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    return made(subject, key, by, ca=ca)


def signer(by, **validity):
    """A firm's seal from an authority, without any of the Web's extensions."""
    subject = x509.Name(
        [
            x509.NameAttribute(ORGANIZATION_IDENTIFIER, f"VATPL-{FIRM}"),
            x509.NameAttribute(NameOID.COMMON_NAME, "Firma próbna"),
        ]
    )
    return made(subject, new_key(), by, **validity)


def made(subject, key, by, *, ca=None, until=NOW + 100 * DAY):
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - 10 * DAY)
        .not_valid_after(until)
    )
    if ca is not None:
        builder = builder.add_extension(x509.BasicConstraints(ca=ca, path_length=None), True)
    return Identity(builder.sign(by.key if by else key, hashes.SHA256()), key)


ROOT = authority("Próbny urząd certyfikacji")
BETWEEN = authority("Próbny urząd pośredni", ROOT)


@pytest.fixture(scope="module")
def trusting(tmp_path_factory):
    """An emulator that trusts one authority."""
    file = tmp_path_factory.mktemp("ca") / "root.pem"
    file.write_bytes(ROOT.certificate.public_bytes(Encoding.PEM))
    with running_emulator(trust_ca=(file,)) as emulator:
        user = KsefUser(emulator)
        yield user
        user.close()


def outcome(user, identity, *others):
    xml = auth_request(user.challenge()["challenge"], FIRM)
    chain = [identity.certificate, *(other.certificate for other in others)]
    answer = user.http.post(
        "/auth/xades-signature?verifyCertificateChain=true",
        content=sign(xml, identity, chain=chain),
        headers={"Content-Type": "application/xml"},
    )
    assert answer.status_code == 202, answer.text
    return user.outcome(answer.json())


UNTRUSTED = ["Niezaufany łańcuch certyfikatów"]


def test_a_chain_to_a_trusted_authority_logs_in(trusting):
    assert outcome(trusting, signer(ROOT))["code"] == 200
    assert outcome(trusting, signer(BETWEEN), BETWEEN)["code"] == 200


def test_a_chain_that_leads_nowhere_ends_in_460(trusting):
    for identity in (seal(FIRM), signer(authority("Obcy urząd")), signer(BETWEEN)):
        found = outcome(trusting, identity)
        assert (found["code"], found["details"]) == (460, UNTRUSTED)


def test_an_authority_of_the_same_name_is_not_the_authority(trusting):
    impostor = authority("Próbny urząd certyfikacji")
    assert outcome(trusting, signer(impostor))["details"] == UNTRUSTED
    assert outcome(trusting, signer(impostor), impostor)["details"] == UNTRUSTED


def test_a_firms_own_certificate_makes_no_others(trusting):
    """Else every customer of the authority could log in as anybody."""
    customer = authority("Zwykły klient", ROOT, ca=False)
    assert outcome(trusting, signer(customer), customer)["details"] == UNTRUSTED
    plain = signer(ROOT)
    assert outcome(trusting, signer(plain), plain)["details"] == UNTRUSTED


def test_an_expired_certificate_of_a_trusted_authority_ends_in_460(trusting):
    found = outcome(trusting, signer(ROOT, until=NOW - DAY))
    assert (found["code"], found["details"]) == (460, ["Nieważny certyfikat"])


def test_the_authority_itself_must_be_valid(trusting):
    """Judged by the emulator's clock: it may live on another day."""
    trusting.emulator.control.set_clock(NOW + 200 * DAY)
    try:
        found = outcome(trusting, signer(ROOT, until=NOW + 300 * DAY))
        assert found["details"] == UNTRUSTED
    finally:
        trusting.emulator.control.set_clock(NOW)


def test_nobody_is_trusted_unless_told(user):
    assert outcome(user, signer(ROOT))["details"] == UNTRUSTED


def test_a_file_without_a_certificate_is_refused_at_the_start(tmp_path, capsys):
    file = tmp_path / "empty.pem"
    file.write_bytes(b"nothing")
    assert main(["--port", "0", "--trust-ca", str(file)]) == 1
    assert "holds no certificate" in capsys.readouterr().err
