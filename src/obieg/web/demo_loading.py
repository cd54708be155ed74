"""How much of the demo office is there, while the rest is still being loaded."""

from dataclasses import dataclass

from django.conf import settings

from obieg.office.models import Event


@dataclass(frozen=True, slots=True)
class Loading:
    """Clients that are there with all that is theirs, of all that there will be."""

    loaded: int
    clients: int


def loading() -> Loading | None:
    """How far the load is, by its milestones in the trail; None once it is done, or outside."""
    if not settings.DEMO:
        return None
    milestones = Event.objects.across_clients().filter(thing="demo")
    told = list(milestones.values_list("kind", "after"))
    begun = dict(told).get("begun")
    if begun is None or "done" in dict(told):
        return None
    loaded = sum(after["clients"] for kind, after in told if kind == "group")
    return Loading(loaded, begun["clients"])
