"""The demo office's operators and who serves whom."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from obieg.demo.logins import LOGINS, Login
from obieg.office.models import Operator

T = TypeVar("T")


def hire() -> dict[str, Operator]:
    """The operators of LOGINS by login, made where missing, in that order."""
    return {person.login: _operator(person) for person in LOGINS}


def _operator(person: Login) -> Operator:
    known = Operator.objects.filter(login=person.login).first()
    return known or Operator.objects.create_user(
        person.login,
        person.password,
        name=person.name,
        sees_all_clients=person.clients is None,
        role=person.role,
    )


def deal(clients: Sequence[T]) -> Iterator[tuple[T, Login]]:
    """Each client with its accountant: to each as many as LOGINS says.

    In turns, so that everybody serves every trade, until an accountant has enough.
    """
    left = {person: person.clients for person in LOGINS if person.clients}
    waiting = iter(clients)
    while left:
        for person in tuple(left):
            client = next(waiting, None)
            if client is None:
                return
            yield client, person
            left[person] -= 1
            if not left[person]:
                del left[person]
