"""Guessing: growing waits for a login and for an address, the same for logins that do not exist."""

from datetime import timedelta

import pytest
from django.test import Client as Visitor
from django.urls import reverse

from obieg.logins import tries
from obieg.logins.errors import TooManyTries
from obieg.logins.models import Tries
from obieg.office.models import Event, Operator
from tests.logins.conftest import PASSWORD, give_password, is_logged_in


def guess(login: str, password: str = "zgaduję i zgaduję") -> str:
    answer = Visitor().post(reverse("login"), {"username": login, "password": password})
    return answer.content.decode()


@pytest.mark.parametrize(
    ("failures", "seconds"), [(4, 0), (5, 30), (6, 60), (8, 240), (12, 3600), (1000, 3600)]
)
def test_the_wait_doubles_up_to_an_hour(failures: int, seconds: int) -> None:
    assert tries.wait_after(failures, free=5) == timedelta(seconds=seconds)


def test_after_five_failures_even_the_right_password_waits(anna: Operator) -> None:
    for _ in range(5):
        assert "logins.wrong" in guess("anna")
    visitor = give_password(anna)
    assert not is_logged_in(visitor)
    assert "logins.too_many_tries" in guess("Anna ", PASSWORD)  # however it is written
    event = Event.objects.across_clients().get(kind="lockout")
    assert event.after["whose"] == "anna"


def test_an_unknown_login_is_answered_word_for_word_like_a_known_one(anna: Operator) -> None:
    def words(login: str) -> list[str]:
        return [
            guess(login).partition('role="alert"')[2].partition("</div>")[0][:60] for _ in "123456"
        ]

    assert words("anna") == words("nikt taki")
    assert "nikt taki" not in str(list(Tries.objects.values()))
    assert "nikt taki" not in str(list(Event.objects.across_clients().values()))


def test_an_unknown_login_costs_a_hash_too(anna: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []
    usual = Operator.set_password
    monkeypatch.setattr(
        Operator, "set_password", lambda o, raw: hashed.append(raw) or usual(o, raw)
    )
    guess("nikt taki")
    assert hashed == ["zgaduję i zgaduję"]


def test_success_begins_anew(anna: Operator) -> None:
    for _ in range(4):
        guess("anna")
    assert is_logged_in(give_password(anna))
    for _ in range(4):
        guess("anna")
    assert is_logged_in(give_password(anna))


def test_one_address_trying_many_logins_has_to_wait(anna: Operator) -> None:
    for number in range(30):
        guess(f"login{number}")
    assert not is_logged_in(give_password(anna))
    elsewhere = Visitor(REMOTE_ADDR="192.0.2.7")
    elsewhere.post(reverse("login"), {"username": "anna", "password": PASSWORD})
    assert is_logged_in(elsewhere)


def test_a_login_of_ones_own_does_not_clear_the_address(anna: Operator) -> None:
    for number in range(29):
        guess(f"login{number}")
    assert is_logged_in(give_password(anna))
    guess("ktoś")
    assert "logins.too_many_tries" in guess("ktoś jeszcze")


def test_the_wait_ends_by_itself_and_is_forgotten_after_a_day(anna: Operator) -> None:
    for _ in range(5):
        guess("anna")
    row = Tries.objects.get(kind="login")
    Tries.objects.update(
        until=row.until - timedelta(seconds=31), last_at=row.last_at - timedelta(days=2)
    )
    guess("anna")
    row.refresh_from_db()
    assert (row.failures, row.until) == (1, None)


def test_the_owner_unlocks(ewa: Operator, anna: Operator) -> None:
    for _ in range(5):
        guess("anna")
    owner = Visitor()
    owner.force_login(ewa)
    (row,) = owner.get(reverse("operators-waits")).context["rows"]
    owner.post(reverse("operators-unlock", args=[row.pk]))
    assert is_logged_in(give_password(anna))
    assert Event.objects.across_clients().filter(kind="unlock", actor=ewa).exists()


def test_what_the_proxy_saw_is_the_address_and_not_what_the_client_says(
    anna: Operator, settings: object
) -> None:
    settings.HTTPS = True  # type: ignore[attr-defined]
    for number in range(30):
        Visitor(headers={"X-Forwarded-For": f"10.0.0.{number}, 198.51.100.9"}).post(
            reverse("login"), {"username": f"login{number}", "password": "zgaduję"}
        )
    with pytest.raises(TooManyTries):
        tries.attempt(tries.of_address("198.51.100.9"))
