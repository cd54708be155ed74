"""In the context of a branch: who may log in, what is fetched there, what a refusal says."""

from datetime import UTC, datetime, timedelta

import pytest
from lxml import etree

from ksef_emulator.testing import Emulator
from obieg.calls.branches import BranchAccessDenied
from obieg.calls.gateways import learn_rates, open_gateway
from obieg.calls.models import KsefCall, ToldRates
from obieg.calls.outside import log_in_signed, request_to_sign
from obieg.ksef.errors import AccessDenied
from obieg.office.models import Client, KsefEnvironment
from obieg.vault.choice import WHY_HEAD, choice_of
from obieg.vault.credentials import add_token, credential_for
from obieg.vault.errors import NoCredential, RequestForeign
from tests.calls.branching import ADMINISTRATOR, certificate_of, let_in, make_unit
from tests.ksef_emulator.certificates import seal
from tests.ksef_emulator.invoices import fa3, third_party
from tests.ksef_emulator.ksef_user import KsefUser
from tests.ksef_emulator.signing import sign
from tests.office.units import a_branch

pytestmark = pytest.mark.django_db(transaction=True)

HEAD, OFFICE, SUPPLIER = "9990000029", "9990000041", "9990000012"


@pytest.fixture
def head(emulator: Emulator) -> Client:
    return Client.objects.create(nip=HEAD, name="Gmina Próba", environment=KsefEnvironment.EMULATOR)


@pytest.fixture
def branch(head: Client, emulator: Emulator) -> Client:
    made = a_branch(head)
    make_unit(emulator, HEAD, made.internal_id)
    return made


def numbers_seen(client: Client, role: str = "Subject3") -> list[str]:
    start = datetime.now(UTC) - timedelta(days=1)
    with open_gateway(client, purpose="próba") as gateway:
        page = gateway.metadata(role=role, date_from=start, date_to=None)
    return [entry.invoice_number for entry in page.entries]


def test_the_office_sees_in_the_branch_what_names_the_branch(
    emulator: Emulator, branch: Client
) -> None:
    named = third_party(branch.internal_id, tag="IDWew", role=2)
    files = {
        "a.xml": fa3("FV/O/1", seller=SUPPLIER, buyer=HEAD, extra_parties=named),
        "b.xml": fa3("FV/C/1", seller=SUPPLIER, buyer=HEAD),
    }
    assert emulator.control.put_invoices(files)["rejected"] == []
    let_in(emulator, branch.internal_id, OFFICE)
    certificate_of(OFFICE, None)
    assert numbers_seen(branch) == ["FV/O/1"]
    assert numbers_seen(branch, "Subject2") == []


def test_limits_are_counted_in_the_branchs_own_context(emulator: Emulator, branch: Client) -> None:
    let_in(emulator, branch.internal_id, OFFICE)
    certificate_of(OFFICE, None)
    learn_rates(branch)
    contexts = KsefCall.objects.of_client(branch).values_list("context", flat=True)
    assert set(contexts) == {"", branch.internal_id}
    assert set(ToldRates.objects.values_list("context", flat=True)) == {branch.internal_id}


def test_a_permission_at_the_head_opens_no_branch_and_the_refusal_says_what_does(
    emulator: Emulator, branch: Client
) -> None:
    certificate_of(HEAD, branch.branch_of)
    with pytest.raises(BranchAccessDenied, match="administratora jednostki podrzędnej") as refused:
        numbers_seen(branch)
    assert branch.internal_id in str(refused.value)
    assert "Oddział Łódź" in str(refused.value)


def test_a_refusal_at_a_client_is_told_as_before(emulator: Emulator, head: Client) -> None:
    certificate_of(OFFICE, None)
    with pytest.raises(AccessDenied) as refused:
        numbers_seen(head)
    assert refused.value.code == "ksef.access_denied"


def test_a_branch_uses_its_own_then_the_heads_certificate_then_the_offices(
    emulator: Emulator, branch: Client
) -> None:
    with pytest.raises(NoCredential):
        credential_for(branch)
    office = certificate_of(OFFICE, None)
    assert credential_for(branch) == office
    heads = certificate_of(HEAD, branch.branch_of)
    assert credential_for(branch) == heads
    assert choice_of(branch).why == WHY_HEAD
    own = certificate_of(ADMINISTRATOR, branch)
    assert credential_for(branch) == own
    assert credential_for(branch.taxpayer) == heads


def test_the_heads_token_is_not_tried_at_the_branch(emulator: Emulator, branch: Client) -> None:
    token = emulator.control.make_token(HEAD)["token"]
    add_token(branch.taxpayer, token, environment="emulator", label="token", actor=None)
    with pytest.raises(NoCredential):
        credential_for(branch)


def test_a_request_signed_outside_names_the_branchs_context(
    emulator: Emulator, branch: Client
) -> None:
    document = request_to_sign(branch)
    context = etree.fromstring(document).findtext(".//{*}ContextIdentifier/{*}InternalId")
    assert context == branch.internal_id
    signed = sign(document.decode(), seal(ADMINISTRATOR))
    credential = log_in_signed(branch, signed, actor=None)
    assert credential_for(branch) == credential
    with pytest.raises(RequestForeign, match="inny kontekst"):
        log_in_signed(
            branch.taxpayer, sign(request_to_sign(branch).decode(), seal(HEAD)), actor=None
        )


def test_a_token_made_in_the_branchs_context_opens_it(emulator: Emulator, branch: Client) -> None:
    let_in(emulator, branch.internal_id, OFFICE)
    user = KsefUser(emulator).log_in(branch.internal_id, seal(OFFICE), context="InternalId")
    order = {"permissions": ["InvoiceRead"], "description": "Token oddziału"}
    made = user.post("/tokens", order)
    user.close()
    assert made.status_code == 202, made.text
    add_token(branch, made.json()["token"], environment="emulator", label="token", actor=None)
    assert numbers_seen(branch) == []
