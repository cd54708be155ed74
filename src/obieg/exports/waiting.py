"""What is approved and not yet in any file, by client and period."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from obieg.office.models import Client, Operator
from obieg.posting.models import Dekret
from obieg.posting.states import DekretState

DONE = (DekretState.APPROVED, DekretState.EXPORTED)


@dataclass(frozen=True, slots=True)
class Waiting:
    """The approved dekrets of one client and one month."""

    client_id: int
    client: str
    period: date
    fresh: int  # in no file yet
    exported: int = 0


def waiting(operator: Operator) -> list[Waiting]:
    """Every client and month with something to export, the oldest month first."""
    rows = Dekret.objects.visible_to(operator).filter(state=DekretState.APPROVED)
    counted = rows.values_list("client_id", "client__name", "period").annotate(count=Count("pk"))
    ordered = counted.order_by("period", "client__sort_key")
    return [Waiting(*row) for row in ordered]


def waiting_of(client: Client, period: date) -> Waiting:
    """The same of one client and month, with what was exported before."""
    counts = (
        Dekret.objects.of_client(client)
        .filter(period=period, state__in=DONE)
        .aggregate(
            fresh=Count("pk", filter=Q(state=DekretState.APPROVED)),
            exported=Count("pk", filter=Q(state=DekretState.EXPORTED)),
        )
    )
    return Waiting(client.pk, client.name, period, counts["fresh"], counts["exported"])
