"""How much of a cost is a cost of income tax, where a car is of mixed use.

Art. 23(1)(46a) PIT Act, art. 16(1)(51) CIT Act.
"""

from dataclasses import dataclass
from decimal import Decimal

from obieg.core.money import to_grosze
from obieg.posting.lines import Line

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class TaxShare:
    """What an account says about lines whose VAT is not deducted in full."""

    percent: int
    rest_account: str = ""  # where the rest goes in full books; empty: the account is not split

    def divided(self, line: Line, cost: Decimal) -> tuple[Decimal, Decimal]:
        """`cost` (net and VAT not deducted, in PLN) as a cost of tax and the rest, in grosze.

        VAT deducted in full says that the car serves the business only; then nothing is left out.
        """
        taxed = to_grosze(cost * self.percent_of(line) / HUNDRED)
        return taxed, cost - taxed

    def percent_of(self, line: Line) -> int:
        """The per cent of a line's cost that is a cost of tax."""
        return 100 if line.deductible_percent == HUNDRED else self.percent


WHOLE = TaxShare(100)
