"""Many at the same moment: a hundred guesses are a hundred, a code opens once, an owner stays."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pyotp
import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from obieg.core.errors import ObiegError
from obieg.logins import factor, tries
from obieg.office.models import Operator
from tests.logins.conftest import enrol
from tests.posting.factories import OperatorFactory

pytestmark = pytest.mark.django_db(transaction=True)

AT_ONCE = 8


def how_many_succeed(acts: list[Callable[[], object]]) -> int:
    """Of `acts` done at the same moment, each in a connection of its own."""

    def done(act: Callable[[], object]) -> bool:
        try:
            act()
        except (ObiegError, IntegrityError):
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return sum(pool.map(done, acts))


def test_guesses_sent_at_once_are_counted_one_by_one() -> None:
    acts = [lambda: tries.attempt(tries.of_login("anna"))] * (3 * AT_ONCE)
    assert how_many_succeed(acts) == tries.FREE[tries.Tries.Kind.LOGIN]


def test_a_code_sent_twice_at_once_opens_once() -> None:
    ewa = OperatorFactory(owner=True)
    code = pyotp.TOTP(enrol(ewa)).at(timezone.now() + timedelta(seconds=30))
    assert how_many_succeed([lambda: factor.judge(ewa, code)] * AT_ONCE) == 1


def test_owners_who_step_down_at_once_leave_one() -> None:
    owners = [OperatorFactory(owner=True).pk for _ in range(AT_ONCE)]

    def step_down(key: int) -> Callable[[], object]:
        return lambda: Operator.objects.filter(pk=key).update(role="reader")

    assert how_many_succeed([step_down(key) for key in owners]) == AT_ONCE - 1
    assert Operator.objects.filter(role="owner").count() == 1
