"""Every exception code that the specification documents is provoked, or named with a reason."""

import re

import pytest

from ksef_emulator.operation import OPERATIONS, Access
from ksef_emulator.testing import running_emulator
from tests.ksef_emulator.codes import authentication, downloading, sending
from tests.ksef_emulator.codes.stage import PROVOCATIONS, Stage
from tests.ksef_emulator.documented import exception_codes
from tests.ksef_emulator.specification import operations
from tests.ksef_emulator.test_specification import filled
from tests.reference import needs_reference

pytestmark = needs_reference
CODES = exception_codes()
TABLES = (authentication, downloading, sending)  # importing them fills PROVOCATIONS

NOT_READ = "a GET has no content to be unreadable; a bad query is 21405"
NO_INPUT = "the operation takes nothing that could be invalid"
NOT_FORGOTTEN = "authentications are never removed, so their tokens always find one"
NOT_PROVOKED = {
    ("GET", "/auth/sessions", 21001): NOT_READ,
    ("GET", "/collective-identifiers/ksef/{ksefNumber}", 21001): NOT_READ,
    ("GET", "/peppol/query", 21001): NOT_READ,
    ("GET", "/permissions/query/entities/roles", 21001): NOT_READ,
    ("GET", "/sessions", 21001): NOT_READ,
    ("GET", "/sessions/{referenceNumber}/invoices", 21001): NOT_READ,
    ("GET", "/sessions/{referenceNumber}/invoices/failed", 21001): NOT_READ,
    ("GET", "/tokens", 21001): NOT_READ,
    ("DELETE", "/auth/sessions/current", 21405): NO_INPUT,
    ("DELETE", "/testdata/limits/context/session", 21405): NO_INPUT,
    ("DELETE", "/testdata/rate-limits", 21405): NO_INPUT,
    ("GET", "/permissions/attachments/status", 21405): NO_INPUT,
    ("POST", "/testdata/rate-limits/production", 21405): NO_INPUT,
    ("POST", "/auth/token/redeem", 21304): NOT_FORGOTTEN,
    ("POST", "/auth/token/refresh", 21304): NOT_FORGOTTEN,
}


@pytest.fixture(scope="module")
def stage():
    """An emulator of one's own: the provocations set its clock and its limits."""
    with running_emulator(rate_limits="off") as emulator:
        made = Stage(emulator)
        yield made
        made.user.close()


def code_of(answer):
    return answer.json()["exception"]["exceptionDetailList"][0]["exceptionCode"]


def malformed(method, path):
    """Requests that break an operation's rules of form, whatever the operation is about."""
    token = {"x-continuation-token": "?"}
    yield filled(path), b"{", {}
    yield filled(path), b"{}", {}
    yield filled(path), b'{"queryType": 1}', {}
    yield re.sub(r"\{[^}]+\}", "x", path), b"{}", {}
    yield f"{filled(path)}?pageSize=1&sessionType=Online&description=x", b"{}", {}
    yield f"{filled(path)}?sessionType=Online", b"{}", token


@pytest.fixture(scope="module")
def found_by_malformed_requests(stage):
    """The codes that requests of bad form lead to."""
    user, found = stage.owner(), set()
    for operation in OPERATIONS:
        if operation.access in {Access.OPERATION, Access.REFRESH}:
            continue
        method, path = operation.method, operation.path
        for url, content, headers in malformed(method, path):
            sent = {**user.headers, **headers}
            answer = user.http.request(method, url, content=content, headers=sent)
            if answer.status_code == 400:
                found.add((method, path, code_of(answer)))
    return found


@pytest.mark.parametrize("name", CODES, ids=lambda name: " ".join(map(str, name)))
def test_a_documented_code_is_given(stage, found_by_malformed_requests, name):
    if name in NOT_PROVOKED:
        assert name not in found_by_malformed_requests, "it can be provoked after all"
    elif name in PROVOCATIONS:
        answer = PROVOCATIONS[name](stage)
        assert answer.request.method == name[0]
        assert (answer.status_code, code_of(answer)) == (400, name[2]), answer.text
    else:
        assert name in found_by_malformed_requests, "neither provoked nor excused"


def test_no_operation_gives_a_code_that_it_does_not_document(found_by_malformed_requests):
    assert found_by_malformed_requests <= set(CODES)


def test_nothing_is_provoked_or_excused_that_is_not_documented():
    assert not (PROVOCATIONS.keys() | NOT_PROVOKED.keys()) - set(CODES)
    assert {(method, path) for method, path, _ in CODES} <= operations().keys()
