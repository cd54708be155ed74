"""What surrounds every operation: permissions, limits, forms of errors, misbehaviour, tokens."""

import datetime as dt
import subprocess
import sys

import httpx
import pytest

from ksef_emulator.testing import running_emulator
from tests.ksef_emulator.certificates import seal
from tests.ksef_emulator.invoices import many, nip
from tests.ksef_emulator.ksef_user import KsefUser
from tests.ksef_emulator.test_download import restricted

FIRM, OFFICE, CLIENT = nip(2000), nip(2001), nip(2002)


def code_of(answer):
    return answer.json()["exception"]["exceptionDetailList"][0]["exceptionCode"]


def grant_to_office(owner, *kinds):
    body = {
        "subjectIdentifier": {"type": "Nip", "value": OFFICE},
        "permissions": [{"type": kind, "canDelegate": False} for kind in kinds],
        "description": "Biuro rachunkowe",
        "subjectDetails": {"fullName": "Biuro próbne"},
    }
    answer = owner.post("/permissions/entities/grants", body)
    assert answer.status_code == 202, answer.text
    return answer.json()["referenceNumber"]


def test_an_office_works_for_the_client_that_granted_it(own_user):
    own_user.emulator.control.put_invoices(many(3, sellers=[FIRM], buyers=[CLIENT]))
    own_user.log_in(CLIENT)
    reference = grant_to_office(own_user, "InvoiceRead")
    status = own_user.get(f"/permissions/operations/{reference}").json()["status"]
    assert status["code"] == 200
    office = KsefUser(own_user.emulator).log_in(CLIENT, seal(OFFICE))
    assert office.export(restricted())[0]["invoiceCount"] == 3
    refused = office.post("/permissions/entities/grants", {})
    assert (refused.status_code, refused.json()["reasonCode"]) == (403, "missing-permissions")
    assert refused.json()["security"]["presentPermissions"] == ["InvoiceRead"]
    office.close()


def test_the_owner_makes_lists_and_revokes_tokens(user):
    firm = nip(2010)
    user.log_in(firm)
    body = {"permissions": ["InvoiceRead"], "description": "Token do odczytu"}
    made = user.post("/tokens", body).json()
    assert len(made["token"]) <= 160
    listed = user.get("/tokens").json()["tokens"]
    assert [token["referenceNumber"] for token in listed] == [made["referenceNumber"]]
    by_token = KsefUser(user.emulator).log_in_by_token(firm, made["token"])
    assert by_token.post("/invoices/query/metadata", restricted()).status_code == 200
    assert by_token.post("/tokens", body).json()["reasonCode"] == "auth-method-not-allowed"
    assert user.call("DELETE", f"/tokens/{made['referenceNumber']}").status_code == 204
    status = user.get(f"/tokens/{made['referenceNumber']}").json()["status"]
    assert status == "Revoked"
    outcome = user.outcome(user.start_token_login(firm, made["token"]).json())
    assert outcome["details"] == ["Token unieważniony"]
    by_token.close()


def test_nobody_gives_a_token_more_than_he_has(user):
    client, office = nip(2011), nip(2012)
    user.post(
        "/testdata/permissions",
        {
            "contextIdentifier": {"type": "nip", "value": client},
            "authorizedIdentifier": {"type": "nip", "value": office},
            "permissions": [{"permissionType": "InvoiceRead", "description": "Odczyt"}],
        },
    )
    user.log_in(client, seal(office))
    body = {"permissions": ["InvoiceWrite"], "description": "Za dużo"}
    assert code_of(user.post("/tokens", body)) == 26001


def test_the_twenty_first_export_of_an_hour_is_refused_with_retry_after(own_user):
    own_user.log_in(FIRM)
    control = own_user.emulator.control
    for place in range(20):
        if place % 8 == 0:
            control.advance_clock(dt.timedelta(seconds=61))
        assert own_user.post("/invoices/query/metadata", restricted()).status_code == 200
    control.advance_clock(dt.timedelta(seconds=61))
    refused = own_user.post("/invoices/query/metadata", restricted())
    assert refused.status_code == 429
    wait = int(refused.headers["Retry-After"])
    assert 3000 < wait <= 3600
    assert refused.json()["status"]["code"] == 429
    assert own_user.get("/rate-limits").status_code == 200, "other groups have their own count"
    control.advance_clock(dt.timedelta(seconds=wait))
    own_user.log_in(FIRM)
    assert own_user.post("/invoices/query/metadata", restricted()).status_code == 200


def test_contexts_have_their_own_limits(own_user):
    own_user.log_in(FIRM)
    for _ in range(8):
        own_user.post("/invoices/query/metadata", restricted())
    assert own_user.post("/invoices/query/metadata", restricted()).status_code == 429
    own_user.log_in(CLIENT)
    assert own_user.post("/invoices/query/metadata", restricted()).status_code == 200


def test_repetition_makes_the_wait_longer(own_user):
    own_user.log_in(FIRM)
    control = own_user.emulator.control
    for _ in range(9):
        first = own_user.post("/invoices/query/metadata", restricted())
    for _ in range(5):
        own_user.post("/invoices/query/metadata", restricted())
    control.advance_clock(dt.timedelta(seconds=int(first.headers["Retry-After"])))
    for _ in range(9):
        second = own_user.post("/invoices/query/metadata", restricted())
        if second.status_code == 429:
            break
    assert int(second.headers["Retry-After"]) > int(first.headers["Retry-After"])


def test_test_data_change_the_limits_of_a_context(user):
    user.log_in(nip(2020))
    assert user.get("/rate-limits").json()["invoiceExport"]["perHour"] == 20
    names = [
        name
        for name in user.get("/rate-limits").json()
        if name not in {"onlineSessionClose", "batchSessionClose", "anonymous", "global"}
    ]
    values = {"perSecond": 1, "perMinute": 2, "perHour": 3}
    body = {"rateLimits": dict.fromkeys(names, values)}
    assert user.post("/testdata/rate-limits", body).status_code == 200
    assert user.get("/rate-limits").json()["invoiceSend"] == values
    assert user.call("DELETE", "/testdata/rate-limits").status_code == 200
    assert user.get("/rate-limits").json()["invoiceExport"]["perHour"] == 20


def test_errors_have_two_forms(user):
    old = user.http.post("/auth/ksef-token", content=b"{")
    assert code_of(old) == 21001
    new = user.http.post(
        "/auth/ksef-token", content=b"{}", headers={"X-Error-Format": "problem-details"}
    )
    assert new.headers["content-type"] == "application/problem+json"
    assert new.json()["errors"][0]["code"] == 21405
    assert user.http.get("/rate-limits").json()["title"] == "Unauthorized"


def test_the_system_warning_can_be_tried(user):
    answer = user.http.post("/auth/challenge", headers={"X-Test-System-Warning": "[1]: uwaga"})
    assert answer.headers["X-System-Warning"] == "[1]: uwaga"


def test_faults_strike_as_often_as_told(own_user):
    control = own_user.emulator.control
    control.add_fault("status", path="/auth/challenge", status=503, times=2, after=1)
    statuses = [own_user.http.post("/auth/challenge").status_code for _ in range(4)]
    assert statuses == [200, 503, 503, 200]
    log = [(entry["path"], entry["status"], entry["fault"]) for entry in control.requests()]
    assert log[1] == ("/v2/auth/challenge", 503, "status")


@pytest.mark.parametrize(("fault", "done"), [("cut_before", False), ("cut_after", True)])
def test_a_cut_connection_may_or_may_not_have_had_its_effect(own_user, fault, done):
    own_user.log_in(FIRM)
    own_user.emulator.control.add_fault(fault, method="POST", path="/tokens$")
    body = {"permissions": ["InvoiceRead"], "description": "Token do odczytu"}
    with pytest.raises(httpx.TransportError):
        own_user.post("/tokens", body)
    assert bool(own_user.get("/tokens").json()["tokens"]) is done


def test_a_part_is_corrupted_on_command(own_user):
    own_user.emulator.control.put_invoices(many(2, sellers=[FIRM], buyers=[CLIENT]))
    own_user.log_in(CLIENT)
    own_user.emulator.control.add_fault("corrupt_part", path="^/storage/")
    with pytest.raises(AssertionError):
        own_user.export(restricted())
    assert own_user.export(restricted())[0]["invoiceCount"] == 2


def test_faults_can_concern_one_firm_only(own_user):
    own_user.emulator.control.add_fault("status", nip=FIRM, path="/rate-limits", status=500)
    own_user.log_in(CLIENT)
    assert own_user.get("/rate-limits").status_code == 200
    own_user.log_in(FIRM)
    assert own_user.get("/rate-limits").status_code == 500


def test_there_is_no_control_without_the_flag():
    with running_emulator(control=False) as plain, httpx.Client() as http:
        base = plain.url.removesuffix("/v2")
        assert http.get(f"{base}/_emulator/requests").status_code == 404


def test_the_command_says_where_it_listens_and_ends_cleanly():
    command = [sys.executable, "-m", "ksef_emulator", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        line = process.stdout.readline()
        url = line.removeprefix("KSeF emulator listening on ").strip()
        assert httpx.post(f"{url}/auth/challenge").status_code == 200
        process.terminate()
        assert process.wait(5) == 0
        assert process.stdout.read() == ""
