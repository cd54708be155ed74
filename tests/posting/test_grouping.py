"""Documents alike are set at once; a warning is answered once; the pace of work is told."""

from decimal import Decimal

import pytest

from obieg.office.models import Client, Event, Operator
from obieg.posting import attention
from obieg.posting.grouping import GroupRefused, alike, set_for_all
from obieg.posting.heeding import heed
from obieg.posting.models import Dekret, Link
from obieg.posting.obstacles import obstacles
from obieg.posting.views.decided import pace
from tests.posting.factories import ClientFactory, OperatorFactory, purchase
from tests.posting.papers import Row
from tests.posting.typing_in import proposed

METER = Row("Dystrybucja, licznik 00 4711", Decimal("40.00"))
OTHER = Row("Dystrybucja, licznik 00 9999", Decimal("50.00"))


def fresh(dekret: Dekret) -> Dekret:
    return Dekret.objects.of_client(dekret.client_id).get(pk=dekret.pk)


@pytest.fixture
def bills(client_firm: Client) -> list[Dekret]:
    return [
        purchase(client_firm, number=f"L/{place}", rows=[row])
        for place, row in enumerate([METER, METER, OTHER])
    ]


@pytest.mark.django_db
class TestGroups:
    def test_documents_of_one_seller_are_alike_and_narrowed_to_a_meter(
        self, bills: list[Dekret], client_firm: Client, anna: Operator
    ) -> None:
        purchase(client_firm, number="X/1", seller="9990000024", rows=[METER])
        assert alike(bills[0], anna) == bills
        assert alike(bills[0], anna, "004711") == bills[:2]
        assert alike(bills[0], anna, "dystrybucja") == bills
        assert alike(bills[0], anna, "4712") == []

    def test_what_is_set_becomes_the_proposal_of_each_with_its_trail(
        self, bills: list[Dekret], client_firm: Client, anna: Operator
    ) -> None:
        ids = [dekret.pk for dekret in bills[:2]]
        assert set_for_all(ids, {"account": "401-01"}, operator=anna) == 2
        first, untouched = fresh(bills[0]), fresh(bills[2])
        (only,) = proposed(first)
        assert (only.account, only.net, first.confidence, first.state) == (
            "401-01",
            Decimal("40.00"),
            100,
            "to_approve",
        )
        assert proposed(untouched)[0].account == ""
        noted = Event.objects.of_client(client_firm).filter(thing_id=first.pk, kind="group")
        assert noted[0].after["lines"][0]["account"] == "401-01"

    @pytest.mark.parametrize(
        ("changes", "problem"),
        [({}, "Wpisz, co ustawić"), ({"account": "999"}, "nie ma konta „999”")],
    )
    def test_what_does_not_fit_changes_nothing(
        self, bills: list[Dekret], anna: Operator, changes: dict[str, str], problem: str
    ) -> None:
        with pytest.raises(GroupRefused, match=problem):
            set_for_all([bills[0].pk], changes, operator=anna)
        assert proposed(fresh(bills[0]))[0].account == ""

    def test_a_stranger_sets_nothing(self, bills: list[Dekret]) -> None:
        stranger = OperatorFactory(serving=[ClientFactory()])
        assert alike(bills[0], stranger) == []
        assert set_for_all([bills[0].pk], {"account": "401-01"}, operator=stranger) == 0


@pytest.mark.django_db
def test_an_answered_warning_goes_and_stays_in_the_trail(
    client_firm: Client, anna: Operator
) -> None:
    purchase(client_firm, number="FV 7/2026")
    later = purchase(client_firm, number="FV/07/2026")
    heed(later, attention.DOUBLE, operator=anna)
    assert fresh(later).warnings == []
    assert Link.objects.of_client(client_firm).get().answer == "different"
    assert Event.objects.of_client(client_firm).filter(thing_id=later.pk, kind="heed").exists()
    with pytest.raises(Dekret.DoesNotExist):
        heed(later, attention.DOUBLE, operator=OperatorFactory())


@pytest.mark.django_db
def test_what_is_missing_is_named(client_firm: Client) -> None:
    unknown = purchase(client_firm, rows=[METER])
    sure = purchase(client_firm, number="P/1", rows=[Row("Olej napędowy", Decimal("5.00"))])
    foreign = purchase(client_firm, number="P/2", rows=[METER], currency="EUR")
    assert obstacles(unknown, proposed(unknown)) == ["nie wiadomo, na jakie konto"]
    assert obstacles(sure, proposed(sure)) == []
    assert "brakuje kursu waluty" in obstacles(foreign, proposed(foreign))


@pytest.mark.parametrize(
    ("moments", "expected"),
    [
        ([], None),
        ([10, 20, 30], None),  # too few to tell
        ([0, 10, 20, 30], Decimal("6.0")),
        ([0, 5000, 5020, 5040, 5060], Decimal("3.0")),  # after a pause
        ([7, 7, 7, 7], None),  # at once
    ],
)
def test_the_pace_is_that_of_the_present_spell_of_work(
    moments: list[int], expected: Decimal | None
) -> None:
    assert pace(moments) == expected
