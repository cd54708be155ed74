"""Giving a document its mode, whatever it is yet: a draft is issued in it, else it is marked."""

from obieg.office.models import Operator
from obieg.sales import issuing
from obieg.sales.models import Sale
from obieg.sales.offline import marking
from obieg.sales.states import SaleState


def issue_or_mark(
    sale: Sale,
    mode: str = "",
    *,
    actor: Operator | None,
    confirmed: frozenset[str] = frozenset(),
) -> Sale:
    """Issue a draft in `mode`, or mark what is issued and unsent; what either of them raises.

    Without `mode` it is that of an announced outage, else offline24: a total failure is always
    chosen by a person.
    """
    chosen = mode or marking.usual_mode(sale.client)
    if sale.state == SaleState.DRAFT:
        return issuing.issue(sale, actor=actor, confirmed=confirmed, mode=chosen)
    return marking.mark(sale, chosen, actor=actor, confirmed=confirmed)
