"""Many dekrets through the door of their states at once: what `advance` does, in two statements."""

from collections.abc import Mapping, Sequence
from typing import Any

from obieg.office.models import Operator
from obieg.posting.copying import copy_in, update_in
from obieg.posting.models import Dekret
from obieg.posting.states import DekretState

Changes = Mapping[int, Mapping[str, Any]]
"""By the dekret's id: the fields saved with its state; the same ones for each."""


def advance_all(
    dekrets: Sequence[Dekret],
    to: DekretState,
    *,
    actor: Operator | None,
    kind: str,
    changes: Changes | None = None,
) -> None:
    """Move dekrets that the caller has read under a lock, all of them or none.

    Raises IllegalTransition for the first that may not go there.
    """
    for dekret in dekrets:
        dekret.require(to)
    if not dekrets:
        return
    events, changed = [], {}
    for dekret in dekrets:
        new = {**(changes[dekret.pk] if changes else {}), "state": to}
        events.append(dekret.event(new, actor=actor, kind=kind))
        for name, value in new.items():
            setattr(dekret, name, value)
        changed[dekret.pk] = new
    update_in(Dekret, changed)
    copy_in(events)
