"""The one door of states for many documents at once: the same rules, the same trail."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from obieg.office.models import Event, Operator
from obieg.office.scope import ScopedQuerySet
from obieg.sales.models import Sale

CHUNK = 250
HEAVY = ("content", "typed", "findings", "search")
Thing = TypeVar("Thing")


def in_chunks(things: Iterable[Thing], size: int = CHUNK) -> Iterator[list[Thing]]:
    """`things` in lists of at most `size`."""
    source = iter(things)
    while chunk := list(islice(source, size)):
        yield chunk


def locked(sales: ScopedQuerySet[Sale]) -> list[Sale]:
    """The documents in the order of their ids, locked until the transaction ends."""
    rows = sales.defer(*HEAVY).order_by("pk")
    return list(rows.select_for_update(no_key=True, of=("self",)))


def move_all(
    sales: Sequence[Sale],
    to: str,
    *,
    actor: Operator | None,
    kind: str,
    changes: Callable[[Sale], dict[str, Any]],
) -> None:
    """Move `sales`, which the caller has locked, to `to`; IllegalTransition moves none of them.

    `changes` gives the same columns for each.
    """
    events, columns = [], {"state"}
    for sale in sales:
        sale.require(to)
        new = {**changes(sale), "state": to}
        events.append(sale.event(new, actor=actor, kind=kind))
        columns.update(new)
        for name, value in new.items():
            setattr(sale, name, value)
    Sale.objects.across_clients().bulk_update(sales, sorted(columns), batch_size=CHUNK)
    Event.objects.bulk_create(events, batch_size=CHUNK)
