"""Who asks too fast is told when to come back, and the others notice nothing."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client as Visitor
from django.urls import get_resolver, reverse
from django.utils import timezone

from obieg.logins import pace
from obieg.logins.errors import TooFast
from obieg.logins.models import Pace
from obieg.logins.pace import Budget, spend
from obieg.sales.models import ApiToken
from obieg.sales.views.selected import FILES
from obieg.web import heavy
from tests.posting.factories import ClientFactory, OperatorFactory

SLOW = Budget(at_once=5, a_second=1)


def spent(subject: str, budget: Budget) -> int:
    """How often one may ask now."""
    count = 0
    while True:
        try:
            spend(subject, budget)
        except TooFast:
            return count
        count += 1


@pytest.mark.django_db
class TestBudget:
    def test_so_many_at_once_and_then_as_time_passes(self) -> None:
        assert spent("key:1", SLOW) == 5
        assert spent("key:2", SLOW) == 5  # another's budget is untouched
        row = Pace.objects.get(pk="key:1")
        Pace.objects.filter(pk="key:1").update(paid_until=row.paid_until - timedelta(seconds=2))
        assert spent("key:1", SLOW) == 2
        Pace.objects.filter(pk="key:1").update(paid_until=timezone.now() - timedelta(days=9))
        assert spent("key:1", SLOW) == 5  # what was not asked for is not saved up

    def test_it_says_when_to_come_back(self) -> None:
        spend("key:1", SLOW, cost=5)
        with pytest.raises(TooFast) as refused:
            spend("key:1", SLOW, cost=3)
        assert refused.value.seconds in (2, 3)
        Pace.objects.update(paid_until=timezone.now() + timedelta(seconds=2))
        spend("key:1", SLOW, cost=3)

    def test_who_is_refused_does_not_wait_longer_for_having_asked(self) -> None:
        spend("key:1", SLOW, cost=5)
        before = Pace.objects.get(pk="key:1").paid_until
        assert spent("key:1", SLOW) == 0
        assert Pace.objects.get(pk="key:1").paid_until == before

    def test_old_rows_are_forgotten(self) -> None:
        spend("key:1", SLOW)
        spend("key:2", SLOW)
        Pace.objects.filter(pk="key:1").update(paid_until=timezone.now() - timedelta(days=2))
        pace.forget_old()
        assert [row.pk for row in Pace.objects.all()] == ["key:2"]


@pytest.mark.django_db(transaction=True)
def test_processes_that_ask_at_once_share_one_budget() -> None:
    budget = Budget(at_once=20, a_second=1)
    passed: list[int] = []
    start = threading.Barrier(4)

    def ask() -> None:
        try:
            start.wait()
            passed.append(spent("key:1", budget))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 20 <= sum(passed) <= 23  # a few seconds may have passed


@pytest.mark.django_db
class TestApi:
    @pytest.fixture
    def program(self) -> Visitor:
        operator = OperatorFactory(login="sklep", name="Sklep", serving=[ClientFactory()])
        _, text = ApiToken.issue(operator, name="sklep", client=None)
        return Visitor(headers={"Authorization": f"Bearer {text}"})

    def test_a_key_has_its_pace_and_is_told_with_429(
        self, program: Visitor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(pace, "KEY", SLOW)
        answers = [program.get("/api/v1/clients") for _ in range(6)]
        assert [one.status_code for one in answers] == [200] * 5 + [429]
        refusal = answers[-1]
        assert refusal.json()["code"] == "logins.too_fast"
        assert 1 <= int(refusal["Retry-After"]) <= 5

    def test_an_address_has_one_too_whatever_its_keys_are(
        self, program: Visitor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(pace, "ADDRESS", SLOW)
        wrong = Visitor(headers={"Authorization": "Bearer zly"})
        statuses = [wrong.get("/api/v1/clients").status_code for _ in range(5)]
        assert statuses == [401] * 5
        assert program.get("/api/v1/clients").status_code == 429

    def test_the_description_tells_of_it(self) -> None:
        described = Visitor().get("/api/v1/openapi.json").json()
        assert "Retry-After" in described["info"]["description"]
        for operations in described["paths"].values():
            for operation in operations.values():
                assert "429" in operation["responses"]


@pytest.mark.django_db
class TestHeavyPages:
    def test_one_operators_script_is_stopped_and_another_works_on(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(pace, "HEAVY", Budget(at_once=2 * heavy.SHEET, a_second=1))
        script, other = (logged_in(name) for name in ("skrypt", "ola"))
        sheet = reverse("purchases-sheet")
        statuses = [script.get(sheet).status_code for _ in range(3)]
        assert statuses == [200, 200, 429]
        refusal = script.get(sheet)
        assert int(refusal["Retry-After"]) >= 1
        assert "chroni pracę pozostałych" in refusal.content.decode()
        assert script.get(reverse("purchases")).status_code == 200  # he may go on by hand
        assert other.get(sheet).status_code == 200

    def test_a_form_that_is_only_shown_costs_nothing(self) -> None:
        ola = logged_in("ola")
        for _ in range(3):
            assert ola.get(reverse("sales-import")).status_code == 200
        assert not Pace.objects.exists()

    def test_the_costs_are_of_addresses_that_exist(self) -> None:
        named = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
        assert set(heavy.COSTS) <= named

    def test_the_costs_of_a_selection_are_of_buttons_that_exist(self) -> None:
        assert set(heavy.SELECTED) <= set(FILES)

    def test_an_archive_costs_more_than_a_page(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pace, "HEAVY", Budget(at_once=2 * heavy.ARCHIVE, a_second=1))
        ola, asked = logged_in("ola"), {"act": "pdf", "chosen": []}
        statuses = [ola.post(reverse("sales-selected"), asked).status_code for _ in range(3)]
        assert statuses[2] == 429
        assert 429 not in statuses[:2]


def logged_in(login: str) -> Visitor:
    visitor = Visitor()
    visitor.force_login(OperatorFactory(login=login, name=login.title(), owner=True))
    return visitor
