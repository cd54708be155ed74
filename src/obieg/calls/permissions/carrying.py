"""Carrying an order through KSeF: claim, commit, call, record; resumable after a kill anywhere.

Nothing is sent before KSeF was asked whether it is there already, so that what a lost answer left
behind is found and not granted twice.
"""

from datetime import timedelta

import structlog
from django.db import transaction
from django.utils import timezone

from obieg.calls.gateways import open_gateway
from obieg.calls.permissions.answers import told
from obieg.calls.permissions.asking import reread_soon
from obieg.calls.permissions.models import Act, Family, Order
from obieg.calls.permissions.ordering import queue
from obieg.calls.permissions.states import OrderState
from obieg.core.errors import MustWait, Transient, UserFixable
from obieg.ksef.errors import Gone, KsefRefused, KsefUnavailable
from obieg.ksef.granted import Granted, Identifier
from obieg.ksef.permissions import Permissions

log = structlog.get_logger(__name__)

PURPOSE = "uprawnienia: zlecenie"
POLL = timedelta(seconds=5)
SURELY_LOST = timedelta(minutes=5)  # after this KSeF would list what it took
LONGEST_WAIT = timedelta(minutes=15)
WITHOUT_ACCESS = timedelta(hours=1)  # what may be at work in KSeF is not given up for that
GIVE_UP = timedelta(days=30)  # KSeF API 2.9: the status of an operation is kept so long
MOVED = "Klient zmienił środowisko KSeF. Zleć ponownie w nowym."
UNKNOWN = "Nie udało się ustalić wyniku w KSeF: {text} Odczytaj uprawnienia, gdy dostęp wróci."
LISTS = {
    Family.AUTHORIZATION: Permissions.authorizations,
    Family.SUBUNIT: Permissions.of_subunits,
    Family.EU: Permissions.of_eu_entities,
}


def carry(order_id: int, failures: int = 0) -> timedelta | None:
    """Every step that can be done now; queues its own continuation and says after how long."""
    order = Order.objects.across_clients().select_related("client", "asked_by").get(pk=order_id)
    if not order.is_under_way:
        return None
    try:
        wait = _steps(order)
        failures = 0
    except MustWait as limit:
        wait = max(limit.until - timezone.now(), timedelta())
    except Transient as error:
        log.warning("permissions.order_put_off", order=order.pk, error=error.code)
        failures += 1
        wait = min(timedelta(seconds=5 << min(failures, 10)), LONGEST_WAIT)
    except UserFixable as error:
        wait = _without_access(order, error)
    if wait is not None:
        queue(order.pk, after=wait, failures=failures)
    return wait


def _steps(order: Order) -> timedelta | None:
    if order.client.environment != order.environment and order.state == OrderState.NEW:
        _refuse(order, MOVED)
        return None
    with open_gateway(order.client, purpose=PURPOSE, actor=order.asked_by) as gateway:
        wait: timedelta | None = timedelta()
        while wait == timedelta():
            wait = step(order, gateway.permissions)
    return wait


def _without_access(order: Order, error: UserFixable) -> timedelta | None:
    """Refused before anything was sent, it has failed; later only the answer is out of reach."""
    order.refresh_from_db(from_queryset=Order.objects.of_client(order.client_id))
    if order.state == OrderState.NEW:
        _refuse(order, str(error))
        return None
    if order.claimed_at and order.claimed_at + GIVE_UP < timezone.now():
        _refuse(order, UNKNOWN.format(text=error))
        return None
    return WITHOUT_ACCESS


def step(order: Order, permissions: Permissions) -> timedelta | None:
    """The next step; how long to wait before another one, None when nothing is left to do.

    What KSeF refuses ends the order. Raises Transient where KSeF could not be asked.
    """
    match order.state:
        case OrderState.NEW:
            return _send(order, permissions)
        case OrderState.ASKING:
            return _look_for(order, permissions)
        case OrderState.SENT:
            return _await(order, permissions)
    return None


def _send(order: Order, permissions: Permissions) -> timedelta | None:
    left = _left(order, permissions)
    if not left:
        _done(order, "found")
        return None
    order.advance(OrderState.ASKING, actor=None, kind="ask", claimed_at=timezone.now())
    try:
        reference = _call(order, left, permissions)
    except KsefRefused as refused:
        _refuse(order, str(refused))
        return None
    except KsefUnavailable as lost:
        if not lost.ambiguous:
            order.advance(OrderState.NEW, actor=None, kind="release")
        raise
    except (Transient, UserFixable):  # a limit or an access: nothing was done
        order.advance(OrderState.NEW, actor=None, kind="release")
        raise
    order.advance(OrderState.SENT, actor=None, kind="sent", reference=reference)
    return timedelta()


def _look_for(order: Order, permissions: Permissions) -> timedelta | None:
    """The answer was lost: KSeF's lists know whether it was done."""
    if not _left(order, permissions):
        _done(order, "found")
        return None
    if order.claimed_at and order.claimed_at + SURELY_LOST < timezone.now():
        order.advance(OrderState.NEW, actor=None, kind="release")
        return timedelta()
    return POLL


def _await(order: Order, permissions: Permissions) -> timedelta | None:
    try:
        status = permissions.operation(order.reference)
    except Gone:  # kept for 30 days only
        _by_lists(order, permissions, "KSeF nie przechowuje już odpowiedzi.")
    except KsefRefused as refused:
        _by_lists(order, permissions, str(refused))
    else:
        if status.is_refused:
            _by_lists(order, permissions, told(status))
        elif status.is_done:
            _done(order, "done")
        else:
            return POLL
    return None


def _by_lists(order: Order, permissions: Permissions, text: str) -> None:
    """What counts is what KSeF lists: a permission taken back twice is taken back."""
    if _left(order, permissions):
        _refuse(order, text)
    else:
        _done(order, "found")


def _left(order: Order, permissions: Permissions) -> list[str]:
    """Of what was asked for, what is not so yet by KSeF's own lists."""
    listed = _listed(order, permissions)
    if order.is_revocation:
        ids = {one.id for one in listed}
        return order.scopes if order.grant_ksef_id in ids else []
    held = {
        one.scope
        for one in listed
        if one.holder.value == order.holder_value
        and not one.target.kind
        and not one.place.kind
        and (one.can_delegate or not order.can_delegate)
    }
    return [scope for scope in order.scopes if scope not in held]


def _listed(order: Order, permissions: Permissions) -> list[Granted]:
    if order.family != Family.PERSON:
        return LISTS[Family(order.family)](permissions)
    return permissions.of_persons(Identifier(order.holder_kind, order.holder_value))


def _call(order: Order, scopes: list[str], permissions: Permissions) -> str:
    match order.act:
        case Act.GRANT_PERSON:
            return permissions.grant_to_person(
                Identifier(order.holder_kind, order.holder_value),
                scopes,
                first_name=order.first_name,
                last_name=order.name,
                description=order.description,
            )
        case Act.GRANT_FIRM:
            return permissions.grant_to_firm(
                order.holder_value,
                scopes,
                name=order.name,
                description=order.description,
                can_delegate=order.can_delegate,
            )
        case Act.AUTHORIZE:
            return permissions.authorize(
                order.holder_value, scopes[0], name=order.name, description=order.description
            )
    if order.family == Family.AUTHORIZATION:
        return permissions.revoke_authorization(order.grant_ksef_id)
    return permissions.revoke(order.grant_ksef_id)


def _done(order: Order, kind: str) -> None:
    with transaction.atomic():
        order.advance(OrderState.DONE, actor=order.asked_by, kind=kind, ended_at=timezone.now())
        reread_soon(order.client_id)


def _refuse(order: Order, text: str) -> None:
    order.advance(
        OrderState.REFUSED, actor=None, kind="refuse", error_text=text, ended_at=timezone.now()
    )
