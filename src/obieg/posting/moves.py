"""Many dekrets through the door of their states at once: what `advance` does, in two statements."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models
from django.utils import timezone

from obieg.office.models import Event, Operator
from obieg.office.states import IllegalTransition
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
        if to not in Dekret.TRANSITIONS[DekretState(dekret.state)]:
            raise IllegalTransition(current=dekret.label_of(dekret.state), to=dekret.label_of(to))
    if not dekrets:
        return
    fields = {"state"}
    events = []
    for dekret in dekrets:
        new = {**(changes[dekret.pk] if changes else {}), "state": to}
        events.append(_event(dekret, new, actor, kind))
        for name, value in new.items():
            setattr(dekret, name, value)
        fields |= new.keys()
    Dekret.objects.across_clients().bulk_update(dekrets, sorted(fields))
    Event.objects.bulk_create(events)


def _event(dekret: Dekret, new: Mapping[str, Any], actor: Operator | None, kind: str) -> Event:
    return Event(
        client_id=dekret.client_id,
        thing=Dekret.THING,
        thing_id=dekret.pk,
        actor=actor,
        at=timezone.now(),
        kind=kind,
        before={name: _plain(getattr(dekret, name)) for name in new},
        after={name: _plain(value) for name, value in new.items()},
    )


def _plain(value: Any) -> Any:
    """`value` as JSON holds it."""
    if isinstance(value, models.Model):
        return value.pk
    if value is None or isinstance(value, bool | int | str | dict | list):
        return value
    return str(value)
