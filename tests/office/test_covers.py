"""Absence: another serves the clients, on the days and no longer."""

from datetime import date, timedelta

import pytest
from django.test import Client as Visitor
from django.urls import reverse
from django.utils import timezone

from obieg.office.models import Client, Cover, Event, Operator
from tests.posting.factories import ClientFactory, OperatorFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def bor() -> Client:
    return ClientFactory(name="Bór sp. z o.o.", books=False)


@pytest.fixture
def anna(bor: Client) -> Operator:
    return OperatorFactory(name="Anna Nowak", serving=[bor])


@pytest.fixture
def zofia() -> Operator:
    return OperatorFactory(name="Zofia Lis")


@pytest.fixture
def owner() -> Visitor:
    visitor = Visitor()
    visitor.force_login(OperatorFactory(owner=True))
    return visitor


def sees(operator: Operator, client: Client) -> bool:
    fresh = Operator.objects.get(pk=operator.pk)
    return Client.objects.visible_to(fresh).filter(pk=client.pk).exists()


def a_cover(absent: Operator, covering: Operator, first: date, last: date) -> Cover:
    return Cover.objects.create(
        absent=absent, covering=covering, first_day=first, last_day=last, entered_by=absent
    )


def test_it_is_entered_shown_written_to_the_trail_and_ended(
    owner: Visitor, anna: Operator, zofia: Operator, bor: Client
) -> None:
    today = timezone.localdate().isoformat()
    typed = {"absent": anna.pk, "covering": zofia.pk, "first_day": today, "last_day": today}
    owner.post(reverse("operators-covers"), typed)
    assert sees(zofia, bor)
    hers = Visitor()
    hers.force_login(zofia)
    assert "Zastępujesz: Anna Nowak" in hers.get(reverse("today")).content.decode()
    owner.post(reverse("operators-cover-end", args=[Cover.objects.get().pk]))
    assert not sees(zofia, bor)
    kinds = Event.objects.across_clients().filter(thing_id=anna.pk, thing="office.operator")
    assert list(kinds.values_list("kind", flat=True)) == ["cover", "cover_end"]


@pytest.mark.parametrize(
    ("first", "last", "expected"), [(-2, -1, False), (-1, 0, True), (0, 1, True), (1, 2, False)]
)
def test_it_holds_on_its_days_only(
    anna: Operator, zofia: Operator, bor: Client, first: int, last: int, expected: bool
) -> None:
    today = timezone.localdate()
    a_cover(anna, zofia, today + timedelta(days=first), today + timedelta(days=last))
    assert sees(zofia, bor) is expected


def test_it_covers_one_and_not_whom_that_one_covers(
    anna: Operator, zofia: Operator, bor: Client
) -> None:
    today, third = timezone.localdate(), OperatorFactory()
    a_cover(anna, zofia, today, today)
    a_cover(zofia, third, today, today)
    assert not sees(third, bor)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"last_day": "2026-01-01"}, "kończy się przed swoim początkiem"),
        ({"first_day": "2020-01-01", "last_day": "2020-01-02"}, "Ten dzień już minął"),
        ({"covering": "absent"}, "Nikt nie zastępuje samego siebie"),
    ],
)
def test_a_mistake_is_told(
    owner: Visitor, anna: Operator, zofia: Operator, change: dict[str, str], words: str
) -> None:
    today = timezone.localdate().isoformat()
    typed = {"absent": anna.pk, "covering": zofia.pk, "first_day": today, "last_day": today}
    typed |= {name: anna.pk if value == "absent" else value for name, value in change.items()}
    answer = owner.post(reverse("operators-covers"), typed)
    assert answer.status_code == 422
    assert words in answer.content.decode()
