"""The VAT of a taxpayer whose units post for themselves: the registers of all of them, summed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q

from obieg.core.money import ZERO
from obieg.inbox.models import Direction
from obieg.office.models import Client, Operator, UnitKind
from obieg.posting.models import RegisterEntry
from obieg.posting.registers import RateSum, sums_by_rate


@dataclass(frozen=True, slots=True)
class Together:
    """A taxpayer's month; `unseen` counts its units that the operator may not see."""

    units: Sequence[Client]
    unseen: int
    sums: Sequence[RateSum]

    @property
    def balance(self) -> Decimal:
        return vat_balance(self.sums)


def of_taxpayer(client: Client, period: date, operator: Operator) -> Together | None:
    """What the declaration of `client` adds up in the month: its own registers and its units'.

    None where the client has no unit, or is one. A branch that is a taxpayer itself does not
    count. What the operator may not see is left out and counted.
    """
    of_head = Q(branch_of=client) & ~Q(unit_kind=UnitKind.OWN)
    total = Client.objects.across_clients().filter(of_head).count()
    if not total:
        return None
    units = list(Client.objects.visible_to(operator).filter(of_head))
    rows = RegisterEntry.objects.visible_to(operator).filter(
        Q(voucher__client=client) | Q(voucher__client__in=units), voucher__period=period
    )
    return Together(units, total - len(units), sums_by_rate(rows))


def vat_balance(sums: Sequence[RateSum]) -> Decimal:
    """Output VAT less the input VAT that is deducted."""
    return sum(
        (row.vat if row.direction == Direction.SALE else -row.deducted for row in sums), ZERO
    )
