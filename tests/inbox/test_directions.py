"""What a document is to a head and to its branches: posted at one of them."""

import pytest

from obieg.fa.model import Invoice
from obieg.fa.parse import parse
from obieg.inbox.directions import Directions
from obieg.inbox.models import Direction, Role
from obieg.office.models import Client, UnitKind
from tests.ksef_emulator.invoices import fa3, third_party
from tests.office.units import a_branch, internal

pytestmark = pytest.mark.django_db

HEAD, SUPPLIER, SCHOOL = "9990000029", "9990000012", "9990000035"
PURCHASE, SALE, OTHER = Direction.PURCHASE, Direction.SALE, Direction.OTHER


@pytest.fixture
def head() -> Client:
    return Client.objects.create(nip=HEAD, name="Gmina Próba")


def bought(*, role: int = 2, tag: str = "IDWew", value: str = internal(HEAD)) -> Invoice:
    """The head's purchase that names a third party."""
    parties = third_party(value, tag=tag, role=role)
    return parse(fa3("FV/1", seller=SUPPLIER, buyer=HEAD, extra_parties=parties))


def sold() -> Invoice:
    parties = third_party(internal(HEAD), tag="IDWew", role=5)
    return parse(fa3("FV/2", seller=HEAD, buyer=SUPPLIER, extra_parties=parties))


def test_a_document_that_names_the_branch_is_posted_there_and_only_seen_at_the_head(
    head: Client,
) -> None:
    branch = a_branch(head)
    at_branch, at_head = Directions(branch), Directions(head)
    assert (at_branch.of(Role.THIRD, bought()), at_head.of(Role.BUYER, bought())) == (
        PURCHASE,
        OTHER,
    )
    assert (at_branch.of(Role.THIRD, sold()), at_head.of(Role.SELLER, sold())) == (SALE, OTHER)


def test_a_branch_that_leaves_posting_to_its_head_only_sees(head: Client) -> None:
    branch = a_branch(head, posts_here=False)
    assert Directions(branch).of(Role.THIRD, bought()) == OTHER
    assert Directions(branch).of(Role.SELLER, sold()) == OTHER  # issued in Obieg, in its context
    assert Directions(head).of(Role.BUYER, bought()) == PURCHASE


def test_what_names_no_branch_is_the_heads(head: Client) -> None:
    a_branch(head)
    plain = parse(fa3("FV/3", seller=SUPPLIER, buyer=HEAD))
    assert Directions(head).of(Role.BUYER, plain) == PURCHASE
    other = bought(value=internal(HEAD, "0002"))
    assert Directions(head).of(Role.BUYER, other) == PURCHASE


def test_a_unit_with_its_own_nip_is_known_by_its_role(head: Client) -> None:
    school = a_branch(head, "Szkoła nr 1", nip=SCHOOL, unit_kind=UnitKind.JST)
    received = bought(tag="NIP", value=SCHOOL, role=8)
    assert Directions(school).of(Role.THIRD, received) == PURCHASE
    assert Directions(head).of(Role.BUYER, received) == OTHER
    paid = bought(tag="NIP", value=SCHOOL, role=6)  # who pays is not who receives
    assert Directions(school).of(Role.THIRD, paid) == OTHER
    assert Directions(head).of(Role.BUYER, paid) == PURCHASE


def test_a_branch_that_is_a_taxpayer_itself_posts_its_own_and_takes_nothing(head: Client) -> None:
    own = a_branch(head, nip=SCHOOL, unit_kind=UnitKind.OWN)
    plain = parse(fa3("FV/4", seller=SUPPLIER, buyer=SCHOOL))
    assert Directions(own).of(Role.BUYER, plain) == PURCHASE
    assert Directions(own).of(Role.THIRD, bought(tag="NIP", value=SCHOOL, role=8)) == OTHER
