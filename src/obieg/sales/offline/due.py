"""What has to be in KSeF soon: documents issued offline, by their deadlines."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from obieg.core.calendar import working_days_left
from obieg.core.polish import today
from obieg.office.models import Operator
from obieg.sales.models import Outage, Sale
from obieg.sales.offline.deadlines import Deadline, Period, Waits, countdown, deadline
from obieg.sales.offline.outages import HEAVY, environment_of_sale, owed

SHOWN = 500


@dataclass(frozen=True, slots=True)
class Due:
    """A document that KSeF still has to get; `meaning` is ok, watch or stop."""

    sale: Sale
    deadline: Deadline
    text: str  # „zostały 2 dni robocze”
    meaning: str

    @property
    def is_overdue(self) -> bool:
        return self.deadline.day is not None and self.deadline.day < today()


def due_soon(operator: Operator, *, limit: int = SHOWN, day: date | None = None) -> list[Due]:
    """What this operator's clients owe KSeF, the nearest deadline first."""
    rows = owed(Sale.objects.visible_to(operator)).select_related("client")
    periods = _periods()
    day = day or today()
    nearest = rows.defer(*HEAVY).order_by("offline_deadline", "pk")[:limit]
    found = [due_of(sale, periods[environment_of_sale(sale)], day) for sale in nearest]
    return sorted(found, key=lambda due: (due.deadline.day or date.max, due.sale.pk))


def due_of(sale: Sale, periods: list[Period], day: date) -> Due:
    """One document, counted from `day`."""
    found = deadline(sale.offline_mode, sale.issue_date or day, periods)
    return Due(sale, found, countdown(found, day), _meaning(found, day))


def _meaning(found: Deadline, day: date) -> str:
    """stop on the last day and after it, watch before, ok where nothing is owed."""
    if found.waits is Waits.RELEASED:
        return "ok"
    if found.day is None:
        return "watch"
    return "stop" if working_days_left(day, found.day) <= 0 else "watch"


def _periods() -> dict[str, list[Period]]:
    found: dict[str, list[Period]] = defaultdict(list)
    for outage in Outage.objects.all():
        found[outage.environment].append(outage.period)
    return found
