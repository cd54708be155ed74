"""Asking KSeF for certificates, and what Latarnia announces."""

import time
from collections.abc import Iterator

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from ksef_emulator.testing import Emulator
from obieg.ksef.certificates import Certificates, EnrolmentStatus, certificate_request
from obieg.ksef.errors import KsefRefused, KsefUnavailable
from obieg.ksef.gateway import Gateway
from obieg.ksef.lighthouse import announcements
from tests.ksef.office import CLIENT, certificate_secret, emulated, gateway_of, token_secret
from tests.ksef_emulator.certificates import person

PATIENCE = 20  # seconds


@pytest.fixture
def certificates(emulator: Emulator) -> Iterator[Certificates]:
    with gateway_of(emulator) as gateway:
        yield gateway.certificates


def outcome(certificates: Certificates, reference: str) -> EnrolmentStatus:
    deadline = time.monotonic() + PATIENCE
    while (status := certificates.enrolment_status(reference)).code < 200:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return status


def asked(
    certificates: Certificates,
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | None = None,
    **changes: str,
) -> str:
    data = {**certificates.enrolment_data(), **changes}
    csr = certificate_request(data, key or ec.generate_private_key(ec.SECP256R1()))
    return certificates.enrol(name="Próba Offline", purpose="Offline", csr=csr)


@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_a_certificate_is_asked_for_and_fetched(certificates: Certificates, kind: str) -> None:
    key = (
        ec.generate_private_key(ec.SECP256R1())
        if kind == "ec"
        else rsa.generate_private_key(public_exponent=65537, key_size=2048)
    )
    status = outcome(certificates, asked(certificates, key))

    assert status.is_issued
    assert status.serial is not None
    der = certificates.retrieve([status.serial])[status.serial]
    certificate = x509.load_der_x509_certificate(der)
    assert certificate.public_key() == key.public_key()
    assert f"{certificate.serial_number:016X}" == status.serial


def test_a_person_s_names_go_into_the_request_as_ksef_tells_them(emulator: Emulator) -> None:
    with gateway_of(emulator, secret=certificate_secret(person(f"TINPL-{CLIENT}"))) as gateway:
        status = outcome(gateway.certificates, asked(gateway.certificates))
    assert status.is_issued


def test_names_told_as_a_list_become_that_many_attributes() -> None:
    data = {"commonName": "Jan Próbny", "countryName": "PL", "givenName": ["Jan", "Maria"]}
    csr = certificate_request(data, ec.generate_private_key(ec.SECP256R1()))
    subject = x509.load_der_x509_csr(csr).subject
    given = subject.get_attributes_for_oid(x509.NameOID.GIVEN_NAME)
    assert [one.value for one in given] == ["Jan", "Maria"]


def test_a_request_of_another_subject_is_refused(certificates: Certificates) -> None:
    with pytest.raises(KsefRefused) as refused:
        asked(certificates, organizationIdentifier="VATPL-9990000012")
    assert refused.value.ksef_code == 25003


def test_who_logged_in_with_a_token_may_not_ask(emulator: Emulator) -> None:
    with gateway_of(emulator, secret=token_secret(emulator)) as gateway:
        assert not gateway.certificates.limits().may_ask
        with pytest.raises(KsefRefused) as refused:
            gateway.certificates.enrolment_data()
    assert refused.value.ksef_code == 25001


def test_limits_fall_with_every_certificate(certificates: Certificates) -> None:
    before = certificates.limits()
    outcome(certificates, asked(certificates))
    after = certificates.limits()
    assert before.may_ask
    assert after.certificates_left == before.certificates_left - 1


def test_a_certificate_is_found_by_name_and_revoked(certificates: Certificates) -> None:
    serial = outcome(certificates, asked(certificates)).serial
    assert serial is not None
    found = certificates.query(name="Próba Offline", purpose="Offline")
    assert [(one.serial, one.status) for one in found] == [(serial, "Active")]

    certificates.revoke(serial, reason="Superseded")

    assert certificates.query(name="Próba Offline")[0].status == "Revoked"
    with pytest.raises(KsefRefused):
        certificates.revoke(serial)


def test_a_lost_answer_to_a_request_is_ambiguous(emulator: Emulator, gateway: Gateway) -> None:
    data = gateway.certificates.enrolment_data()
    emulator.control.add_fault("cut_after", method="POST", path="/certificates/enrollments$")
    csr = certificate_request(data, ec.generate_private_key(ec.SECP256R1()))
    with pytest.raises(KsefUnavailable) as lost:
        gateway.certificates.enrol(name="Próba Offline", purpose="Offline", csr=csr)
    assert lost.value.ambiguous
    assert len(gateway.certificates.query(name="Próba Offline")) == 1


@pytest.fixture
def gateway(emulator: Emulator) -> Iterator[Gateway]:
    with gateway_of(emulator) as opened:
        yield opened


def test_latarnia_tells_an_outage_and_its_end(emulator: Emulator) -> None:
    environment = emulated(emulator)
    assert announcements(environment) == ()
    emulator.control.announce_outage("FAILURE")
    (begun,) = announcements(environment)
    assert (begun.category, begun.end) == ("FAILURE", None)

    emulator.control.end_outage()
    emulator.control.announce_outage("MAINTENANCE")

    ended, other = announcements(environment)
    assert ended.event == begun.event
    assert ended.end is not None
    assert (other.category, other.end) == ("MAINTENANCE", None)


def answering(content: object) -> httpx.Client:
    return httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200, json=content)))


MESSAGE = {
    "id": "1",
    "eventId": 7,
    "category": "FAILURE",
    "type": "FAILURE_START",
    "title": "Awaria",
    "text": "Trwa awaria.",
    "start": "2026-11-20T10:00:00Z",
    "end": None,
    "version": 1,
    "published": "2026-11-20T10:05:00Z",
    "somethingNew": True,
}


def test_an_unknown_category_is_no_failure(emulator: Emulator) -> None:
    told = [MESSAGE, {**MESSAGE, "eventId": 8, "category": "FIREWORKS"}, {"eventId": "x"}]
    (kept,) = announcements(emulated(emulator), http=answering(told))
    assert kept.event == 7


@pytest.mark.parametrize("content", [{"status": "AVAILABLE"}, "text"])
def test_an_answer_that_is_no_list_says_nothing(emulator: Emulator, content: object) -> None:
    with pytest.raises(KsefUnavailable):
        announcements(emulated(emulator), http=answering(content))
