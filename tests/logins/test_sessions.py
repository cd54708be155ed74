"""Browsers: listed, ended by oneself and by an administrator, ended by a new password."""

from django.test import Client as Visitor
from django.urls import reverse

from obieg.logins.sessions import sessions_of
from obieg.office.models import Event, Operator
from tests.logins.conftest import PASSWORD, give_password
from tests.sales.factories import a_client, a_session

NEW = "wierzba latarnia sweter"


def is_inside(visitor: Visitor) -> bool:
    return visitor.get(reverse("today")).status_code == 200


def test_an_operator_sees_his_browsers_and_ends_another(anna: Operator, ewa: Operator) -> None:
    office, home = give_password(anna), give_password(anna)
    give_password(ewa)
    page = office.get(reverse("sessions"))
    assert [str(one) for one in page.context["browsers"]] == ["Firefox, Windows"] * 2
    other = next(one for one in page.context["browsers"] if one.session_key != page.context["here"])
    office.post(reverse("sessions-end", args=[other.pk]))
    assert (is_inside(office), is_inside(home)) == (True, False)
    assert office.post(reverse("sessions-end", args=[sessions_of(ewa)[0].pk])).status_code == 404


def test_an_administrator_ends_anybodys(anna: Operator, ewa: Operator) -> None:
    hers, owner = give_password(anna), Visitor()
    owner.force_login(ewa)
    (browser,) = owner.get(reverse("operators-logins", args=[anna.pk])).context["browsers"]
    owner.post(reverse("operators-session-end", args=[browser.pk]))
    assert not is_inside(hers)
    assert Event.objects.across_clients().filter(kind="session_end", actor=ewa).exists()


def test_a_new_password_ends_the_others(anna: Operator) -> None:
    here, there = give_password(anna), give_password(anna)
    typed = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert here.post(reverse("password"), typed).status_code == 302
    assert (is_inside(here), is_inside(there)) == (True, False)
    assert len(sessions_of(anna)) == 1
    assert Event.objects.across_clients().filter(kind="password", actor=anna).exists()


def test_a_password_given_by_the_owner_ends_them_all(anna: Operator, ewa: Operator) -> None:
    hers, owner = give_password(anna), Visitor()
    owner.force_login(ewa)
    typed = {"login": "anna", "name": "Anna", "is_active": "on", "role": "accountant"}
    owner.post(reverse("operators-edit", args=[anna.pk]), typed | {"password_typed": NEW})
    assert not is_inside(hers)
    assert sessions_of(anna) == []


def test_logging_out_ends_the_browser_and_the_sessions_in_ksef(anna: Operator) -> None:
    session = a_session(a_client(), opened_by=anna)
    visitor = give_password(anna)
    visitor.post(reverse("logout"))
    session.refresh_from_db(from_queryset=type(session).objects.across_clients())
    assert session.state == "closing"
    assert sessions_of(anna) == []
    kinds = Event.objects.across_clients().filter(actor=anna, thing="office.operator")
    assert list(kinds.values_list("kind", flat=True)) == ["login", "logout"]
