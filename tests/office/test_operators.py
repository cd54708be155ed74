"""Accounts of operators: nobody raises himself, and an owner always stays."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client as Visitor
from django.urls import reverse

from obieg.office.models import Assignment, Client, Operator
from tests.posting.factories import ClientFactory, OperatorFactory

pytestmark = pytest.mark.django_db


def edit(editor: Operator, edited: Operator, **changes: object) -> tuple[int, str]:
    typed = {
        "login": edited.login,
        "name": edited.name,
        "role": edited.role,
        **({"is_active": "on"} if edited.is_active else {}),
        **({"sees_all_clients": "on"} if edited.sees_all_clients else {}),
        **changes,
    }
    visitor = Visitor()
    visitor.force_login(editor)
    sent = {name: value for name, value in typed.items() if value is not None}
    answer = visitor.post(reverse("operators-edit", args=[edited.pk]), sent)
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize(
    "change", [{"role": "reader"}, {"is_active": False}, {"sees_all_clients": False}]
)
def test_the_database_keeps_the_last_owner(change: dict[str, object]) -> None:
    ewa = OperatorFactory(owner=True)
    with pytest.raises(IntegrityError, match="last owner"), transaction.atomic():
        Operator.objects.filter(pk=ewa.pk).update(**change)
    with pytest.raises(IntegrityError, match="last owner"), transaction.atomic():
        Operator.objects.filter(pk=ewa.pk).delete()
    OperatorFactory(owner=True)
    Operator.objects.filter(pk=ewa.pk).update(**change)


def test_an_owner_does_not_change_his_own_role() -> None:
    ewa, _ = OperatorFactory(owner=True), OperatorFactory(owner=True)
    assert "samemu sobie" in edit(ewa, ewa, role="reader")[1]


def test_a_technical_administrator_makes_no_owner_and_changes_none() -> None:
    ewa, adam = OperatorFactory(owner=True), OperatorFactory(role="technical")
    anna = OperatorFactory()
    assert "tylko właściciel" in edit(adam, anna, role="owner")[1]
    assert "kto sam ich widzi" in edit(adam, anna, sees_all_clients="on")[1]
    assert "samemu sobie" in edit(adam, adam, role="accountant")[1]
    assert edit(adam, ewa, password_typed="przejmuję to konto teraz")[0] == 403
    assert edit(adam, anna, role="reader")[0] == 302


def test_who_sees_some_clients_takes_away_only_those() -> None:
    bor, cis = ClientFactory(books=False), ClientFactory(books=False)
    adam = OperatorFactory(role="technical", serving=[bor])
    anna = OperatorFactory(serving=[bor, cis])
    assert edit(adam, anna, served=[])[0] == 302
    served = Assignment.objects.filter(operator=anna).values("client")
    assert list(Client.objects.across_clients().filter(pk__in=served)) == [cis]


def test_the_first_owner_is_made_at_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "sosna zegar atrament")
    call_command(
        "createsuperuser", "--noinput", "--login=ewa", "--name=Ewa Wilk", stdout=StringIO()
    )
    ewa = Operator.objects.get(login="ewa")
    assert (ewa.role, ewa.sees_all_clients) == ("owner", True)
    assert ewa.check_password("sosna zegar atrament")
