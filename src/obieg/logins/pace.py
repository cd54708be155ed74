"""How fast one caller may ask: a budget that refills, so that a script cannot stop the others.

Counted in the database, because several processes answer. One statement a request, one row a
caller: callers do not wait for each other. The row holds the moment by which everything asked for
so far is paid off at the allowed pace (the generic cell rate algorithm); who is further ahead of
now than his budget waits.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from obieg.core.polish import WARSAW
from obieg.logins.errors import TooFast
from obieg.logins.models import Pace

FORGOTTEN_AFTER = timedelta(days=1)

_PAY = """
INSERT INTO logins_pace AS row (subject, paid_until)
VALUES (%(subject)s, clock_timestamp() + make_interval(secs => %(cost)s))
ON CONFLICT (subject) DO UPDATE
   SET paid_until = greatest(row.paid_until, clock_timestamp()) + make_interval(secs => %(cost)s)
 WHERE row.paid_until <= clock_timestamp() + make_interval(secs => %(ahead)s)
RETURNING paid_until
"""


@dataclass(frozen=True, slots=True)
class Budget:
    """`at_once` units may be spent at once, and `a_second` come back every second."""

    at_once: int
    a_second: int


KEY = Budget(at_once=100, a_second=10)  # requests with one key of the API
ADDRESS = Budget(at_once=300, a_second=30)  # requests to the API from one address
HEAVY = Budget(at_once=40, a_second=1)  # an operator's sheets, archives, PDFs, imports


def spend(subject: str, budget: Budget, *, cost: int = 1) -> None:
    """Take `cost` units off the budget of `subject`, or raise TooFast where it is spent."""
    unit = timedelta(seconds=1) / budget.a_second
    ahead = unit * (budget.at_once - cost)
    with connection.cursor() as cursor:
        facts = {"cost": (unit * cost).total_seconds(), "ahead": ahead.total_seconds()}
        cursor.execute(_PAY, {"subject": subject, **facts})
        if cursor.fetchone():
            return
    paid: datetime = Pace.objects.values_list("paid_until", flat=True).get(pk=subject)
    raise TooFast(until=(paid - ahead).astimezone(WARSAW))


def forget_old() -> None:
    """Delete the rows of who has long been within the pace."""
    Pace.objects.filter(paid_until__lt=timezone.now() - FORGOTTEN_AFTER).delete()
