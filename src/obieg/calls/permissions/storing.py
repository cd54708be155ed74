"""Keeping a reading: what is there, what came and went, and what of that nobody here ordered."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from obieg.calls.permissions.holders import masked
from obieg.calls.permissions.models import Act, Change, Grant, OfficeFirm, Order, Reading
from obieg.calls.permissions.states import OrderState
from obieg.ksef.granted import Granted
from obieg.office.models import Client, Event

if TYPE_CHECKING:
    from obieg.calls.permissions.reading import Told

THING = "permissions.grant"
CLOCKS = timedelta(minutes=10)  # by which KSeF's clock and ours may differ
LOOKED = (OrderState.ASKING, OrderState.SENT, OrderState.DONE)


@transaction.atomic
def store(client: Client, told: "Told") -> Reading:
    """Write down what KSeF said at `client`, tell changes that were made elsewhere."""
    reading = reading_of(client, lock=True)
    own = _own_changes(reading, told) if reading.read_at else []
    changes = [*own]
    for family, listed in told.lists.items():
        appeared, vanished = _keep(client, family, listed)
        if family in reading.families:  # the first reading of a list is no change
            changes += _outside(client, appeared, vanished)
    for change in changes:
        change.save()
        _trail(change)
    _note(reading, told)
    return reading


def reading_of(client: Client, *, lock: bool = False) -> Reading:
    """The client's reading in its present environment; an empty one where there was none."""
    rows = Reading.objects.of_client(client)
    row, _ = rows.get_or_create(client=client, environment=client.environment)
    if lock:
        return Reading.objects.of_client(client).select_for_update(no_key=True).get(pk=row.pk)
    return row


def note_failure(client: Client, text: str) -> None:
    """The last try failed: what was read before stays, with its time."""
    row = reading_of(client)
    row.tried_at, row.error_text = timezone.now(), text
    row.save(update_fields=["tried_at", "error_text"])


def _note(reading: Reading, told: "Told") -> None:
    now = timezone.now()
    reading.read_at = reading.tried_at = now
    if told.lists:
        reading.listed_at = now
    reading.error_text = ""
    reading.reach = told.reach
    reading.credential_id = told.credential.pk
    reading.held = sorted(told.held)
    reading.by_office = None if told.by_office is None else sorted(told.by_office)
    reading.passed_on = sorted(told.passed_on)
    reading.families = sorted({*reading.families, *told.lists})
    reading.refused = told.refused
    reading.save()


def _keep(client: Client, family: str, listed: list[Granted]) -> tuple[list[Grant], list[Grant]]:
    """What has appeared since the last reading, and what has gone."""
    rows = Grant.objects.of_client(client).filter(environment=client.environment, family=family)
    known = {row.ksef_id: row for row in rows}
    now = timezone.now()
    fresh = []
    for one in listed:
        row = known.get(one.id) or Grant(
            client=client, environment=client.environment, family=family, ksef_id=one.id
        )
        is_new = row.pk is None or row.gone_at is not None
        _fill(row, one)
        row.gone_at = None
        row.save()
        fresh += [row] if is_new else []
    ids = {one.id for one in listed}
    gone = [row for row in known.values() if row.gone_at is None and row.ksef_id not in ids]
    for row in gone:
        row.gone_at = now
        row.save(update_fields=["gone_at"])
    return fresh, gone


def _fill(row: Grant, one: Granted) -> None:
    row.scope = one.scope
    row.holder_kind, row.holder_value = one.holder.kind, one.holder.value
    row.holder_name, row.is_firm = one.holder_name, one.is_firm
    row.author_kind, row.author_value = one.author.kind, one.author.value
    row.description, row.since = one.description, one.since
    row.can_delegate, row.is_active = one.can_delegate, one.is_active
    row.target_kind, row.target_value = one.target.kind, one.target.value
    row.place_kind, row.place_value = one.place.kind, one.place.value
    row.place_name = one.place_name


def _outside(
    client: Client, appeared: Iterable[Grant], vanished: Iterable[Grant]
) -> Iterator[Change]:
    orders = list(
        Order.objects.of_client(client).filter(Q(state__in=LOOKED), environment=client.environment)
    )
    firm = OfficeFirm.present()
    for row in appeared:
        if not any(_granted(order, row) for order in orders):
            yield _change(row, Change.Kind.APPEARED, firm)
    for row in vanished:
        if not any(order.grant_ksef_id == row.ksef_id for order in orders):
            yield _change(row, Change.Kind.VANISHED, firm)


def _granted(order: Order, row: Grant) -> bool:
    """Whether the row is what the order asked for: by holder, permission and time."""
    if order.act == Act.REVOKE or order.claimed_at is None:
        return False
    until = (order.ended_at or timezone.now()) + CLOCKS
    return (
        (order.holder_kind, order.holder_value) == (row.holder_kind, row.holder_value)
        and row.scope in order.scopes
        and order.claimed_at - CLOCKS <= row.since <= until
    )


def _change(row: Grant, kind: str, firm: OfficeFirm | None) -> Change:
    return Change(
        client=row.client,
        environment=row.environment,
        kind=kind,
        grant=row,
        scope=row.scope,
        who=row.holder[:200],
        is_ours=firm is not None and row.holder_value == firm.nip,
    )


def _own_changes(reading: Reading, told: "Told") -> list[Change]:
    """Where only one's own are to be seen: what the same credential has won or lost."""
    if told.lists or reading.credential_id != told.credential.pk:
        return []
    before, now = set(reading.held), set(told.held)
    came = [(scope, Change.Kind.APPEARED) for scope in sorted(now - before)]
    went = [(scope, Change.Kind.VANISHED) for scope in sorted(before - now)]
    return [
        Change(
            client=reading.client,
            environment=reading.environment,
            kind=kind,
            scope=scope,
            who=f"poświadczenie „{told.credential.label}”"[:200],
            is_ours=True,
        )
        for scope, kind in (*came, *went)
    ]


def _trail(change: Change) -> None:
    row = change.grant
    holder = masked(row.holder_kind, row.holder_value) if row else change.who
    facts = {"holder": holder, "scope": change.scope, "environment": change.environment}
    if row:
        facts |= {"ksef_id": row.ksef_id, "since": row.since.isoformat()}
    Event.objects.create(
        client=change.client,
        thing=THING,
        thing_id=row.pk if row else change.pk,
        kind=change.kind,
        at=change.found_at,
        after=facts,
    )
