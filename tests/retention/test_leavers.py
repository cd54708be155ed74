"""An operator who left loses his name and login after a period; his number stays in the trail."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from obieg.audit.sealing import seal_new
from obieg.audit.verifying import verify
from obieg.logins.models import BrowserSession
from obieg.office.models import Assignment, Client, Event, Operator
from obieg.retention.errors import OperatorStays
from obieg.retention.leavers import empty_entries, forget, leavers
from obieg.retention.tidying import tidy
from tests.posting.factories import OperatorFactory

pytestmark = pytest.mark.django_db(transaction=True)
YEARS = timedelta(days=4 * 366)


@pytest.fixture
def zofia(bor: Client) -> Operator:
    """Left four years ago."""
    operator = OperatorFactory(login="zofia", name="Zofia Lis", serving=[bor])
    operator.is_active = False
    operator.last_login = timezone.now() - YEARS
    operator.save()
    Event.objects.create(
        thing="office.operator",
        thing_id=operator.pk,
        actor=operator,
        kind="login",
        after={"address": "10.0.0.7", "name": "Zofia Lis"},
    )
    return operator


def test_name_login_and_ways_in_go(zofia: Operator, ewa: Operator) -> None:
    BrowserSession.objects.create(operator=zofia, session_key="x")
    forget(zofia, actor=ewa)
    row = Operator.objects.get(pk=zofia.pk)
    assert row.login == f"usuniety-{zofia.pk}"
    assert "Zofia" not in row.name
    assert not row.has_usable_password()
    assert not Assignment.objects.filter(operator=row).exists()
    assert not BrowserSession.objects.exists()
    assert zofia not in leavers()
    OperatorFactory(login="zofia")  # the login is free


def test_the_night_empties_what_the_trail_says_of_him_and_keeps_the_number(
    zofia: Operator, ewa: Operator
) -> None:
    seal_new()
    forget(zofia, actor=ewa)
    assert tidy()["operators"] == 1
    entry = Event.objects.across_clients().get(kind="login")
    assert (entry.after, entry.actor_id) == ({}, zofia.pk)
    assert empty_entries() == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM office_event e WHERE e::text LIKE '%%Zofia%%'")
        assert cursor.fetchone() == (0,)
    seal_new()
    assert list(verify()) == []


def test_before_the_period_he_stays(zofia: Operator, ewa: Operator) -> None:
    Operator.objects.filter(pk=zofia.pk).update(last_login=timezone.now() - timedelta(days=300))
    with pytest.raises(OperatorStays, match="36 mies"):
        forget(zofia, actor=ewa)


def test_an_active_operator_and_another_owner_stay(zofia: Operator, ewa: Operator) -> None:
    with pytest.raises(OperatorStays, match="czynne"):
        forget(ewa, actor=ewa)
    Operator.objects.filter(pk=zofia.pk).update(role="owner")
    technical = OperatorFactory(role="technical")
    with pytest.raises(OperatorStays, match="właściciel"):
        forget(zofia, actor=technical)
