"""The queue shows an operator what waits at his clients, the oldest first, page by page."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from obieg.office.models import Client, Operator
from obieg.posting.decisions import approve
from obieg.posting.models import Dekret
from obieg.posting.queue import (
    PlaceGone,
    QueueFilters,
    above,
    counts,
    neighbours,
    trail,
    waiting,
)
from obieg.posting.states import DekretState
from tests.posting.factories import ClientFactory, OperatorFactory, purchase, sale
from tests.posting.papers import Row
from tests.posting.typing_in import line

pytestmark = pytest.mark.django_db
ALL = QueueFilters()
FUEL = Row("Olej napędowy", Decimal("200.00"))


@pytest.fixture
def seven(client_firm: Client) -> list[Dekret]:
    return [purchase(client_firm, rows=[FUEL], number=f"FV/{number}") for number in range(7)]


def test_pages_follow_each_other_there_and_back(seven: list[Dekret], anna: Operator) -> None:
    first = waiting(anna, ALL, size=3)
    second = waiting(anna, ALL, after=first.next, size=3)
    third = waiting(anna, ALL, after=second.next, size=3)
    assert first.rows + second.rows + third.rows == seven
    assert (first.previous, third.next) == ("", "")
    back = waiting(anna, ALL, before=third.previous, size=3)
    assert back.rows == second.rows
    assert waiting(anna, ALL, before=back.previous, size=3).previous == ""


def test_a_page_stays_in_its_place_when_what_stood_before_it_is_approved(
    seven: list[Dekret], anna: Operator
) -> None:
    place = waiting(anna, ALL, size=3).next
    approve(seven[2], operator=anna)
    assert waiting(anna, ALL, after=place).rows == seven[3:]


def test_an_address_that_is_no_place_is_refused(anna: Operator) -> None:
    with pytest.raises(PlaceGone):
        waiting(anna, ALL, after="nonsense")


def test_every_filter_leaves_what_it_names(client_firm: Client, anna: Operator) -> None:
    fuel = purchase(client_firm, rows=[FUEL], number="FV/ŁÓDŹ/7", seller="9990000024")
    unknown = purchase(client_firm)
    sold = sale(client_firm)
    old = purchase(client_firm, rows=[FUEL])
    long_ago = timezone.now() - timedelta(hours=30)
    Dekret.objects.of_client(client_firm).exclude(pk=old.pk).update(queued_at=timezone.now())
    Dekret.objects.of_client(client_firm).filter(pk=old.pk).update(queued_at=long_ago)

    def found(**filters: object) -> set[Dekret]:
        return set(waiting(anna, QueueFilters(**filters)).rows)

    assert found() == {fuel, unknown, sold, old}
    assert found(state=DekretState.TO_CLASSIFY) == {unknown}
    assert found(direction="sale") == {sold}
    assert found(seller="9990000024") == {fuel}
    assert found(words=("łódź", "fv")) == {fuel}
    assert found(min_confidence=90) == {fuel, old}
    assert found(age=24) == {old}
    assert found(client_id=client_firm.pk + 1) == set()


def test_counts_tell_how_much_waits_and_how_much_is_sure(
    client_firm: Client, anna: Operator
) -> None:
    purchase(client_firm, rows=[FUEL])
    purchase(client_firm)
    sale(client_firm)
    assert counts(anna, ALL, sure=90) == {"to_approve": 2, "to_classify": 1, "sure": 1}


def test_neighbours_are_known_also_of_what_was_just_decided(
    seven: list[Dekret], anna: Operator
) -> None:
    approve(seven[3], operator=anna)
    assert neighbours(anna, ALL, seven[3]) == (seven[2].pk, seven[4].pk)
    assert neighbours(anna, ALL, seven[0]) == (None, seven[1].pk)
    assert neighbours(anna, ALL, seven[6]) == (seven[5].pk, None)


def test_what_is_sure_is_offered_for_approval_in_bulk(client_firm: Client, anna: Operator) -> None:
    fuel = purchase(client_firm, rows=[FUEL])
    purchase(client_firm)
    sale(client_firm)
    assert above(anna, ALL, 90) == [fuel.pk]
    assert above(anna, QueueFilters(state=DekretState.TO_CLASSIFY), 90) == [fuel.pk]


def test_a_stranger_sees_nothing(seven: list[Dekret]) -> None:
    stranger = OperatorFactory(serving=[ClientFactory()])
    assert waiting(stranger, ALL).rows == []
    assert counts(stranger, ALL) == {"to_approve": 0, "to_classify": 0, "sure": 0}
    assert above(stranger, ALL, 0) == []
    assert neighbours(stranger, ALL, seven[3]) == (None, None)


def test_the_trail_reads_as_what_happened(client_firm: Client, anna: Operator) -> None:
    dekret = purchase(client_firm, rows=[FUEL])
    approve(dekret, [line(dekret, account="401-05")], operator=anna)
    arrival, correction, approval = trail(dekret)
    assert (arrival.who, arrival.what) == ("Obieg", "Przyjęto z KSeF i zaproponowano dekret")
    assert (correction.who, correction.what) == ("Anna", "Poprawiono propozycję")
    (change,) = correction.changes
    assert change.name == "Wiersz 1"
    assert change.before.startswith("401-04; netto 200,00; VAT 46,00; odl. 50%; ZAKUP")
    assert change.after.startswith("401-05")
    shown = {change.name: (change.before, change.after) for change in approval.changes}
    assert shown["Stan"] == ("Do zatwierdzenia", "Zatwierdzony")
    assert shown["Okres"] == ("", "11.2026")
