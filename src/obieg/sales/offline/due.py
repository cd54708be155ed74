"""What has to be in KSeF soon: documents issued offline, by their deadlines."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from obieg.core.calendar import working_days_left
from obieg.core.polish import today
from obieg.office.models import Operator
from obieg.sales.models import Outage, Sale, Sending
from obieg.sales.offline.deadlines import Deadline, Period, Waits, countdown, deadline
from obieg.sales.offline.outages import HEAVY, environment_of_sale, owed
from obieg.sales.states import SaleState

SHOWN = 500


@dataclass(frozen=True, slots=True)
class Due:
    """A document that KSeF still has to get; `meaning` is ok, watch or stop."""

    sale: Sale
    deadline: Deadline
    text: str  # „zostały 2 dni robocze”, and whether a person has to send it
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
    text = countdown(found, day)
    if waits_for_a_person(sale):
        text += ", czeka na wysłanie ręczne"
    return Due(sale, found, text, _meaning(found, day))


def waits_for_a_person(sale: Sale) -> bool:
    """Whether nothing sends a waiting document by itself, and nobody has asked for it yet."""
    asked = sale.queued_version == sale.version
    return sale.state == SaleState.WAITING and sale.sending != Sending.SEND and not asked


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
