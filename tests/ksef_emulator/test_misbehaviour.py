"""Misbehaviour on command: each kind does what it says, and the same under the same seed."""

import datetime as dt
import time

import httpx
import pytest

from ksef_emulator.testing import running_emulator
from tests.ksef_emulator.certificates import new_key, seal
from tests.ksef_emulator.invoices import fa3, many, nip
from tests.ksef_emulator.ksef_user import KsefUser
from tests.ksef_emulator.sending import open_online, packed, send_batch
from tests.ksef_emulator.signing import auth_request, sign
from tests.ksef_emulator.test_certificates import enroll
from tests.ksef_emulator.test_download import restricted

FIRM, SELLER = nip(9500), nip(9501)
NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def control(own_emulator):
    return own_emulator.control


def invoice(number):
    return fa3(number, seller=FIRM, buyer=SELLER, issued=dt.datetime.now(dt.UTC).date())


def test_latency_delays_the_answer_and_nothing_else(own_user, control):
    control.add_fault("latency", path="/auth/challenge", milliseconds=300)
    start = time.monotonic()
    assert own_user.http.post("/auth/challenge").status_code == 200
    assert time.monotonic() - start >= 0.3
    own_user.http.post("/auth/challenge")
    faults = [entry["fault"] for entry in control.requests()]
    assert faults == ["latency", None], "once, as told"


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_server_error_comes_instead_of_the_work(own_user, control, status):
    own_user.log_in(FIRM)
    control.add_fault("status", method="POST", path="/tokens$", status=status)
    body = {"permissions": ["InvoiceRead"], "description": "Token do odczytu"}
    assert own_user.post("/tokens", body).status_code == status
    assert own_user.get("/tokens").json()["tokens"] == []


def test_a_storm_of_429_names_its_wait(own_user, control):
    own_user.log_in(FIRM)
    control.add_fault("status", path="/rate-limits", status=429, retryAfter=7, times=3)
    answers = [own_user.get("/rate-limits") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [429, 429, 429, 200]
    assert {answer.headers["Retry-After"] for answer in answers[:3]} == {"7"}


def test_an_answer_breaks_off_in_the_middle(own_user, control):
    control.add_fault("cut_midway", path="/security/public-key-certificates")
    with pytest.raises(httpx.TransportError):
        own_user.http.get("/security/public-key-certificates")
    assert control.requests()[-1]["status"] == 0
    assert own_user.http.get("/security/public-key-certificates").status_code == 200


def test_a_slow_ocsp_keeps_an_authentication_in_progress_and_nothing_else(own_user, control):
    own_user.log_in(FIRM)
    control.change_settings(authenticationDelay=60)
    xml = auth_request(own_user.challenge()["challenge"], FIRM)
    started = own_user.submit_signed(sign(xml, seal(FIRM))).json()
    assert own_user.outcome(started)["code"] == 100
    bearer = {"Authorization": f"Bearer {started['authenticationToken']['token']}"}
    early = own_user.http.post("/auth/token/redeem", headers=bearer)
    assert early.status_code == 400
    assert enroll(own_user, new_key()).status_code == 202
    assert own_user.export(restricted())[0]["invoiceCount"] == 0, "exports do not wait"
    control.advance_clock(dt.timedelta(seconds=61))
    assert own_user.outcome(started)["code"] == 200


def test_a_stuck_session_stays_in_progress_until_it_is_let_go(own_user, control):
    own_user.log_in(FIRM)
    session = open_online(own_user)
    control.change_settings(stuckSessions=True)
    assert session.send(invoice("STUCK/1"))["status"]["code"] == 200, "its invoices go on"
    path = f"/sessions/{session.reference}"
    assert own_user.post(f"/sessions/online/{session.reference}/close").status_code == 204
    control.advance_clock(dt.timedelta(minutes=10))
    assert own_user.get(path).json()["status"]["code"] == 170
    control.change_settings(stuckSessions=False)
    assert own_user.get(path).json()["status"]["code"] == 200


@pytest.mark.parametrize("code", [500, 550])
def test_asynchronous_work_fails_as_told(own_user, control, code):
    own_user.log_in(FIRM)
    session, envelope = open_online(own_user), own_user.envelope()
    control.change_settings(processingFailure=code)
    assert session.send(invoice("FAIL/1"))["status"]["code"] == code
    body = {"encryption": envelope.info, "filters": restricted()}
    reference = own_user.post("/invoices/exports", body).json()["referenceNumber"]
    assert own_user.await_export(reference)["status"]["code"] == code
    order = enroll(own_user, new_key()).json()["referenceNumber"]
    asked = own_user.get(f"/certificates/enrollments/{order}").json()
    assert (asked["status"]["code"], "certificateSerialNumber" in asked) == (code, False)
    assert send_batch(own_user, packed({"a.xml": invoice("FAIL/2")}))["status"]["code"] == 500
    grant = {
        "subjectIdentifier": {"type": "Nip", "value": SELLER},
        "permissions": [{"type": "InvoiceRead"}],
        "description": "Biuro rachunkowe",
        "subjectDetails": {"fullName": "Biuro próbne"},
    }
    started = own_user.post("/permissions/entities/grants", grant).json()["referenceNumber"]
    done = own_user.get(f"/permissions/operations/{started}").json()
    assert done["status"]["code"] == code
    xml = auth_request(own_user.challenge()["challenge"], FIRM)
    assert own_user.outcome(own_user.submit_signed(sign(xml, seal(FIRM))).json())["code"] == code
    control.change_settings(processingFailure=0)
    office = auth_request(own_user.challenge()["challenge"], FIRM)
    outcome = own_user.outcome(own_user.submit_signed(sign(office, seal(SELLER))).json())
    assert outcome["code"] == 415, "nothing was granted"
    assert session.send(invoice("FAIL/1"))["status"]["code"] == 200, "nothing was stored"


def test_the_high_water_mark_lags_and_jumps(own_user, control):
    control.set_clock(NOON)
    own_user.log_in(FIRM)
    first = mark(own_user)
    control.change_settings(hwmLag=3600)
    control.advance_clock(10 * MINUTE)
    assert mark(own_user) == first, "it waits, it never goes back"
    control.advance_clock(70 * MINUTE)
    own_user.log_in(FIRM)
    behind = mark(own_user)
    assert NOON + 15 * MINUTE < behind < NOON + 25 * MINUTE
    control.change_settings(hwmLag=0)
    assert mark(own_user) - behind > 59 * MINUTE, "it jumps"


def mark(user):
    answer = user.post("/invoices/query/metadata", restricted()).json()
    return dt.datetime.fromisoformat(answer["permanentStorageHwmDate"])


def test_the_row_at_the_edge_of_two_windows_comes_twice(own_user, control):
    control.put_invoices(many(5, sellers=[SELLER], buyers=[FIRM]))
    own_user.log_in(FIRM)
    rows = own_user.post("/invoices/query/metadata", restricted()).json()["invoices"]
    edge = rows[2]["permanentStorageDate"]
    _, before = own_user.export(restricted(to=edge))
    _, after = own_user.export(restricted(start=edge))
    twice = (before.keys() & after.keys()) - {"_metadata.json"}
    assert twice == {f"{rows[2]['ksefNumber']}.xml"}


@pytest.mark.parametrize(("kind", "taken"), [("planned", True), ("emergency", False)])
def test_a_rotated_key_is_taken_or_refused(own_user, control, kind, taken):
    own_user.log_in(FIRM)
    envelope = own_user.envelope()
    control.rotate_keys(kind=kind)
    assert own_user.public_key("SymmetricKeyEncryption")[0] != envelope.info["publicKeyId"]
    body = {"encryption": envelope.info, "filters": restricted()}
    assert (own_user.post("/invoices/exports", body).status_code == 201) is taken


def test_a_year_passes_in_a_second(own_user, control):
    start = control.now()
    control.advance_clock(dt.timedelta(days=365))
    assert control.now() - start >= dt.timedelta(days=365)
    control.set_clock(NOON, frozen=True)
    assert (control.now(), control.now()) == (NOON, NOON)
    issued = dt.datetime.fromisoformat(own_user.challenge()["timestamp"])
    assert issued == NOON


@pytest.mark.parametrize("kind", ["FAILURE", "TOTAL_FAILURE", "MAINTENANCE"])
def test_an_outage_stops_everything_and_is_announced(own_user, control, kind):
    lighthouse = own_user.emulator.url.removesuffix("/v2") + "/latarnia"
    assert httpx.get(f"{lighthouse}/status").json()["status"] == "AVAILABLE"
    control.announce_outage(kind)
    assert own_user.http.post("/auth/challenge").status_code == 503
    assert own_user.http.get("/security/public-key-certificates").status_code == 503
    told = httpx.get(f"{lighthouse}/status").json()
    assert (told["status"], len(told["messages"])) == (kind, 1)
    control.end_outage()
    assert own_user.http.post("/auth/challenge").status_code == 200
    assert httpx.get(f"{lighthouse}/status").json()["status"] == "AVAILABLE"
    messages = httpx.get(f"{lighthouse}/messages").json()
    assert len(messages) == 2, "the end is announced too"


def test_tokens_are_refused_on_command(own_user, control):
    own_user.log_in(FIRM)
    control.add_fault("status", path="/rate-limits", status=401)
    assert [own_user.get("/rate-limits").status_code for _ in range(2)] == [401, 200]
    control.expire_access_tokens()
    assert own_user.get("/rate-limits").status_code == 401
    bearer = {"Authorization": f"Bearer {own_user.refresh_token}"}
    assert own_user.http.post("/auth/token/refresh", headers=bearer).status_code == 200


def test_the_same_seed_misbehaves_and_numbers_alike():
    told = []
    for seed in (7, 7, 8):
        with running_emulator(seed=seed, now=NOON) as emulator:
            emulator.control.set_clock(NOON, frozen=True)
            rule = {"path": "/auth/challenge", "status": 503, "times": None, "probability": 50}
            emulator.control.add_fault("status", **rule)
            user = KsefUser(emulator)
            statuses = [user.http.post("/auth/challenge").status_code for _ in range(30)]
            files = many(3, sellers=[SELLER], buyers=[FIRM])
            emulator.control.put_invoices(files)
            numbers = [entry["ksefNumber"] for entry in emulator.control.invoices(FIRM)]
            told.append((statuses, numbers))
            user.close()
    assert set(told[0][0]) == {200, 503}
    assert told[0] == told[1]
    assert told[0] != told[2]
