"""What an engine and a check need to know of a client's books: accounts, registers, defaults."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from obieg.inbox.models import Direction
from obieg.posting.suggestion import Treatment

UNTAXED = frozenset({"zw", "np I", "np II"})  # rates of P_12 that enter no register of purchases


class Valid(Protocol):
    """A cost centre or project: usable on some days."""

    def is_valid_on(self, day: date) -> bool: ...


Codes = Mapping[str, Valid]


@dataclass(frozen=True, slots=True)
class Chart:
    """A client's accounts (number -> column of the KPiR), its usual registers, its dimensions.

    Dimensions of which nothing is known (None) are not looked at.
    """

    accounts: Mapping[str, int | None] = field(default_factory=dict)
    purchase_register: str = "ZAKUP"
    sales_register: str = "SPRZEDAŻ"
    cost_centres: Codes | None = None
    projects: Codes | None = None

    def outdated(self, treatment: Treatment, day: date) -> Iterator[str]:
        """The fields of `treatment` that name what the client does not have on `day`."""
        for name, codes in (("cost_centre", self.cost_centres), ("project", self.projects)):
            code = getattr(treatment, name)
            if (
                code
                and codes is not None
                and (code not in codes or not codes[code].is_valid_on(day))
            ):
                yield name

    def usual(self, direction: str, rate: str) -> Treatment:
        """The treatment of an amount of which only the direction and the rate are known."""
        if direction == Direction.SALE:
            return Treatment(vat_register=self.sales_register)
        plain = Treatment(
            vat_register=self.purchase_register,
            deductible_percent=100 if self.purchase_register else 0,
        )
        return untaxed(plain) if rate in UNTAXED else plain

    def completed(self, rule: Treatment, direction: str, rate: str) -> Treatment:
        """A rule's treatment with what it leaves open: the register, the column of the KPiR."""
        usual = self.usual(direction, rate)
        column = rule.kpir_column or self.accounts.get(rule.account)
        whole = rule.changed(
            vat_register=rule.vat_register or usual.vat_register, kpir_column=column
        )
        if not usual.vat_register or not usual.deductible_percent:
            return untaxed(whole) if direction == Direction.PURCHASE else whole
        return whole


def untaxed(treatment: Treatment) -> Treatment:
    """The same without a register and without deduction."""
    return treatment.changed(vat_register="", deductible_percent=0)
