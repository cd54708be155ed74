"""Whom the office knows, and so whose permissions are strangers': the audit asks for them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q
from django.utils import timezone

from obieg.calls.permissions.holders import masked
from obieg.calls.permissions.models import Acquaintance, Grant, OfficeFirm
from obieg.office.models import Client, Event, Operator
from obieg.office.scope import ScopedQuerySet

THING = "permissions.known"


@dataclass(frozen=True, slots=True)
class Stranger:
    """A permission whose holder the office does not know, or knows to have left."""

    grant: Grant
    former: Acquaintance | None = None


def grants_of(client: Client) -> list[Grant]:
    """Every permission at the client that the last full reading listed, by holder."""
    return list(_present(Grant.objects.of_client(client)))


def strangers(client: Client) -> list[Stranger]:
    """The permissions at the client that the quarterly audit should ask about."""
    return strangers_at([client]).get(client.pk, [])


def strangers_at(clients: Iterable[Client]) -> dict[int, list[Stranger]]:
    """The same of several clients, by their ids."""
    ids = [client.pk for client in clients]
    familiar = _Familiar(ids)
    found: dict[int, list[Stranger]] = defaultdict(list)
    rows = _present(Grant.objects.across_clients().filter(client__in=ids))
    for grant in rows.select_related("client"):
        if not familiar.knows(grant):
            found[grant.client_id].append(Stranger(grant, familiar.former(grant)))
    return found


def acquaint(grant: Grant, *, everywhere: bool, actor: Operator | None) -> Acquaintance:
    """Note that the holder is known at this client, or, `everywhere`, as one of the office's."""
    known, _ = Acquaintance.objects.across_clients().update_or_create(
        client=None if everywhere else grant.client,
        holder_kind=grant.holder_kind,
        holder_value=grant.holder_value,
        defaults={
            "name": (grant.holder_name or grant.identifier)[:120],
            "left_on": None,
            "noted_by": actor,
            "noted_at": timezone.now(),
        },
    )
    _trail(known, actor, "know", {})
    return known


def part(known: Acquaintance, *, day: date | None, actor: Operator | None) -> None:
    """Note from when he no longer works here or at the client; None: he does."""
    before = {"left_on": str(known.left_on or "")}
    known.left_on = day
    known.save(update_fields=["left_on"])
    _trail(known, actor, "depart" if day else "return", before)


def acquaintances_for(operator: Operator) -> ScopedQuerySet[Acquaintance]:
    """The office's own people, and those known at the clients that the operator sees."""
    seen = operator.client_ids()
    mine = Q() if seen is None else Q(client__in=seen) | Q(client=None)
    return Acquaintance.objects.across_clients().filter(mine).select_related("client")


class _Familiar:
    """The holders that are known at some clients, looked up once."""

    def __init__(self, client_ids: list[int]) -> None:
        firm = OfficeFirm.present()
        self._office = firm.nip if firm else ""
        self._today = timezone.localdate()
        rows = Acquaintance.objects.across_clients().filter(
            Q(client=None) | Q(client__in=client_ids)
        )
        self._known = {(row.client_id, row.holder_kind, row.holder_value): row for row in rows}

    def knows(self, grant: Grant) -> bool:
        """The office, the client itself, and who was noted and has not left."""
        if grant.holder_value in (self._office, grant.client.nip):
            return True
        return any(not one.has_left(self._today) for one in self._of(grant))

    def former(self, grant: Grant) -> Acquaintance | None:
        return next((one for one in self._of(grant) if one.has_left(self._today)), None)

    def _of(self, grant: Grant) -> list[Acquaintance]:
        keys = ((place, grant.holder_kind, grant.holder_value) for place in (grant.client_id, None))
        return [self._known[key] for key in keys if key in self._known]


def _present(rows: ScopedQuerySet[Grant]) -> ScopedQuerySet[Grant]:
    here = rows.filter(gone_at=None, environment=F("client__environment"))
    return here.order_by("is_firm", "holder_name", "holder_value", "scope", "pk")


def _trail(known: Acquaintance, actor: Operator | None, kind: str, before: dict[str, str]) -> None:
    Event.objects.create(
        client_id=known.client_id,
        thing=THING,
        thing_id=known.pk,
        actor=actor,
        kind=kind,
        before=before,
        after={
            "holder": masked(known.holder_kind, known.holder_value),
            "left_on": str(known.left_on or ""),
        },
    )
