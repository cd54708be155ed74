"""A branch is synchronised in its own context, beside its head."""

import pytest

from ksef_emulator.testing import Emulator
from obieg.inbox.by_hand import fetch_by_number
from obieg.inbox.channels import ensure_channels
from obieg.inbox.models import Role
from obieg.vault.models import Credential
from tests.calls.branching import certificate_of, let_in, make_unit
from tests.inbox.firm import SUPPLIER, Firm
from tests.ksef_emulator.invoices import fa3, third_party
from tests.office.units import a_branch

pytestmark = pytest.mark.django_db(transaction=True)

OFFICE = "9990000041"


@pytest.fixture
def branch(firm: Firm, ksef: Emulator) -> Firm:
    made = a_branch(firm.client)
    make_unit(ksef, firm.client.nip, made.internal_id)
    let_in(ksef, made.internal_id, OFFICE)
    if not Credential.objects.of_office().exists():
        certificate_of(OFFICE, None)
    return Firm(made, ksef.control)


def purchases(firm: Firm, branch: Firm) -> list[str]:
    """One of the head's own and one for the branch; their KSeF numbers."""
    nip = firm.client.nip
    named = third_party(branch.client.internal_id, tag="IDWew", role=2)
    files = {
        "1.xml": fa3(f"C/{nip}", seller=SUPPLIER, buyer=nip),
        "2.xml": fa3(f"O/{nip}", seller=SUPPLIER, buyer=nip, extra_parties=named),
    }
    return firm.receives(files)


def test_both_hold_a_branchs_purchase_and_one_of_them_posts_it(firm: Firm, branch: Firm) -> None:
    own, handed_on = purchases(firm, branch)
    firm.synchronise()
    branch.synchronise(Role.THIRD)
    at_head = dict(firm.invoices().values_list("ksef_number", "direction"))
    assert at_head == {own: "purchase", handed_on: "other"}
    at_branch = dict(branch.invoices().values_list("ksef_number", "direction"))
    assert at_branch == {handed_on: "purchase"}


def test_ksef_takes_every_role_that_is_asked_for(firm: Firm, branch: Firm) -> None:
    """In the context of an internal identifier it refuses the authorised party (21181)."""
    channels = ensure_channels(branch.client)
    assert [channel.role for channel in channels] == ["Subject1", "Subject2", "Subject3"]
    for channel in channels:
        fetched = branch.synchronise(Role(channel.role))
        assert (fetched.failures, fetched.error_code) == (0, "")


def test_an_invoice_is_fetched_by_its_number(firm: Firm, branch: Firm) -> None:
    _, handed_on = purchases(firm, branch)
    found = fetch_by_number(branch.client, handed_on, None)
    assert found is not None
    assert (found.direction, found.roles) == ("purchase", ["Subject3"])
