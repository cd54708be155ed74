"""Clients' data are read through a scope, or not at all."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.db.utils import Error

from obieg.office.models import Assignment, Client, Event, Operator
from obieg.office.scope import ScopeMissing

pytestmark = pytest.mark.django_db


@pytest.fixture
def clients() -> list[Client]:
    names = {"9990000018": "Łan sp. z o.o.", "9990000024": "Bór sp. z o.o."}
    return [Client.objects.create(nip=nip, name=name) for nip, name in names.items()]


@pytest.fixture
def anna(clients: list[Client]) -> Operator:
    operator = Operator.objects.create_user("anna", "dwanaście znaków", name="Anna")
    Assignment.objects.create(operator=operator, client=clients[0])
    return operator


@pytest.mark.parametrize(
    "read",
    [
        lambda: list(Client.objects.all()),
        Client.objects.count,
        lambda: Client.objects.filter(pk=1).exists(),
        lambda: Client.objects.get(pk=1),
        Client.objects.first,
        lambda: Client.objects.update(name="x"),
        lambda: Client.objects.all().delete(),
        lambda: list(Client.objects.values_list("pk")),
        lambda: list(Client.objects.iterator()),
        lambda: Event.objects.filter(client__in=Client.objects.all()).across_clients().exists(),
        lambda: Client.objects.in_bulk([1]),
        lambda: Client.objects.latest("pk"),
        lambda: Client.objects.contains(Client(pk=1)),
        lambda: Client.objects.earliest("pk"),
        lambda: bool(Client.objects.all()),
        Client.objects.aggregate,
    ],
)
def test_a_query_without_a_scope_is_refused(
    read: Callable[[], object], clients: list[Client]
) -> None:
    with pytest.raises(ScopeMissing):
        read()


def test_an_operator_sees_the_assigned_clients_only(anna: Operator, clients: list[Client]) -> None:
    assert list(Client.objects.visible_to(anna)) == clients[:1]


def test_one_who_is_no_longer_active_sees_nobody(anna: Operator) -> None:
    anna.is_active = False
    anna.save()
    assert not Client.objects.visible_to(Operator.objects.get(pk=anna.pk)).exists()


def test_an_owner_no_longer_active_sees_nobody(clients: list[Client]) -> None:
    owner = Operator.objects.create_user(
        "ewa", "dwanaście znaków", name="Ewa", sees_all_clients=True
    )
    assert Client.objects.visible_to(owner).count() == len(clients)
    owner.is_active = False
    assert not Client.objects.visible_to(owner).exists()


def test_a_scope_survives_further_filters(anna: Operator, clients: list[Client]) -> None:
    foreign = Client.objects.visible_to(anna).filter(pk=clients[1].pk)
    assert not foreign.exists()


@pytest.mark.parametrize("sql", ["UPDATE office_event SET kind = 'x'", "DELETE FROM office_event"])
def test_the_database_refuses_to_change_the_trail(sql: str, clients: list[Client]) -> None:
    Event.objects.create(client=clients[0], thing="office.client", thing_id=1, kind="create")
    with pytest.raises(Error, match="append-only"), connection.cursor() as cursor:
        cursor.execute(sql)
