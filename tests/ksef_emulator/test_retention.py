"""410: what KSeF no longer keeps the status of."""

import datetime as dt

import pytest

from tests.ksef_emulator.certificates import new_key
from tests.ksef_emulator.invoices import nip
from tests.ksef_emulator.specification import operations
from tests.ksef_emulator.test_certificates import enroll
from tests.ksef_emulator.test_download import restricted
from tests.reference import needs_reference

pytestmark = needs_reference
FIRM = nip(9700)
# the token that asks for an authentication's status lives an hour, its status seven days
NOT_REACHED = {"/auth/{referenceNumber}"}


def enrollment(user):
    return enroll(user, new_key())


def permission(user):
    body = {
        "subjectIdentifier": {"type": "Nip", "value": nip(9701)},
        "permissions": [{"type": "InvoiceRead"}],
        "description": "Biuro rachunkowe",
        "subjectDetails": {"fullName": "Biuro próbne"},
    }
    return user.post("/permissions/entities/grants", body)


def export(user):
    body = {"encryption": user.envelope().info, "filters": restricted()}
    return user.post("/invoices/exports", body)


KEPT = {
    "/certificates/enrollments/{referenceNumber}": (enrollment, 30),
    "/permissions/operations/{referenceNumber}": (permission, 30),
    "/invoices/exports/{referenceNumber}": (export, 7),
}


@pytest.mark.parametrize("path", sorted(KEPT))
def test_a_status_is_kept_so_long_and_no_longer(own_user, path):
    begin, days = KEPT[path]
    reference = begin(own_user.log_in(FIRM)).json()["referenceNumber"]
    address = path.format(referenceNumber=reference)
    own_user.emulator.control.advance_clock(dt.timedelta(days=days, minutes=-5))
    assert own_user.log_in(FIRM).get(address).status_code == 200
    own_user.emulator.control.advance_clock(dt.timedelta(minutes=10))
    assert own_user.log_in(FIRM).get(address).status_code == 410


def test_every_operation_that_documents_410_is_here():
    documented = {path for (_, path), found in operations().items() if "410" in found["responses"]}
    assert documented == KEPT.keys() | NOT_REACHED
