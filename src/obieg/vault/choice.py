"""With which credential Obieg connects to KSeF for a client, and why with this one."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from obieg.office.models import Client, Event, Operator
from obieg.vault.models import (
    Credential,
    CredentialKind,
    CredentialUsage,
    Way,
    WayChoice,
)

WHY_OWN = "Klient ma własne poświadczenie, a ono idzie przed certyfikatem biura."
WHY_OFFICE = "Klient nie ma własnego poświadczenia, więc Obieg używa certyfikatu biura."
WHY_HEAD = "Oddział nie ma własnego poświadczenia, więc Obieg używa certyfikatu centrali."
WHY_SIGNED = "Nie ma nic innego, więc Obieg używa dostępu podpisanego poza nim, dopóki trwa."
WHY_CHOSEN = "Tak wybrano dla tego klienta."
WHY_NOTHING = "W tym środowisku nie ma ani poświadczenia klienta, ani certyfikatu biura."
WHY_MISSING = "Wybranego poświadczenia nie ma, a innego Obieg nie użyje. Dodaj je albo zmień wybór."


@dataclass(frozen=True, slots=True)
class Choice:
    """What a client could use in its environment, and which of it is used."""

    way: Way
    own: Credential | None
    office: Credential | None
    signed: Credential | None  # the access signed outside, while it lasts
    head: Credential | None = None  # of a branch: its head's certificate

    @property
    def credential(self) -> Credential | None:
        """The one in use."""
        match self.way:
            case Way.OWN:
                return self.own or self.signed
            case Way.OFFICE:
                return self.office
        return self.own or self.head or self.office or self.signed

    @property
    def is_between(self) -> bool:
        """Whether there is anything to choose between."""
        return self.own is not None and self.office is not None

    @property
    def on_token(self) -> bool:
        used = self.credential
        return used is not None and used.kind == CredentialKind.TOKEN

    @property
    def why(self) -> str:
        """Why this one is used, or none; Polish."""
        used = self.credential
        if used is None:
            return WHY_NOTHING if self.way == Way.AUTO else WHY_MISSING
        if used is self.signed:
            return WHY_SIGNED
        if self.way != Way.AUTO:
            return WHY_CHOSEN
        if used is self.head:
            return WHY_HEAD
        return WHY_OWN if used is self.own else WHY_OFFICE


def choices_of(clients: Iterable[Client]) -> dict[int, Choice]:
    """The choice of each client, by its id, in three queries; without what is sealed."""
    return _choices(clients, Credential.objects.across_clients().defer("ciphertext", "wrapped_key"))


def choice_of(client: Client) -> Choice:
    """The choice of one client, to be opened."""
    return _choices([client], Credential.objects.across_clients())[client.pk]


def _choices(clients: Iterable[Client], rows: QuerySet[Credential]) -> dict[int, Choice]:
    served = {client.pk: client for client in clients}
    found = _in_use({*served, *_heads(served.values())}, rows)
    signed = _signed(served, rows)
    ways = dict(
        WayChoice.objects.across_clients().filter(client__in=served).values_list("client_id", "way")
    )
    return {
        pk: Choice(
            way=Way(ways.get(pk, Way.AUTO)),
            own=found.get((pk, client.environment)),
            office=found.get((None, client.environment)),
            signed=signed.get((pk, client.environment)),
            head=_of_head(client, found),
        )
        for pk, client in served.items()
    }


def own_of(operator: Operator, client: Client) -> Credential | None:
    """The credential of the operator's own for the client: made for it, else for every client."""
    if not operator.is_active:
        return None
    rows = Credential.objects.of_operator(operator).filter(
        Q(client=client) | Q(client=None), environment=client.environment, active=True
    )
    found = {row.client_id: row for row in rows}
    return found.get(client.pk) or found.get(None)


def choose(client: Client, way: Way, *, actor: Operator | None) -> None:
    """Let Obieg connect this way for the client from now on."""
    with transaction.atomic():
        Client.objects.of_client(client.pk).select_for_update(no_key=True).get()
        rows = WayChoice.objects.of_client(client)
        before = rows.values_list("way", flat=True).first() or Way.AUTO
        if before == way:
            return
        rows.update_or_create(client=client, defaults={"way": way})
        Event.objects.create(
            client=client,
            thing="office.client",
            thing_id=client.pk,
            actor=actor,
            kind="choose_credential",
            before={"way": before},
            after={"way": way},
        )


def _in_use(
    clients: Iterable[int], rows: QuerySet[Credential]
) -> dict[tuple[int | None, str], Credential]:
    """By client, or None for the office, and environment."""
    used = rows.filter(
        Q(client=None) | Q(client__in=clients),
        operator=None,
        active=True,
        usage=CredentialUsage.AUTHENTICATION,
    )
    return {(row.client_id, row.environment): row for row in used}


def _heads(clients: Iterable[Client]) -> set[int]:
    return {client.branch_of_id for client in clients if client.branch_of_id is not None}


def _of_head(branch: Client, found: dict[tuple[int | None, str], Credential]) -> Credential | None:
    """The head's certificate; its token is bound to the head's context (KSeF API 2.9, tokens)."""
    if branch.branch_of_id is None:
        return None
    used = found.get((branch.branch_of_id, branch.environment))
    return used if used and used.kind == CredentialKind.CERTIFICATE else None


def _signed(
    clients: Iterable[int], rows: QuerySet[Credential]
) -> dict[tuple[int | None, str], Credential]:
    lasting = rows.filter(
        client__in=clients,
        usage=CredentialUsage.SIGNATURE,
        active=True,
        valid_to__gt=timezone.now(),
    )
    return {(row.client_id, row.environment): row for row in lasting}
