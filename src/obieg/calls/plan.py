"""Who still lives on a token, what every client's access is, and what each should do."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from obieg.calls import moving
from obieg.core.errors import UserFixable
from obieg.office.models import Client, Operator
from obieg.vault import enrolment
from obieg.vault.choice import Choice, choices_of
from obieg.vault.credentials import TOKENS_END
from obieg.vault.models import (
    Credential,
    CredentialKind,
    CredentialUsage,
    Enrolment,
    Move,
)

SOON = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Place:
    """One client on the plan."""

    client: Client
    credential: Credential | None  # in use, as it was chosen
    way: str  # "" (nothing to do), office, signed, outside, none
    asked: Move | Enrolment | None  # the last thing that was begun for it

    @property
    def on_token(self) -> bool:
        return self.credential is not None and self.credential.kind == CredentialKind.TOKEN

    @property
    def meaning(self) -> str:
        """stop without access or past its end, watch on a token or near its end, else ok."""
        ends = self._ends
        if self.credential is None or (ends is not None and ends < timezone.now()):
            return "stop"
        near = ends is not None and ends < timezone.now() + SOON
        return "watch" if near or self.on_token else "ok"

    @property
    def _ends(self) -> datetime | None:
        return self.credential.valid_to if self.credential else None

    @property
    def is_settled(self) -> bool:
        return self.way == "" and self.meaning == "ok"

    @property
    def by_button(self) -> bool:
        return self.way in ("office", "signed")


@dataclass(frozen=True, slots=True)
class Plan:
    """The places of an operator's clients, those with something to do first."""

    places: list[Place]

    @property
    def waiting(self) -> list[Place]:
        """Those with something to do, under way, or near their end."""
        return [place for place in self.places if not place.is_settled]

    @property
    def settled(self) -> list[Place]:
        """The others."""
        return [place for place in self.places if place.is_settled]

    @property
    def on_token(self) -> int:
        return sum(place.on_token for place in self.places)

    @property
    def by_button(self) -> int:
        return sum(place.by_button for place in self.places)

    @property
    def done(self) -> int:
        return len(self.places) - self.on_token - self.without

    @property
    def without(self) -> int:
        return sum(place.credential is None for place in self.places)

    @property
    def under_way(self) -> int:
        states = Counter(place.asked.state for place in self.places if place.asked)
        return sum(states[state] for state in ("queued", "new", "asking", "sent", "trial"))

    @property
    def days_left(self) -> int:
        return max((TOKENS_END - timezone.now()).days, 0)


def plan_of(operator: Operator) -> Plan:
    """The plan of the active clients that `operator` sees."""
    clients = list(Client.objects.visible_to(operator).active())
    choices = choices_of(clients)
    asked = _last_asked(clients)
    places = [
        Place(client, choice.credential, _way(choice), asked.get(client.pk))
        for client in clients
        for choice in [choices[client.pk]]
    ]
    return Plan(sorted(places, key=lambda place: (place.way == "", place.client.sort_key)))


def begin(place: Place, *, actor: Operator) -> bool:
    """Begin the way that the API allows; whether anything was begun. Raises UserFixable."""
    if place.way == "office":
        return moving.begin(place.client, actor=actor) is not None
    if place.way == "signed":
        enrolment.begin(place.client, actor=actor, usage=CredentialUsage.AUTHENTICATION)
        return True
    return False


def begin_all(operator: Operator) -> tuple[int, list[str]]:
    """Begin every way that the API allows; how many, and why others were not, in Polish."""
    begun, why = 0, []
    for place in plan_of(operator).places:
        try:
            begun += begin(place, actor=operator)
        except UserFixable as error:
            why.append(f"{place.client}: {error}")
    return begun, why


def _last_asked(clients: list[Client]) -> dict[int, Move | Enrolment]:
    """The last move or enrolment of each."""
    found: dict[int, Move | Enrolment] = {}
    moves = Move.objects.across_clients().filter(client__in=clients)
    enrolments = Enrolment.objects.across_clients().filter(
        client__in=clients, usage=CredentialUsage.AUTHENTICATION
    )
    rows: list[Move | Enrolment] = [*moves, *enrolments.defer("sealed_key")]
    for row in sorted(rows, key=lambda row: row.created_at):
        found[row.client_id] = row
    return found


def _way(choice: Choice) -> str:
    if choice.credential is None:
        return "none"
    if choice.credential is choice.signed:
        return "signed"
    if not choice.on_token:
        return ""
    if choice.signed:
        return "signed"
    return "office" if choice.office else "outside"
