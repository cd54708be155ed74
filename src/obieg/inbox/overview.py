"""Clients with the state of their synchronisation and of their access to KSeF."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from obieg.core.nip import clean_nip
from obieg.inbox.models import Channel
from obieg.office.models import Client, Operator
from obieg.vault.choice import choices_of
from obieg.vault.models import Credential

EXPIRY_NOTICE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Access:
    """The credential in use for a client, as it was chosen; None where there is none."""

    credential: Credential | None
    head_id: int | None = None  # the client's head, where it is a branch

    @property
    def is_heads(self) -> bool:
        used = self.credential
        return used is not None and used.client_id is not None and used.client_id == self.head_id

    @property
    def is_own(self) -> bool:
        return self.credential is not None and self.credential.client_id is not None

    @property
    def meaning(self) -> str:
        """stop without access, watch where it ends within a month, else ok."""
        if self.credential is None or self._ends_before(timezone.now()):
            return "stop"
        return "watch" if self._ends_before(timezone.now() + EXPIRY_NOTICE) else "ok"

    def _ends_before(self, moment: datetime) -> bool:
        ends = self.credential.valid_to if self.credential else None
        return ends is not None and ends < moment


@dataclass(frozen=True, slots=True)
class Overview:
    """One client as the list shows it."""

    client: Client
    channels: list[Channel]
    access: Access

    @property
    def failed(self) -> list[Channel]:
        return [channel for channel in self.channels if channel.failures]

    @property
    def last_ok_at(self) -> datetime | None:
        """When every role was last fetched without an error; None where one never was."""
        moments = [channel.last_ok_at for channel in self.channels]
        known = [moment for moment in moments if moment]
        return min(known) if known and len(known) == len(moments) else None

    @property
    def next_run_at(self) -> datetime | None:
        return min((channel.next_run_at for channel in self.channels), default=None)

    @property
    def fetched(self) -> int:
        return sum(channel.fetched for channel in self.channels)


def overviews(operator: Operator, *, words: str = "", state: str = "") -> list[Overview]:
    """The operator's clients by name; `state` is "", blad, dostep or nieaktywni."""
    clients = Client.objects.visible_to(operator).filter(active=state != "nieaktywni")
    clients = clients.select_related("branch_of")
    wanted = [client for client in clients if _matches(client, words)]
    rows = _with_state(wanted)
    if state == "blad":
        return [row for row in rows if row.failed]
    return [row for row in rows if row.access.meaning != "ok"] if state == "dostep" else rows


def overview_of(client: Client) -> Overview:
    """The same of one client, already checked to be the operator's."""
    return _with_state([client])[0]


def _matches(client: Client, words: str) -> bool:
    """Compared here and not in the database, whose collation does not know Ł."""
    wanted = words.strip().casefold()
    return wanted in client.name.casefold() or clean_nip(wanted) in clean_nip(client.context)


def _with_state(clients: list[Client]) -> list[Overview]:
    channels = _channels(clients)
    choices = choices_of(clients)
    return [
        Overview(
            client,
            channels[client.pk],
            Access(choices[client.pk].credential, client.branch_of_id),
        )
        for client in clients
    ]


def _channels(clients: Iterable[Client]) -> dict[int, list[Channel]]:
    environments = {client.pk: client.environment for client in clients}
    found: dict[int, list[Channel]] = defaultdict(list)
    rows = Channel.objects.across_clients().filter(client__in=environments, enabled=True)
    for channel in rows.order_by("role"):
        if channel.environment == environments[channel.client_id]:
            found[channel.client_id].append(channel)
    return found
