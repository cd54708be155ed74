"""Branches: what KSeF knows them by, how they are named, what the database refuses."""

import pytest
from django.db import IntegrityError, transaction

from obieg.core.internal_id import context_type, is_internal_id
from obieg.office.models import Client, UnitKind
from tests.office.units import a_branch, internal

pytestmark = pytest.mark.django_db

HEAD = "9990000014"


@pytest.fixture
def head() -> Client:
    return Client.objects.create(nip=HEAD, name="Orlik sp. z o.o.")


def test_the_check_digit_is_that_of_the_ministrys_example() -> None:
    assert is_internal_id("6824515772-12343")
    assert not is_internal_id("6824515772-12344")
    assert not is_internal_id("682451577212343")
    assert (context_type("6824515772-12343"), context_type(HEAD)) == ("InternalId", "Nip")


def test_a_branch_is_named_after_its_head_and_follows_it_in_lists(head: Client) -> None:
    Client.objects.create(nip="9990000020", name="Orlik sp. z o.o. Alfa")
    lodz = a_branch(head)
    names = [client.name for client in Client.objects.across_clients()]
    assert names == ["Orlik sp. z o.o.", "Orlik sp. z o.o. – Oddział Łódź", "Orlik sp. z o.o. Alfa"]
    head.name = "Zięba sp. z o.o."
    head.save()
    lodz.refresh_from_db()
    assert lodz.name == "Zięba sp. z o.o. – Oddział Łódź"


def test_a_longest_name_of_a_head_leaves_room_for_its_branch() -> None:
    head = Client.objects.create(nip=HEAD, name="Ł" * 512)
    assert a_branch(head).name.endswith(" – Oddział Łódź")


def test_a_context_is_the_nip_or_the_internal_identifier(head: Client) -> None:
    lodz = a_branch(head)
    school = a_branch(head, "Szkoła nr 1", unit_kind=UnitKind.JST, nip="9990000020")
    assert [c.context for c in (head, lodz, school)] == [HEAD, lodz.internal_id, "9990000020"]
    found = Client.objects.across_clients()
    assert [found.in_context(c.context).get() for c in (head, lodz, school)] == [head, lodz, school]
    assert [c.taxpayer for c in (head, lodz, school)] == [head, head, head]


def test_a_branch_with_its_own_nip_may_be_a_taxpayer_itself(head: Client) -> None:
    own = a_branch(head, unit_kind=UnitKind.OWN, nip="9990000020")
    assert own.taxpayer == own


@pytest.mark.parametrize(
    "wrong",
    [
        {"internal_id": internal("9990000020", "0001")},  # of another NIP
        {"nip": "9990000020", "internal_id": internal("9990000020")},  # not the head's
        {"internal_id": ""},  # an internal unit without its identifier
        {
            "unit_kind": UnitKind.JST,
            "nip": HEAD,
            "internal_id": internal(HEAD),
        },  # of one with a NIP
        {"unit_kind": "", "nip": "9990000020"},
    ],
)
def test_the_database_refuses_a_branch_that_contradicts_itself(
    head: Client, wrong: dict[str, object]
) -> None:
    with pytest.raises(IntegrityError):
        a_branch(head, **wrong)


def test_the_database_refuses_the_same_context_twice(head: Client) -> None:
    a_branch(head)
    with pytest.raises(IntegrityError, match="one_client_in_a_context"):
        a_branch(head, "Drugi o tym samym identyfikatorze")


def test_a_branch_has_no_branches(head: Client) -> None:
    lodz = a_branch(head)
    with pytest.raises(IntegrityError, match="no branches"), transaction.atomic():
        a_branch(lodz, internal_id=internal(HEAD, "0002"))
    other = Client.objects.create(nip="9990000020", name="Inna")
    head.branch_of, head.unit_kind, head.unit_name = other, UnitKind.OWN, "Oddział"
    with pytest.raises(IntegrityError, match="no branches"):
        head.save()


def test_the_nip_of_a_head_stays_while_identifiers_hang_on_it(head: Client) -> None:
    head.nip = "9990000020"
    head.save()
    a_branch(head, internal_id=internal("9990000020", "0001"))
    head.nip = HEAD
    with pytest.raises(IntegrityError, match="identifiers of this NIP"):
        head.save()
