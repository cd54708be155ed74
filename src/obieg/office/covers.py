"""Absence: another operator serves the clients, for days that end by themselves."""

from django.db import transaction
from django.utils import timezone

from obieg.office.models import Cover, Event, Operator


def begin(cover: Cover, *, actor: Operator) -> Cover:
    """Keep a new cover; it holds on its days only, without anybody ending it."""
    cover.entered_by = actor
    with transaction.atomic():
        cover.save()
        _trail(cover, actor, "cover")
    return cover


def end(cover: Cover, *, actor: Operator) -> None:
    """End it before its last day."""
    with transaction.atomic():
        if Cover.objects.lasting().filter(pk=cover.pk).update(ended_at=timezone.now()):
            _trail(cover, actor, "cover_end")


def covers_told_to(operator: Operator) -> list[Cover]:
    """Those of today in which he covers or is covered."""
    present = Cover.objects.present().select_related("absent", "covering")
    return [one for one in present if operator in (one.absent, one.covering)]


def _trail(cover: Cover, actor: Operator, kind: str) -> None:
    Event.objects.create(
        thing="office.operator",
        thing_id=cover.absent_id,
        actor=actor,
        kind=kind,
        after={
            "covering": cover.covering_id,
            "first_day": cover.first_day.isoformat(),
            "last_day": cover.last_day.isoformat(),
        },
    )
