"""The one door through which a thing with a life changes its state."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from django.db import models, transaction
from django.utils import timezone

from obieg.core.errors import UserFixable
from obieg.office.models import Event, Operator


class IllegalTransition(UserFixable):
    """The thing is no longer in a state from which this can be done."""

    code = "office.illegal_transition"
    message_pl = (
        "Dokument jest już w stanie „{current}” i nie można go zmienić na „{to}”. "
        "Odśwież stronę, aby zobaczyć, kto i co zrobił."
    )


class Stateful(models.Model):
    """A row with a `state` that only `advance` changes.

    A subclass gives `STATES`, `TRANSITIONS` (state -> the states it may become), `THING` (its name
    in the trail) and, where it has no client of its own, `trail_client_id`.
    """

    TRANSITIONS: ClassVar[Mapping[Any, frozenset[Any]]]
    STATES: ClassVar[type[models.TextChoices]]
    THING: ClassVar[str]
    state: Any

    class Meta:
        abstract = True

    def advance(self, to: str, *, actor: Operator | None, kind: str, **changes: Any) -> Self:
        """Move to `to`, saving `changes` and the trail with it, or raise IllegalTransition."""
        with transaction.atomic():
            rows = type(self)._base_manager.select_for_update(no_key=True)
            stored = rows.get(pk=self.pk)
            stored.require(to)
            new = {**changes, "state": to}
            event = stored.event(new, actor=actor, kind=kind)
            for name, value in new.items():
                setattr(self, name, value)
            self.save(update_fields=list(new))
            event.save()
        return self

    def require(self, to: str) -> None:
        """IllegalTransition unless this state may become `to`."""
        if to not in self.TRANSITIONS[self.state]:
            raise IllegalTransition(current=self.label_of(self.state), to=self.label_of(to))

    def event(self, new: Mapping[str, Any], *, actor: Operator | None, kind: str) -> Event:
        """The trail's entry, not yet saved, of this row getting the values `new`."""
        return Event(
            client_id=self.trail_client_id,
            thing=self.THING,
            thing_id=self.pk,
            actor=actor,
            at=timezone.now(),
            kind=kind,
            before={name: _plain(getattr(self, name)) for name in new},
            after={name: _plain(value) for name, value in new.items()},
        )

    def label_of(self, state: str) -> str:
        """The Polish name of a state."""
        return self.STATES(state).label

    @property
    def trail_client_id(self) -> int:
        return self.client_id  # type: ignore[attr-defined,no-any-return] # named by the subclass


def _plain(value: Any) -> Any:
    """`value` as JSON holds it."""
    if isinstance(value, models.Model):
        return value.pk
    return (
        value if value is None or isinstance(value, bool | int | str | dict | list) else str(value)
    )
