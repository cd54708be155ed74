"""Two operators at once: one of them decides, the other is told so."""

from decimal import Decimal
from functools import partial

import pytest

from obieg.core.errors import UserFixable
from obieg.office.models import Event
from obieg.office.states import IllegalTransition
from obieg.posting.decisions import approve, approve_many, undo
from obieg.posting.models import DekretLine, Lesson
from tests.posting.factories import ClientFactory, OperatorFactory, purchase
from tests.posting.papers import Row
from tests.posting.together import at_once

pytestmark = pytest.mark.django_db(transaction=True)
FUEL = Row("Olej napędowy", Decimal("200.00"))


def test_two_operators_approve_the_same_dekret_and_it_is_posted_once() -> None:
    client = ClientFactory()
    operators = [OperatorFactory(serving=[client]) for _ in range(2)]
    for _ in range(5):
        dekret = purchase(client, rows=[FUEL])
        results = at_once(*(partial(approve, dekret, operator=who) for who in operators))
        assert sorted(isinstance(result, IllegalTransition) for result in results) == [False, True]
        assert DekretLine.objects.of_client(client).filter(dekret=dekret).count() == 1
        approvals = Event.objects.of_client(client).filter(thing_id=dekret.pk, kind="approve")
        assert approvals.count() == 1
    assert Lesson.objects.of_client(client).filter(withdrawn=False).count() == 5


def test_overlapping_approvals_in_bulk_neither_block_each_other_nor_post_twice() -> None:
    client = ClientFactory()
    operators = [OperatorFactory(serving=[client]) for _ in range(2)]
    dekrets = [
        purchase(client, rows=[FUEL, Row(f"Olej napędowy {word}", Decimal("1.00"))], seller=seller)
        for word in ("zimowy", "letni", "premium")
        for seller in ("9990000018", "9990000024")
    ]
    first, second = at_once(
        partial(approve_many, dekrets, operator=operators[0]),
        partial(approve_many, dekrets[::-1], operator=operators[1]),
    )
    assert len(first.approved) + len(second.approved) == len(dekrets)
    assert DekretLine.objects.of_client(client).count() == len(dekrets)


def test_taking_back_and_approving_at_once_leaves_the_memory_right() -> None:
    client = ClientFactory()
    operators = [OperatorFactory(serving=[client]) for _ in range(2)]
    for _ in range(5):
        taken, made = (purchase(client, rows=[FUEL]) for _ in range(2))
        approve(taken, operator=operators[0])
        results = at_once(
            partial(undo, taken, operator=operators[0]),
            partial(approve, made, operator=operators[1]),
        )
        assert not any(isinstance(result, UserFixable) for result in results)
    assert Lesson.objects.of_client(client).filter(withdrawn=False).count() == 5
