"""Ordering a grant, or its taking back: noted and queued; KSeF is asked by the job."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from obieg.calls.permissions.errors import (
    AlreadyHeld,
    GrantGone,
    NoOfficeFirm,
    NotManaging,
    OrderUnderWay,
)
from obieg.calls.permissions.holders import masked
from obieg.calls.permissions.models import Act, Family, Grant, OfficeFirm, Order
from obieg.calls.permissions.scopes import MANAGE, READ, WRITE
from obieg.calls.permissions.storing import reading_of
from obieg.office.jobs import enqueue
from obieg.office.models import Client, Event, Operator

CARRY = "permissions.carry_order"
FOR_OFFICE = "Biuro rachunkowe: obsługa faktur"


def grant_office(
    client: Client,
    *,
    actor: Operator | None,
    scopes: Sequence[str] = (READ, WRITE),
    can_delegate: bool = False,
) -> Order:
    """Let the office's NIP work with the invoices. Raises NoOfficeFirm, and as `grant_firm`."""
    firm = OfficeFirm.present()
    if firm is None:
        raise NoOfficeFirm
    return grant_firm(
        client,
        nip=firm.nip,
        name=firm.name,
        scopes=scopes,
        can_delegate=can_delegate,
        description=FOR_OFFICE,
        actor=actor,
    )


def grant_firm(
    client: Client,
    *,
    nip: str,
    name: str,
    scopes: Sequence[str],
    can_delegate: bool,
    description: str,
    actor: Operator | None,
) -> Order:
    """Let a firm work with the invoices. Raises NotManaging, AlreadyHeld, OrderUnderWay."""
    order = Order(
        act=Act.GRANT_FIRM,
        family=Family.PERSON,
        holder_kind="Nip",
        holder_value=nip,
        name=name,
        scopes=list(scopes),
        can_delegate=can_delegate,
        description=description,
    )
    return _grant(client, order, actor)


def authorize(
    client: Client, *, nip: str, name: str, scope: str, description: str, actor: Operator | None
) -> Order:
    """Let a firm invoice in the client's name (`SelfInvoicing`, …). Raises as `grant_firm`."""
    order = Order(
        act=Act.AUTHORIZE,
        family=Family.AUTHORIZATION,
        holder_kind="Nip",
        holder_value=nip,
        name=name,
        scopes=[scope],
        description=description,
    )
    return _grant(client, order, actor)


def grant_person(
    client: Client,
    *,
    kind: str,
    value: str,
    first_name: str,
    last_name: str,
    scopes: Sequence[str],
    description: str,
    actor: Operator | None,
) -> Order:
    """Let a person (`kind` Pesel or Nip) work at the client. Raises as `grant_firm`."""
    order = Order(
        act=Act.GRANT_PERSON,
        family=Family.PERSON,
        holder_kind=kind,
        holder_value=value,
        first_name=first_name,
        name=last_name,
        scopes=list(scopes),
        description=description,
    )
    return _grant(client, order, actor)


def revoke(grant: Grant, *, actor: Operator | None) -> Order:
    """Take a permission back. Raises NotManaging, GrantGone, OrderUnderWay."""
    if grant.gone_at is not None:
        raise GrantGone
    order = Order(
        act=Act.REVOKE,
        family=grant.family,
        holder_kind=grant.holder_kind,
        holder_value=grant.holder_value,
        name=grant.holder_name,
        scopes=[grant.scope],
        grant=grant,
        grant_ksef_id=grant.ksef_id,
    )
    return _begin(grant.client, order, actor)


def queue(order_id: int, *, after: timedelta | None = None, failures: int = 0) -> None:
    """Queue the next step, now or `after` a while."""
    enqueue(
        CARRY,
        {"order_id": order_id, "failures": failures},
        once=f"permission-order-{order_id}",
        lock=f"permission-order-{order_id}",
        at=None if after is None else timezone.now() + after,
    )


def may_manage(client: Client) -> bool:
    """Whether the credential in use could grant here at the last reading."""
    return MANAGE in reading_of(client).held


def _grant(client: Client, order: Order, actor: Operator | None) -> Order:
    held = Grant.objects.of_client(client).filter(
        environment=client.environment,
        family=order.family,
        holder_kind=order.holder_kind,
        holder_value=order.holder_value,
        gone_at=None,
        is_active=True,
    )
    if order.can_delegate:
        held = held.filter(can_delegate=True)
    missing = set(order.scopes) - set(held.values_list("scope", flat=True))
    if not missing:
        raise AlreadyHeld(holder=order.holder)
    order.scopes = [scope for scope in order.scopes if scope in missing]
    return _begin(client, order, actor)


def _begin(client: Client, order: Order, actor: Operator | None) -> Order:
    if not may_manage(client):
        raise NotManaging(client=client.name)
    order.client, order.environment, order.asked_by = client, client.environment, actor
    try:
        with transaction.atomic():
            order.save()
            _trail(order)
            queue(order.pk)
    except IntegrityError as error:
        raise OrderUnderWay from error
    return order


def _trail(order: Order) -> None:
    """The trail is never erased: it keeps no names, and of a PESEL the end only."""
    Event.objects.create(
        client=order.client,
        thing=Order.THING,
        thing_id=order.pk,
        actor=order.asked_by,
        kind="order",
        after={
            "act": order.act,
            "environment": order.environment,
            "scopes": order.scopes,
            "can_delegate": order.can_delegate,
            "grant_ksef_id": order.grant_ksef_id,
            "holder": masked(order.holder_kind, order.holder_value),
        },
    )
