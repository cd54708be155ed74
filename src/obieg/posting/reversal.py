"""Taking an approval back: its lines, and what they taught."""

from decimal import Decimal

from obieg.office.models import Event, Operator
from obieg.posting import journal, lessons, trail
from obieg.posting.lines import LineInput
from obieg.posting.models import Dekret, DekretLine


def remove_lines(dekret: Dekret, operator: Operator) -> None:
    """Un-teach and delete the lines of an approved dekret, and reverse its voucher.

    The trail keeps what the lines were. Raises PeriodClosed.
    """
    journal.reverse(dekret, operator)
    rows = DekretLine.objects.of_client(dekret.client_id).filter(dekret=dekret)
    lines = [LineInput.of(row) for row in rows]
    lessons.take_back(dekret)
    trail.note(dekret, operator, "remove", before={"lines": [line.to_dict() for line in lines]})
    rows.delete()


def rate_before(decision: Event, dekret: Dekret) -> Decimal | None:
    """The exchange rate that the dekret had before `decision`."""
    if "exchange_rate" not in decision.before:
        return dekret.exchange_rate
    rate = decision.before["exchange_rate"]
    return None if rate is None else Decimal(rate)
