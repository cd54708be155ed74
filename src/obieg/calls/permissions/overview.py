"""All clients at once: what the office lacks, and who is there whom it does not know."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from obieg.calls.permissions.comparison import Comparison
from obieg.calls.permissions.knowing import Stranger, strangers_at
from obieg.calls.permissions.models import Change, OfficeFirm, Reach, Reading
from obieg.office.models import Client, Operator

STALE = timedelta(days=3)  # readings go on each night
FILTERS = {
    "": "wszyscy",
    "braki": "z brakami",
    "biuro": "bez uprawnień na NIP biura",
    "obcy": "z nieznanymi",
    "zmiany": "ze zmianami",
    "nieodczytane": "nieodczytane",
}


@dataclass(frozen=True, slots=True)
class Place:
    """One client in the overview."""

    client: Client
    comparison: Comparison
    strangers: list[Stranger]
    changes: int

    @property
    def reading(self) -> Reading:
        return self.comparison.reading

    @property
    def unknown(self) -> int:
        """How many persons and firms the strangers' permissions are of."""
        return len({(one.grant.holder_kind, one.grant.holder_value) for one in self.strangers})

    @property
    def is_stale(self) -> bool:
        read_at = self.reading.read_at
        return read_at is None or read_at < timezone.now() - STALE

    @property
    def sees_all(self) -> bool:
        return self.reading.reach == Reach.FULL

    @property
    def meaning(self) -> str:
        """stop where the office cannot do its work, watch where something is to be looked at."""
        if self.comparison.missing:
            return "stop"
        if self.strangers or self.changes or self.is_stale or self.reading.error_text:
            return "watch"
        return "ok"

    def is_in(self, chosen: str) -> bool:
        """Whether the filter shows it."""
        return {
            "braki": bool(self.comparison.missing),
            "biuro": bool(self.comparison.missing_for_office),
            "obcy": bool(self.strangers),
            "zmiany": bool(self.changes),
            "nieodczytane": self.is_stale or bool(self.reading.error_text),
        }.get(chosen, True)


def places_of(operator: Operator) -> list[Place]:
    """The active clients that `operator` sees, those with trouble first."""
    clients = list(Client.objects.visible_to(operator).active())
    readings = _readings(clients)
    changes = _changes(clients)
    unknown = strangers_at(clients)
    firm = OfficeFirm.present()
    places = []
    for client in clients:
        reading = readings.get(client.pk) or Reading(client=client, environment=client.environment)
        comparison = Comparison(reading, firm)
        places.append(Place(client, comparison, unknown.get(client.pk, []), changes[client.pk]))
    order = ("stop", "watch", "ok")
    return sorted(places, key=lambda place: (order.index(place.meaning), place.client.sort_key))


def _readings(clients: list[Client]) -> dict[int, Reading]:
    rows = Reading.objects.across_clients().filter(
        client__in=clients, environment=F("client__environment")
    )
    return {row.client_id: row for row in rows}


def _changes(clients: list[Client]) -> Counter[int]:
    rows = Change.objects.across_clients().filter(
        client__in=clients, settled_at=None, environment=F("client__environment")
    )
    return Counter(rows.values_list("client_id", flat=True))
