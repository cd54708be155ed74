"""Operators who left: after a period the name and the login go, the number in the trail stays."""

from django.db import transaction

from obieg.audit.emptying import empty
from obieg.audit.sealing import seal_new
from obieg.logins.models import SecondFactor
from obieg.logins.sessions import end_all
from obieg.office.models import Assignment, Cover, Event, Operator
from obieg.office.operators import may_change
from obieg.office.rights import OfficeRole
from obieg.retention.errors import OperatorStays
from obieg.retention.models import Departure
from obieg.retention.periods import months_of, oldest
from obieg.sales.models import ApiToken

THING = "office.operator"


def leavers() -> list[Operator]:
    """Operators who are switched off and not yet forgotten."""
    gone = Departure.objects.values("operator")
    return list(Operator.objects.filter(is_active=False).exclude(pk__in=gone).order_by("name"))


def obstacle(operator: Operator) -> str:
    """Why the name has to stay, in Polish; empty where it may go."""
    if operator.is_active:
        return "konto jest czynne"
    if operator.last_login is not None and operator.last_login >= oldest("operators"):
        return f"od ostatniego logowania nie minęło {months_of('operators')} mies."
    return ""


@transaction.atomic
def forget(operator: Operator, *, actor: Operator) -> Departure:
    """Remove name, login and what he logged in with; OperatorStays before the time."""
    operator = Operator.objects.select_for_update().get(pk=operator.pk)
    reason = obstacle(operator)
    if not may_change(actor, operator):
        reason = "konto właściciela zmienia tylko właściciel"
    if reason:
        raise OperatorStays(operator=operator.name, reason=reason)
    departure = Departure.objects.create(operator=operator, asked_by=actor)
    _empty_account(operator)
    Event.objects.create(thing=THING, thing_id=operator.pk, actor=actor, kind="forget")
    return departure


def empty_entries() -> int:
    """Empty the sealed entries about accounts of those who left; how many. Each night."""
    seal_new()
    gone = Departure.objects.values("operator")
    entries = Event.objects.across_clients().filter(thing=THING, thing_id__in=gone)
    return empty(entries)


def _empty_account(operator: Operator) -> None:
    end_all(operator, actor=None)
    operator.name = f"Operator nr {operator.pk} (dane usunięte)"
    operator.login = f"usuniety-{operator.pk}"
    operator.role = OfficeRole.READER
    operator.sees_all_clients = False
    operator.set_unusable_password()
    operator.save()
    SecondFactor.objects.filter(operator=operator).delete()
    ApiToken.objects.filter(operator=operator).delete()
    Assignment.objects.filter(operator=operator).delete()
    Cover.objects.filter(absent=operator).delete()
    Cover.objects.filter(covering=operator).delete()
