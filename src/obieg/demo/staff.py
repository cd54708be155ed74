"""The demo office's operators and who serves whom."""

from collections.abc import Iterator, Sequence

from obieg.demo.logins import LOGINS
from obieg.office.models import Assignment, Client, Operator


def hire() -> list[Operator]:
    """The operators of LOGINS, made where missing, in that order."""
    return [_operator(index) for index in range(len(LOGINS))]


def _operator(index: int) -> Operator:
    person = LOGINS[index]
    known = Operator.objects.filter(login=person.login).first()
    return known or Operator.objects.create_user(
        person.login,
        person.password,
        name=person.name,
        sees_all_clients=person.clients is None,
        role=person.role,
    )


def assign(operators: Sequence[Operator], clients: Sequence[Client]) -> None:
    """Deal the clients among the accountants, to each as many as LOGINS says."""
    Assignment.objects.bulk_create(_dealt(operators, clients), ignore_conflicts=True)


def _dealt(operators: Sequence[Operator], clients: Sequence[Client]) -> Iterator[Assignment]:
    """In turns, so that everybody serves every trade, until an accountant has enough."""
    left = {
        operator.pk: person.clients
        for operator, person in zip(operators, LOGINS, strict=True)
        if person.clients
    }
    waiting = iter(clients)
    while left:
        for operator_id in tuple(left):
            client = next(waiting, None)
            if client is None:
                return
            yield Assignment(operator_id=operator_id, client=client)
            left[operator_id] -= 1
            if not left[operator_id]:
                del left[operator_id]
