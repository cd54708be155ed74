"""Every status that the specification documents is reached, or named with a reason."""

import pytest

from ksef_emulator.testing import running_emulator
from tests.ksef_emulator.codes.stage import Stage
from tests.ksef_emulator.codes.statuses import WAYS
from tests.ksef_emulator.documented import statuses
from tests.reference import needs_reference

pytestmark = needs_reference
LISTED = "GET /auth/sessions lists authentications that succeeded and still hold, all of them 200"
NOT_REACHED = {
    ("PermissionsOperationStatusResponse", 440): "the guide does not say which ties forbid what",
    ("SessionInvoiceStatusResponse", 150): "an invoice goes from 100 to its verdict at once",
    ("SessionInvoiceStatusResponse", 405): "a batch that fails lists no invoices here",
    **{(name, code): LISTED for name, code in statuses() if name == "AuthenticationListItem"},
}
REACHED = {(name, code): way for name, ways in WAYS.items() for code, way in ways.items()}


@pytest.fixture(scope="module")
def stage():
    """An emulator of one's own: its clock and settings change."""
    with running_emulator(rate_limits="off") as emulator:
        made = Stage(emulator)
        yield made
        made.user.close()


@pytest.mark.parametrize("name", sorted(REACHED), ids=lambda name: " ".join(map(str, name)))
def test_a_documented_status_is_reached(stage, name):
    assert REACHED[name](stage) == name[1]


def test_every_documented_status_is_reached_or_excused():
    assert REACHED.keys() | NOT_REACHED.keys() == set(statuses())
    assert not REACHED.keys() & NOT_REACHED.keys()
