"""The emulator against the specification: nothing missing, nothing beside it."""

import re

import pytest

from ksef_emulator.limits.rates import NO_LIMIT, SPECIFICATION
from ksef_emulator.operation import OPERATIONS, Access
from tests.ksef_emulator.invoices import nip
from tests.ksef_emulator.ksef_user import KsefUser
from tests.ksef_emulator.specification import PATH, operations
from tests.reference import needs_reference

pytestmark = needs_reference
SPEC = sorted(operations()) if PATH.is_file() else []
EXAMPLES = {
    "referenceNumber": "20260101-SO-0123456789-0123456789-00",
    "invoiceReferenceNumber": "20260101-EE-0123456789-0123456789-00",
    "upoReferenceNumber": "20260101-EU-0123456789-0123456789-00",
    "ksefNumber": "9990000001-20260101-0123456789AB-00",
    "permissionId": "00000000-0000-0000-0000-000000000000",
    "certificateSerialNumber": "0123456789ABCDEF",
    "serialNumber": "0123456789ABCDEF",
}


def filled(path):
    return re.sub(r"\{([^}]+)\}", lambda match: EXAMPLES[match[1]], path)


@pytest.fixture(autouse=True)
def _declared(emulator):
    """The operations are declared once an emulator has been built."""


@pytest.fixture(scope="module")
def owner(emulator):
    """The owner of a firm, logged in once for all tests here."""
    caller = KsefUser(emulator).log_in(nip(9001))
    yield caller
    caller.close()


@pytest.fixture(scope="module")
def readers(emulator):
    """Callers who may only read credentials, and only read invoices."""
    callers = []
    for permission in ("CredentialsRead", "InvoiceRead"):
        token = emulator.control.make_token(nip(9000), [permission])["token"]
        callers.append(KsefUser(emulator).log_in_by_token(nip(9000), token))
    yield callers
    for caller in callers:
        caller.close()


def test_every_operation_is_there_and_no_other(emulator):
    assert {(operation.method, operation.path) for operation in OPERATIONS} == set(SPEC)


@pytest.mark.parametrize("name", SPEC, ids=" ".join)
def test_permissions_are_those_of_the_specification(name):
    operation = next(entry for entry in OPERATIONS if (entry.method, entry.path) == name)
    wanted = operations()[name].get("x-required-permissions", [])
    assert sorted(operation.needs) == sorted(wanted)


@pytest.mark.parametrize("name", SPEC, ids=" ".join)
def test_limits_are_those_of_the_specification(name):
    operation = next(entry for entry in OPERATIONS if (entry.method, entry.path) == name)
    wanted = operations()[name]["x-rate-limits"]
    rates = SPECIFICATION[operation.group].as_json()
    assert {name: limit for name, limit in rates.items() if limit != NO_LIMIT} == wanted


def test_the_limits_told_are_those_of_the_specifications_example(emulator, owner):
    answer = operations()["GET", "/rate-limits"]["responses"]["200"]
    example = answer["content"]["application/json"]["example"]
    assert owner.get("/rate-limits").json() == example


@pytest.mark.parametrize("name", SPEC, ids=" ".join)
def test_the_good_status_is_that_of_the_specification(name):
    operation = next(entry for entry in OPERATIONS if (entry.method, entry.path) == name)
    assert str(operation.status) in operations()[name]["responses"]


@pytest.mark.parametrize("name", SPEC, ids=" ".join)
def test_secured_operations_want_a_token(user, name):
    answer = user.call(name[0], filled(name[1]), {} if name[0] != "GET" else None)
    secured = bool(operations()[name].get("security"))
    assert (answer.status_code == 401) is secured, answer.text


@pytest.mark.parametrize("name", SPEC, ids=" ".join)
def test_a_caller_without_the_permission_is_forbidden(readers, name):
    operation = next(entry for entry in OPERATIONS if (entry.method, entry.path) == name)
    if not operation.needs:
        pytest.skip("open to every caller")
    caller = readers["CredentialsRead" in operation.needs]
    answer = caller.call(name[0], filled(name[1]), {} if name[0] != "GET" else None)
    assert (answer.status_code, answer.json()["reasonCode"]) == (403, "missing-permissions")


@pytest.mark.parametrize("name", SPEC, ids=" ".join)
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"x": 1}'])
def test_rubbish_is_answered_within_the_specification(owner, name, body):
    """Every answer is checked against the specification by the client's hook."""
    operation = next(entry for entry in OPERATIONS if (entry.method, entry.path) == name)
    if operation.access in {Access.OPERATION, Access.REFRESH}:
        pytest.skip("wants a token of another kind")
    answer = owner.http.request(name[0], filled(name[1]), content=body, headers=owner.headers)
    assert answer.status_code < 500
