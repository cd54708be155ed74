"""A branch sells in its head's name: what stands on the invoice, and what KSeF says to it."""

from collections.abc import Callable

import pytest

from ksef_emulator.testing import Emulator
from obieg.core.errors import UserFixable
from obieg.fa.parse import parse
from obieg.fa.upo import read_upo
from obieg.inbox.channels import ensure_channels
from obieg.inbox.models import Channel, Invoice, Role
from obieg.inbox.synchronise import synchronise
from obieg.office.models import Client, Operator, UnitKind
from obieg.posting.models import Dekret
from obieg.sales.drafts import draft_from_xml, new_draft
from obieg.sales.errors import NotTheSeller, UnitNotNamed
from obieg.sales.issuing import issue
from obieg.sales.models import Sale, SellerProfile
from obieg.sales.offline.codes import stored_codes
from obieg.sales.states import OfflineMode, SaleState
from obieg.sales.storage import bytes_of, xml_of
from obieg.vault.models import Credential
from tests.calls.branching import certificate_of, let_in, make_unit
from tests.inbox.firm import run_out
from tests.ksef_emulator.invoices import BUYER, fa3, third_party
from tests.office.units import a_branch
from tests.posting.factories import invented_nip
from tests.sales.factories import a_content
from tests.sales.seller import Seller, forget_calls
from tests.vault.firms import keep_offline

pytestmark = pytest.mark.django_db(transaction=True)

OFFICE = "9990000041"


@pytest.fixture
def head(new_seller: Callable[[], Seller]) -> Client:
    client = new_seller().client
    SellerProfile.objects.create(client=client, address1="ul. Sadowa 1", address2="00-001 Warszawa")
    return client


@pytest.fixture
def ewa(db: None) -> Operator:
    return Operator.objects.create_user("ewa", name="Ewa", sees_all_clients=True)


@pytest.fixture
def branch(head: Client, ksef: Emulator) -> Seller:
    """A branch that the office may work for, in a context of its own."""
    made = a_branch(head)
    SellerProfile.objects.create(client=made, address1="ul. Leśna 2", address2="90-001 Łódź")
    make_unit(ksef, head.nip, made.internal_id)
    let_in(ksef, made.internal_id, OFFICE)
    if not Credential.objects.of_office().exists():
        certificate_of(OFFICE, None)
    return Seller(made, ksef.control)


def issued(client: Client, operator: Operator, mode: str = OfflineMode.ONLINE) -> Sale:
    draft = new_draft(client, a_content(), origin="form", actor=operator)
    return issue(draft, actor=operator, mode=mode)


def test_the_head_is_the_seller_and_the_branch_the_issuing_third_party(
    branch: Seller, head: Client, ewa: Operator
) -> None:
    document = parse(xml_of(issued(branch.client, ewa)))
    assert (document.seller.nip, document.seller.name) == (head.nip, head.name)
    assert document.seller.address_lines == ("ul. Sadowa 1", "00-001 Warszawa")
    (unit,) = document.third_parties
    assert (unit.internal_id, unit.nip, unit.role) == (branch.client.internal_id, None, "5")
    assert (unit.name, unit.address_lines) == ("Oddział Łódź", ("ul. Leśna 2", "90-001 Łódź"))


@pytest.mark.parametrize(("kind", "role"), [(UnitKind.JST, "7"), (UnitKind.VAT_GROUP, "9")])
def test_a_unit_with_its_own_nip_is_named_by_it(
    head: Client, ewa: Operator, kind: UnitKind, role: str
) -> None:
    unit = a_branch(head, "Szkoła nr 1", nip=invented_nip(8765), unit_kind=kind)
    document = parse(xml_of(issued(unit, ewa)))
    assert document.seller.nip == head.nip
    (named,) = document.third_parties
    assert (named.nip, named.role) == (unit.nip, role)


def test_a_branch_that_is_a_taxpayer_itself_stands_alone(head: Client, ewa: Operator) -> None:
    own = a_branch(head, nip=invented_nip(8765), unit_kind=UnitKind.OWN)
    SellerProfile.objects.create(client=own, address1="ul. Leśna 2")
    document = parse(xml_of(issued(own, ewa)))
    assert (document.seller.nip, document.third_parties) == (own.nip, ())


def test_ksef_accepts_it_in_the_branchs_context_and_it_is_the_branchs_sale(
    branch: Seller, ewa: Operator
) -> None:
    sale = issued(branch.client, ewa)
    branch.sends(sale)
    branch.closes()
    sale = branch.sale(sale)
    assert sale.state == SaleState.CONFIRMED, sale.ksef_text
    assert sale.ksef_number.startswith(branch.client.nip)
    stored = Invoice.objects.of_client(branch.client).get()
    assert (stored.direction, stored.ksef_number) == ("sale", sale.ksef_number)
    assert sale.upo is not None
    upo = read_upo(bytes_of(sale.upo))
    assert (upo.context_type, upo.context) == ("IdWewnetrzny", branch.client.internal_id)


def test_the_second_code_names_the_branchs_context(branch: Seller, ewa: Operator) -> None:
    keep_offline(branch.client, environment=branch.client.environment)
    sale = issued(branch.client, ewa, mode=OfflineMode.OFFLINE24)
    codes = stored_codes(sale)
    assert codes is not None
    place = f"/certificate/InternalId/{branch.client.internal_id}/{branch.client.nip}/"
    assert place in codes.certificate_link


def test_the_head_only_sees_what_its_branch_sold(
    branch: Seller, head: Client, ewa: Operator
) -> None:
    branch.sends(issued(branch.client, ewa))
    for client, role in ((head, Role.SELLER), (branch.client, Role.THIRD)):
        fetched(client, role)
    seen = Invoice.objects.of_client(head).get()
    assert (seen.direction, seen.roles) == ("other", ["Subject1"])
    assert not Dekret.objects.of_client(head).exists()
    own = Invoice.objects.of_client(branch.client).get()
    assert own.roles == ["Subject1", "Subject3"]
    assert Dekret.objects.of_client(branch.client).count() == 1


def fetched(client: Client, role: Role) -> None:
    ensure_channels(client)
    forget_calls()
    run_out(synchronise, Channel.objects.of_client(client).get(role=role).pk)


def test_numbers_of_the_head_and_its_branches_never_meet(
    branch: Seller, head: Client, ewa: Operator
) -> None:
    first, second = issued(head, ewa), issued(branch.client, ewa)
    assert second.number == f"{first.number}/{branch.client.internal_id[-5:]}"
    typed = a_content(number=first.number)
    draft = new_draft(branch.client, typed, origin="form", actor=ewa)
    with pytest.raises(UserFixable, match="ma już inny dokument"):
        issue(draft, actor=ewa)


def test_a_file_of_the_head_must_name_the_branch(branch: Seller, head: Client) -> None:
    client = branch.client
    bare = fa3("FV/P/1", seller=head.nip, buyer=BUYER)
    with pytest.raises(UnitNotNamed, match=client.internal_id):
        draft_from_xml(client, bare, actor=None)
    named = third_party(client.internal_id, tag="IDWew", role=5)
    draft_from_xml(
        client, fa3("FV/P/1", seller=head.nip, buyer=BUYER, extra_parties=named), actor=None
    )
    with pytest.raises(NotTheSeller):
        draft_from_xml(client, fa3("FV/P/2", seller=BUYER, buyer=head.nip), actor=None)
