"""Codes of logging in, of KSeF tokens, of certificates."""

import base64

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.ksef_emulator.certificates import nameless, new_key, seal
from tests.ksef_emulator.codes.stage import Stage, provokes
from tests.ksef_emulator.ksef_user import KsefUser
from tests.ksef_emulator.signing import auth_request, sign
from tests.ksef_emulator.test_certificates import enroll, issued

XADES, TOKEN = "/auth/xades-signature", "/auth/ksef-token"
USED = "20260101-CR-0123456789-0123456789-00"


@provokes("POST", XADES, 21001)
def _(stage: Stage):
    return stage.user.submit_signed(b"<AuthTokenRequest")


@provokes("POST", XADES, 21111)
def _(stage: Stage):
    xml = stage.request(USED)
    return stage.user.submit_signed(sign(xml, seal(stage.nip)))


@provokes("POST", XADES, 21115)
def _(stage: Stage):
    xml = stage.signed()
    before, middle, after = xml.partition(b"<ds:X509Certificate>")
    return stage.user.submit_signed(before + middle + b"AAAA" + after)


@provokes("POST", XADES, 21117)
def _(stage: Stage):
    xml = auth_request(stage.user.challenge()["challenge"], "PPL123456", context="PeppolId")
    return stage.user.submit_signed(sign(xml, seal(stage.firm())))


@provokes("POST", XADES, 21217)
def _(stage: Stage):
    return stage.user.submit_signed(b'<?xml version="1.0" encoding="UTF-8"?><a>\xff</a>')


@provokes("POST", XADES, 21401)
def _(stage: Stage):
    xml = stage.request().replace("SubjectIdentifierType", "Subject")
    return stage.user.submit_signed(sign(xml, seal(stage.nip)))


@provokes("POST", XADES, 21405)
def _(stage: Stage):
    path = f"{XADES}?verifyCertificateChain=perhaps"
    return stage.user.http.post(path, content=stage.signed())


@provokes("POST", XADES, 21406)
def _(stage: Stage):
    return stage.user.submit_signed(sign(stage.request(), nameless()))


@provokes("POST", XADES, 9101)
def _(stage: Stage):
    return stage.user.submit_signed(b"<!DOCTYPE a>" + stage.signed())


@provokes("POST", XADES, 9102)
def _(stage: Stage):
    return stage.user.submit_signed(stage.request().encode())


@provokes("POST", XADES, 9103)
def _(stage: Stage):
    xml = stage.signed()
    start, end = xml.index(b"<ds:Signature "), xml.index(b"</AuthTokenRequest>")
    return stage.user.submit_signed(xml[:end] + xml[start:end] + xml[end:])


@provokes("POST", XADES, 9105)
def _(stage: Stage):
    xml = stage.signed()
    return stage.user.submit_signed(xml.replace(stage.nip.encode(), stage.firm().encode(), 1))


@provokes("POST", TOKEN, 21111)
def _(stage: Stage):
    challenge = {"challenge": USED, "timestampMs": 1}
    return stage.user.start_token_login(stage.firm(), "x", challenge=challenge)


@provokes("POST", TOKEN, 21470)
def _(stage: Stage):
    return stage.user.start_token_login(stage.firm(), "x", publicKeyId="A" * 43 + "=")


@provokes("GET", "/auth/{referenceNumber}", 21304)
def _(stage: Stage):
    started = stage.user.submit_signed(stage.signed()).json()
    bearer = stage.bearer(started["authenticationToken"]["token"])
    return stage.user.http.get("/auth/20260101-AU-0123456789-0123456789-00", headers=bearer)


@provokes("POST", "/auth/token/redeem", 21301)
def _(stage: Stage):
    started = stage.user.submit_signed(stage.signed()).json()
    stage.user.finish(started)
    bearer = stage.bearer(started["authenticationToken"]["token"])
    return stage.user.http.post("/auth/token/redeem", headers=bearer)


@provokes("POST", "/auth/token/redeem", 21308)
def _(stage: Stage):
    started = stage.user.submit_signed(stage.signed()).json()
    die(stage)
    bearer = stage.bearer(started["authenticationToken"]["token"])
    return stage.user.http.post("/auth/token/redeem", headers=bearer)


@provokes("POST", "/auth/token/refresh", 21301)
def _(stage: Stage):
    user = stage.by_token()
    assert user.call("DELETE", f"/tokens/{stage.token_reference}").status_code == 204
    return refresh(user)


@provokes("POST", "/auth/token/refresh", 21308)
def _(stage: Stage):
    user = stage.owner()
    die(stage)
    return refresh(user)


def refresh(user: KsefUser):
    bearer = {"Authorization": f"Bearer {user.refresh_token}"}
    return user.http.post("/auth/token/refresh", headers=bearer)


def die(stage: Stage):
    body = {
        "nip": stage.nip,
        "pesel": "80010112345",
        "isBailiff": False,
        "isDeceased": True,
        "description": "Osoba zmarła",
    }
    assert stage.user.post("/testdata/person", body).status_code == 200


@provokes("POST", "/tokens", 26001)
def _(stage: Stage):
    body = {"permissions": ["EnforcementOperations"], "description": "Za dużo"}
    return stage.owner().post("/tokens", body)


@provokes("POST", "/tokens", 26002)
def _(stage: Stage):
    body = {"permissions": ["InvoiceRead"], "description": "Inny kontekst"}
    return eu_administrator(stage).post("/tokens", body)


@provokes("POST", "/permissions/eu-entities/grants", 21001)
def _(stage: Stage):
    user = eu_administrator(stage)
    path = "/permissions/eu-entities/grants"
    return user.http.post(path, content=b"{", headers=user.headers)


@provokes("POST", "/permissions/eu-entities/grants", 21405)
def _(stage: Stage):
    return eu_administrator(stage).post("/permissions/eu-entities/grants", {})


def eu_administrator(stage: Stage) -> KsefUser:
    """The caller in the context of an entity of the European Union."""
    user, administrator = stage.owner(), nameless()
    composite = f"{stage.nip}-DE123456789"
    body = {
        "subjectIdentifier": {"type": "Fingerprint", "value": administrator.fingerprint},
        "contextIdentifier": {"type": "NipVatUe", "value": composite},
        "description": "Podmiot unijny",
        "euEntityName": "Probe GmbH, Berlin",
        "subjectDetails": {
            "subjectDetailsType": "EntityByFingerprint",
            "entityByFp": {"fullName": "Probe GmbH", "address": "Berlin"},
        },
        "euEntityDetails": {"fullName": "Probe GmbH", "address": "Berlin"},
    }
    assert user.post("/permissions/eu-entities/administration/grants", body).status_code == 202
    return user.log_in(composite, administrator, context="NipVatUe", by="certificateFingerprint")


ENROLLMENTS = "/certificates/enrollments"


@provokes("GET", f"{ENROLLMENTS}/data", 25001)
def _(stage: Stage):
    return stage.by_token().get(f"{ENROLLMENTS}/data")


def asked(user: KsefUser, csr: bytes):
    body = {
        "certificateName": "Certyfikat próbny",
        "certificateType": "Offline",
        "csr": base64.b64encode(csr).decode(),
    }
    return user.post(ENROLLMENTS, body)


@provokes("POST", ENROLLMENTS, 25002)
def _(stage: Stage):
    return asked(stage.by_token(), b"x")


@provokes("POST", ENROLLMENTS, 25003)
def _(stage: Stage):
    return enroll(stage.owner(), new_key(), commonName="Ktoś inny")


@provokes("POST", ENROLLMENTS, 25004)
def _(stage: Stage):
    return asked(stage.owner(), b"no request")


@provokes("POST", ENROLLMENTS, 25006)
def _(stage: Stage):
    return enroll(limited(stage, enrollments=0, certificates=1), new_key())


@provokes("POST", ENROLLMENTS, 25007)
def _(stage: Stage):
    return enroll(limited(stage, enrollments=1, certificates=0), new_key())


def limited(stage: Stage, *, enrollments: int, certificates: int) -> KsefUser:
    user = stage.owner()
    body = {
        "enrollment": {"maxEnrollments": enrollments},
        "certificate": {"maxCertificates": certificates},
    }
    assert user.post("/testdata/limits/subject/certificate", body).status_code == 200
    return user


@provokes("POST", ENROLLMENTS, 25010)
def _(stage: Stage):
    return enroll(stage.owner(), ec.generate_private_key(ec.SECP384R1()))


@provokes("POST", ENROLLMENTS, 25011)
def _(stage: Stage):
    request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    signed = request.sign(new_key(), hashes.SHA224())
    return asked(stage.owner(), signed.public_bytes(serialization.Encoding.DER))


@provokes("POST", "/certificates/{certificateSerialNumber}/revoke", 25009)
def _(stage: Stage):
    user = stage.owner()
    serial, _ = issued(user)
    assert user.post(f"/certificates/{serial}/revoke").status_code == 204
    return user.post(f"/certificates/{serial}/revoke")


@provokes("PUT", "/testdata/certificates/{serialNumber}", 25008)
def _(stage: Stage):
    body = {"validTo": "2026-01-01T00:00:00Z"}
    return stage.owner().call("PUT", "/testdata/certificates/0123456789ABCDEF", body)
