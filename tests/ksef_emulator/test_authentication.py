"""Authentication: signatures, KSeF tokens, bearer tokens."""

import datetime as dt

import pytest
from signxml import CanonicalizationMethod, DigestAlgorithm, SignatureMethod

from tests.ksef_emulator.certificates import nameless, person, seal
from tests.ksef_emulator.invoices import nip
from tests.ksef_emulator.ksef_user import KsefUser
from tests.ksef_emulator.signing import (
    auth_request,
    sign,
    sign_base64,
    sign_exclusively,
    sign_nothing,
)

FIRM, OFFICE = nip(100), nip(200)


def code_of(answer):
    return answer.json()["exception"]["exceptionDetailList"][0]["exceptionCode"]


def test_a_challenge_tells_its_moment_twice_to_the_millisecond(user):
    challenge = user.challenge()
    moment = dt.datetime.fromisoformat(challenge["timestamp"])
    assert moment == dt.datetime.fromtimestamp(challenge["timestampMs"] / 1000, dt.UTC)


@pytest.mark.parametrize("version", ["2.0", "2.1"])
@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_a_firm_logs_in_by_its_seal(user, kind, version):
    user.log_in(FIRM, seal(FIRM, kind), version=version)
    assert user.get("/auth/sessions").json()["items"][0]["isCurrent"]


@pytest.mark.parametrize(
    ("kind", "method", "digest"),
    [
        ("rsa", SignatureMethod.RSA_SHA256, DigestAlgorithm.SHA256),
        ("rsa", SignatureMethod.RSA_SHA512, DigestAlgorithm.SHA512),
        ("rsa", SignatureMethod.SHA256_RSA_MGF1, DigestAlgorithm.SHA256),
        ("rsa", SignatureMethod.SHA3_256_RSA_MGF1, DigestAlgorithm.SHA3_256),
        ("ec", SignatureMethod.ECDSA_SHA256, DigestAlgorithm.SHA384),
        ("ec", SignatureMethod.ECDSA_SHA3_512, DigestAlgorithm.SHA3_512),
    ],
)
def test_the_guides_algorithms_are_verified(user, kind, method, digest):
    xml = auth_request(user.challenge()["challenge"], FIRM)
    answer = user.submit_signed(sign(xml, seal(FIRM, kind), method=method, digest=digest))
    assert answer.status_code == 202, answer.text


@pytest.mark.parametrize(
    "c14n",
    [
        CanonicalizationMethod.CANONICAL_XML_1_0,
        CanonicalizationMethod.CANONICAL_XML_1_1,
    ],
)
@pytest.mark.parametrize("enveloping", [False, True])
def test_canonical_forms_and_both_envelopes_are_taken(user, c14n, enveloping):
    xml = auth_request(user.challenge()["challenge"], FIRM)
    signed = sign(xml, seal(FIRM), c14n=c14n, enveloping=enveloping)
    assert user.submit_signed(signed).status_code == 202


@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_the_exclusive_form_of_the_ministrys_clients_is_taken(user, kind):
    """Two references with transforms and SigningCertificate; signxml cannot make this one."""
    xml = auth_request(user.challenge()["challenge"], FIRM)
    assert user.submit_signed(sign_exclusively(xml, seal(FIRM, kind))).status_code == 202


def test_a_document_in_base64_inside_the_signature_is_taken(user):
    xml = auth_request(user.challenge()["challenge"], FIRM)
    answer = user.submit_signed(sign_base64(xml, seal(FIRM)))
    assert answer.status_code == 202, answer.text


def test_a_signature_over_nothing_is_refused(user):
    """A base64 transform of the whole would leave its elements unsigned."""
    xml = auth_request(user.challenge()["challenge"], FIRM)
    answer = user.submit_signed(sign_nothing(xml, seal(FIRM)))
    assert (answer.status_code, code_of(answer)) == (400, 9105)


def test_a_changed_document_is_refused(user):
    xml = auth_request(user.challenge()["challenge"], FIRM)
    forged = sign(xml, seal(FIRM)).replace(FIRM.encode(), OFFICE.encode(), 1)
    assert code_of(user.submit_signed(forged)) == 9105


@pytest.mark.parametrize("name", ["xml:id", "xml:base", "xml:lang"])
def test_attributes_that_canonical_forms_treat_differently_are_refused(user, name):
    """Without them Canonical XML 1.1 is the same as 1.0, and is verified as such."""
    xml = auth_request(user.challenge()["challenge"], FIRM)
    xml = xml.replace("<AuthTokenRequest ", f'<AuthTokenRequest {name}="x" ')
    assert code_of(user.submit_signed(sign(xml, seal(FIRM)))) == 9101


def test_an_unsigned_document_is_refused(user):
    xml = auth_request(user.challenge()["challenge"], FIRM)
    assert code_of(user.submit_signed(xml.encode())) == 9102


def test_a_certificate_without_an_identifier_cannot_be_known_by_its_subject(user):
    xml = auth_request(user.challenge()["challenge"], FIRM)
    assert code_of(user.submit_signed(sign(xml, nameless()))) == 21406


def test_a_document_against_the_schema_is_refused(user):
    xml = auth_request(user.challenge()["challenge"], "123")
    assert code_of(user.submit_signed(sign(xml, seal(FIRM)))) == 21401


def test_a_challenge_works_once(user):
    xml = auth_request(user.challenge()["challenge"], FIRM)
    assert user.submit_signed(sign(xml, seal(FIRM))).status_code == 202
    assert code_of(user.submit_signed(sign(xml, seal(FIRM)))) == 21111


def test_a_challenge_lives_ten_minutes(own_user):
    challenge = own_user.challenge()["challenge"]
    own_user.emulator.control.advance_clock(dt.timedelta(minutes=10, seconds=1))
    xml = auth_request(challenge, FIRM)
    assert code_of(own_user.submit_signed(sign(xml, seal(FIRM)))) == 21111


def test_a_person_without_permissions_ends_in_415(user):
    xml = auth_request(user.challenge()["challenge"], FIRM)
    started = user.submit_signed(sign(xml, person("PNOPL-80010112345")))
    assert user.outcome(started.json())["code"] == 415


def test_an_expired_certificate_ends_in_460(user):
    old = seal(FIRM, not_after=dt.datetime.now(dt.UTC) - dt.timedelta(days=1))
    xml = auth_request(user.challenge()["challenge"], FIRM)
    assert user.outcome(user.submit_signed(sign(xml, old)).json())["code"] == 460


def test_a_blocked_context_ends_in_480(user):
    blocked = nip(300)
    body = {"contextIdentifier": {"type": "Nip", "value": blocked}}
    assert user.post("/testdata/context/block", body).status_code == 200
    xml = auth_request(user.challenge()["challenge"], blocked)
    assert user.outcome(user.submit_signed(sign(xml, seal(blocked))).json())["code"] == 480


def test_a_nameless_certificate_works_by_its_fingerprint_once_granted(user):
    erika = nameless()
    grant = {
        "contextIdentifier": {"type": "Nip", "value": FIRM},
        "authorizedIdentifier": {"type": "Fingerprint", "value": erika.fingerprint},
        "permissions": [{"description": "Odczyt faktur", "permissionType": "InvoiceRead"}],
    }
    assert user.post("/testdata/permissions", grant).status_code == 200
    user.log_in(FIRM, erika, by="certificateFingerprint")


def test_a_person_owns_the_firm_that_test_data_gave_him(user):
    firm, pesel = nip(301), "80010112346"
    body = {"nip": firm, "pesel": pesel, "isBailiff": False, "description": "JDG próbna"}
    assert user.post("/testdata/person", body).status_code == 200
    user.log_in(firm, person(f"PNOPL-{pesel}"))


def test_a_token_logs_in_once_per_challenge(user):
    token = user.emulator.control.make_token(FIRM)["token"]
    challenge = user.challenge()
    user.log_in_by_token(FIRM, token, challenge=challenge)
    again = user.start_token_login(FIRM, token, challenge=challenge)
    assert code_of(again) == 21111


@pytest.mark.parametrize(
    ("spoil", "detail"),
    [
        (lambda token: token + "x", "Nieprawidłowy token"),
        (lambda token: token + "|1", "Nieprawidłowy token"),
    ],
)
def test_a_wrong_token_ends_in_450(user, spoil, detail):
    token = user.emulator.control.make_token(FIRM)["token"]
    outcome = user.outcome(user.start_token_login(FIRM, spoil(token)).json())
    assert (outcome["code"], outcome["details"]) == (450, [detail])


def test_a_token_of_another_firm_ends_in_450(user):
    token = user.emulator.control.make_token(FIRM)["token"]
    assert user.outcome(user.start_token_login(OFFICE, token).json())["code"] == 450


def test_a_token_with_a_foreign_time_ends_in_450(user):
    token = user.emulator.control.make_token(FIRM)["token"]
    challenge = {**user.challenge(), "timestampMs": 1}
    outcome = user.outcome(user.start_token_login(FIRM, token, challenge=challenge).json())
    assert outcome["details"] == ["Nieprawidłowy czas tokena"]


def test_tokens_end_with_the_year(own_user):
    token = own_user.emulator.control.make_token(FIRM)["token"]
    own_user.emulator.control.set_clock(dt.datetime(2027, 1, 1, 12, tzinfo=dt.UTC))
    outcome = own_user.outcome(own_user.start_token_login(FIRM, token).json())
    assert (outcome["code"], outcome["details"]) == (450, ["Token nieaktywny"])


def test_tokens_are_redeemed_once(user):
    xml = auth_request(user.challenge()["challenge"], FIRM)
    started = user.submit_signed(sign(xml, seal(FIRM))).json()
    user.finish(started)
    bearer = {"Authorization": f"Bearer {started['authenticationToken']['token']}"}
    assert code_of(user.http.post("/auth/token/redeem", headers=bearer)) == 21301


def test_an_access_token_expires_and_is_refreshed(own_user):
    own_user.log_in(FIRM)
    own_user.emulator.control.advance_clock(dt.timedelta(minutes=16))
    assert own_user.get("/rate-limits").status_code == 401
    bearer = {"Authorization": f"Bearer {own_user.refresh_token}"}
    fresh = own_user.http.post("/auth/token/refresh", headers=bearer).json()["accessToken"]
    own_user.headers["Authorization"] = f"Bearer {fresh['token']}"
    assert own_user.get("/rate-limits").status_code == 200


def test_all_access_tokens_can_be_expired_on_command(own_user):
    own_user.log_in(FIRM)
    own_user.emulator.control.expire_access_tokens()
    assert own_user.get("/rate-limits").status_code == 401


def test_a_refresh_token_opens_nothing_else(user):
    user.log_in(FIRM)
    bearer = {"Authorization": f"Bearer {user.refresh_token}"}
    assert user.http.get("/rate-limits", headers=bearer).status_code == 401


def test_an_ended_session_refreshes_no_more_but_its_access_token_lives_on(user):
    user.log_in(FIRM)
    assert user.call("DELETE", "/auth/sessions/current").status_code == 204
    bearer = {"Authorization": f"Bearer {user.refresh_token}"}
    assert code_of(user.http.post("/auth/token/refresh", headers=bearer)) == 21301
    assert user.get("/rate-limits").status_code == 200


def test_the_callers_own_policy_of_addresses_is_enforced(user):
    policy = (
        "<AuthorizationPolicy><AllowedIps><Ip4Address>10.1.2.3</Ip4Address></AllowedIps>"
        "</AuthorizationPolicy>"
    )
    user.log_in(FIRM, policy=policy)
    refused = user.get("/rate-limits")
    assert (refused.status_code, refused.json()["reasonCode"]) == (403, "ip-not-allowed")


def test_two_emulators_know_nothing_of_each_other(user, own_user):
    user.log_in(FIRM)
    stranger = KsefUser(own_user.emulator, dict(user.headers))
    assert stranger.get("/rate-limits").status_code == 401
    stranger.close()
