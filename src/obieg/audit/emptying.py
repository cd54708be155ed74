"""Emptying entries of the trail: what they say goes, who did it and when stays and is still proved.

The database allows it only where the room of retention says so (`may_redact`).
"""

from obieg.audit.models import Seal
from obieg.office.models import Event
from obieg.office.scope import ScopedQuerySet


def empty(entries: ScopedQuerySet[Event]) -> int:
    """Empty those of the entries that are sealed part by part; how many these were."""
    former = Seal.objects.filter(events_digest="").order_by("-number").first()
    beyond = former.events_to if former else 0
    sealed = entries.exclude(before={}, after={}).filter(pk__gt=beyond, pk__lte=sealed_to())
    return sealed.order_by().update(before={}, after={})


def sealed_to() -> int:
    """The last entry that a seal covers."""
    last = Seal.objects.last()
    return last.events_to if last else 0
