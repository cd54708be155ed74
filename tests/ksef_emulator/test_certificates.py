"""KSeF certificates, collective identifiers, Peppol providers."""

import base64
import datetime as dt
import json
from decimal import Decimal

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID

from tests.ksef_emulator.certificates import (
    ORGANIZATION_IDENTIFIER,
    Identity,
    new_key,
    peppol_provider,
    seal,
)
from tests.ksef_emulator.invoices import fa3, nip
from tests.ksef_emulator.ksef_user import KsefUser
from tests.ksef_emulator.signing import auth_request, sign

OIDS = {
    "commonName": NameOID.COMMON_NAME,
    "countryName": NameOID.COUNTRY_NAME,
    "givenName": NameOID.GIVEN_NAME,
    "surname": NameOID.SURNAME,
    "serialNumber": NameOID.SERIAL_NUMBER,
    "organizationName": NameOID.ORGANIZATION_NAME,
    "organizationIdentifier": ORGANIZATION_IDENTIFIER,
}


def code_of(answer):
    return answer.json()["exception"]["exceptionDetailList"][0]["exceptionCode"]


def request_for(user, key, **changes):
    data = {**user.get("/certificates/enrollments/data").json(), **changes}
    name = x509.Name([x509.NameAttribute(OIDS[field], value) for field, value in data.items()])
    built = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256())
    return base64.b64encode(built.public_bytes(serialization.Encoding.DER)).decode()


def enroll(user, key, kind="Authentication", **changes):
    body = {
        "certificateName": "Certyfikat próbny",
        "certificateType": kind,
        "csr": request_for(user, key, **changes),
    }
    return user.post("/certificates/enrollments", body)


def issued(user, kind="Authentication", key=None):
    """A new certificate: its serial number and the identity that it makes."""
    key = key or new_key()
    reference = enroll(user, key, kind).json()["referenceNumber"]
    status = user.get(f"/certificates/enrollments/{reference}").json()
    assert status["status"]["code"] == 200
    serial = status["certificateSerialNumber"]
    body = {"certificateSerialNumbers": [serial]}
    der = user.post("/certificates/retrieve", body).json()["certificates"][0]["certificate"]
    return serial, Identity(x509.load_der_x509_certificate(base64.b64decode(der)), key)


def outcome(user, firm, identity):
    xml = auth_request(user.challenge()["challenge"], firm)
    started = user.submit_signed(sign(xml, identity))
    return user.outcome(started.json())


def test_a_ksef_certificate_logs_in_until_it_is_revoked(user):
    firm = nip(6000)
    user.log_in(firm)
    serial, identity = issued(user)
    other = KsefUser(user.emulator).log_in(firm, identity)
    listed = other.get("/auth/sessions").json()["items"][0]
    assert listed["authenticationMethod"] == "InternalCertificate"
    assert user.post(f"/certificates/{serial}/revoke").status_code == 204
    assert outcome(user, firm, identity)["details"] == ["Certyfikat odwołany"]
    assert code_of(user.post(f"/certificates/{serial}/revoke")) == 25009
    query = user.post("/certificates/query", {"status": "Revoked"}).json()["certificates"]
    assert [entry["certificateSerialNumber"] for entry in query] == [serial]
    other.close()


def test_an_offline_certificate_does_not_log_in(user):
    user.log_in(nip(6001))
    assert outcome(user, nip(6001), issued(user, "Offline")[1])["code"] == 460


def test_a_forged_ksef_certificate_does_not_log_in(user):
    firm = nip(6002)
    user.log_in(firm)
    serial, genuine = issued(user)
    key = new_key()
    forged = (
        x509.CertificateBuilder()
        .subject_name(genuine.certificate.subject)
        .issuer_name(genuine.certificate.issuer)
        .public_key(key.public_key())
        .serial_number(int(serial, 16))
        .not_valid_before(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
        .not_valid_after(dt.datetime(2028, 1, 1, tzinfo=dt.UTC))
        .sign(new_key(), hashes.SHA256())
    )
    found = outcome(user, firm, Identity(forged, key))
    assert found["details"] == ["Niezaufany łańcuch certyfikatów"]


def test_test_data_let_a_certificate_end(user):
    firm = nip(6003)
    user.log_in(firm)
    serial, identity = issued(user)
    body = {"validTo": "2026-01-01T00:00:00Z"}
    assert user.call("PUT", f"/testdata/certificates/{serial}", body).status_code == 200
    assert outcome(user, firm, identity)["details"] == ["Nieważny certyfikat"]


@pytest.mark.parametrize(
    ("key", "changes", "code"),
    [
        ("ec", {"commonName": "Ktoś inny"}, 25003),
        ("p384", {}, 25010),
    ],
)
def test_a_wrong_request_is_refused(user, key, changes, code):
    from cryptography.hazmat.primitives.asymmetric import ec

    user.log_in(nip(6004))
    made = ec.generate_private_key(ec.SECP384R1()) if key == "p384" else new_key(key)
    assert code_of(enroll(user, made, **changes)) == code


def test_limits_of_certificates_hold(user):
    firm = nip(6005)
    user.log_in(firm)
    body = {"enrollment": {"maxEnrollments": 5}, "certificate": {"maxCertificates": 1}}
    assert user.post("/testdata/limits/subject/certificate", body).status_code == 200
    issued(user)
    assert code_of(enroll(user, new_key())) == 25007
    limits = user.get("/certificates/limits").json()
    assert limits["canRequest"] is False
    assert limits["certificate"] == {"remaining": 0, "limit": 1}


def test_a_token_asks_for_no_certificate(user):
    firm = nip(6006)
    user.log_in_by_token(firm, user.emulator.control.make_token(firm)["token"])
    assert code_of(user.get("/certificates/enrollments/data")) == 25001


def test_a_key_belongs_to_one_subject(user):
    key = new_key()
    user.log_in(nip(6007))
    assert enroll(user, key).status_code == 202
    user.log_in(nip(6008))
    reference = enroll(user, key).json()["referenceNumber"]
    status = user.get(f"/certificates/enrollments/{reference}").json()["status"]
    assert status["code"] == 400


def test_a_payment_of_several_invoices_gets_one_number(user):
    seller, payer, stranger = nip(6010), nip(6011), nip(6012)
    files = {f"{place}.xml": fa3(f"Z/{place}", seller=seller, buyer=payer) for place in range(3)}
    accepted = user.emulator.control.put_invoices(files)["accepted"]
    numbers = [entry["ksefNumber"] for entry in accepted]
    user.log_in(payer)
    members = [{"ksefNumber": number} for number in numbers]
    members[0]["payment"] = {"amount": 123.45, "currency": "PLN"}
    made = user.post("/collective-identifiers", {"invoices": members})
    assert made.status_code == 201, made.text
    number = made.json()["collectiveIdentifierNumber"]
    query = {"collectiveIdentifierNumbers": [number]}
    answer = user.post("/collective-identifiers/invoices", query)
    listed = json.loads(answer.text, parse_float=Decimal)["invoices"]
    paid = [entry["payment"]["amount"] for entry in listed if "payment" in entry]
    assert (len(listed), paid) == (3, [Decimal("123.45")])
    found = user.get(f"/collective-identifiers/ksef/{numbers[1]}").json()
    assert [entry["collectiveIdentifierNumber"] for entry in found["collectiveIdentifiers"]] == [
        number
    ]
    now = dt.datetime.now(dt.UTC)
    span = {
        "dateCreatedFrom": (now - dt.timedelta(days=1)).isoformat(),
        "dateCreatedTo": (now + dt.timedelta(days=1)).isoformat(),
    }
    user.log_in(seller)
    seen = user.post("/collective-identifiers/query", span).json()["collectiveIdentifiers"]
    assert [(entry["invoiceCount"], entry["createdInCurrentContext"]) for entry in seen] == [
        (3, False)
    ]
    user.log_in(stranger)
    hidden = user.post("/collective-identifiers/invoices", query).json()["invoices"]
    assert [entry["detailsHidden"] for entry in hidden].count(True) == 1
    twice = {"invoices": [{"ksefNumber": numbers[0]}] * 2}
    assert code_of(user.post("/collective-identifiers", twice)) == 71005
    unknown = {"invoices": [{"ksefNumber": entry} for entry in numbers[:2]]}
    assert code_of(user.post("/collective-identifiers", unknown)) == 71001


def test_a_peppol_provider_is_listed_once_it_came(user):
    provider = peppol_provider("PPL123456")
    user.log_in("PPL123456", provider, context="PeppolId", version="2.1")
    listed = user.get("/peppol/query").json()["peppolProviders"]
    assert [(entry["id"], entry["name"]) for entry in listed] == [("PPL123456", "Dostawca próbny")]
    xml = auth_request(user.challenge()["challenge"], "PPL123456", context="PeppolId")
    assert code_of(user.submit_signed(sign(xml, seal(nip(6020))))) == 21117
