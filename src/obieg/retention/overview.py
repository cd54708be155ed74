"""What the page of personal data shows: the table of kinds, and where each ended client stands."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from obieg.calls.ending import last_protocol
from obieg.office.models import Client, Operator
from obieg.retention.erasing import is_erased
from obieg.retention.kinds import KINDS, Kind
from obieg.retention.periods import kept_until, months_of


@dataclass(frozen=True, slots=True)
class Line:
    """A kind of data with the office's present period."""

    kind: Kind
    period: str  # Polish


@dataclass(frozen=True, slots=True)
class Former:
    """A client who is served no more."""

    client: Client
    ended_at: datetime | None  # None: switched off, and the cooperation not ended
    may_go_on: date | None  # the first day on which everything may go; None: gone


def lines() -> list[Line]:
    """The table of kinds."""
    return [Line(kind, _period(kind)) for kind in KINDS]


def former(operator: Operator) -> list[Former]:
    """The clients who are served no more, by name."""
    clients = Client.objects.visible_to(operator).filter(active=False)
    return [_former(client) for client in clients]


def may_go_on(client: Client) -> date:
    """The first day on which everything of the client may go, today at the earliest."""
    return max(kept_until(client) + timedelta(days=1), timezone.localdate())


def _former(client: Client) -> Former:
    protocol = last_protocol(client)
    gone = is_erased(client)
    return Former(client, protocol.at if protocol else None, None if gone else may_go_on(client))


def _period(kind: Kind) -> str:
    if not kind.is_setting:
        return kind.since or "bez terminu"
    months = months_of(kind.code)
    length = f"{months // 12} lat" if months % 12 == 0 and months >= 60 else f"{months} mies."
    return f"{length} {kind.since}"
