"""The amounts of a dekret in złote."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from obieg.core.money import ZERO, to_grosze
from obieg.posting.lines import Line

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Zlote:
    """A line's amounts in PLN, in grosze."""

    net: Decimal
    vat: Decimal
    deducted: Decimal  # the part of `vat` that is deducted

    @property
    def gross(self) -> Decimal:
        return self.net + self.vat

    @property
    def cost(self) -> Decimal:
        """The net amount and the VAT that is not deducted."""
        return self.gross - self.deducted


def in_zlote(
    lines: Sequence[Line], rate: Decimal | None, tax_pln: Decimal | None
) -> tuple[Zlote, ...]:
    """Each line at `rate` (None: in PLN already); the VAT together is `tax_pln` where stated.

    The difference between the stated tax and the converted one goes to the line with most VAT.
    """
    vats = [to_grosze(line.vat * (rate or 1)) for line in lines]
    if rate is not None and tax_pln is not None and any(vats):
        largest = max(range(len(vats)), key=lambda index: abs(vats[index]))
        vats[largest] += tax_pln - sum(vats, ZERO)
    return tuple(
        Zlote(
            net=to_grosze(line.net * (rate or 1)),
            vat=vat,
            deducted=to_grosze(vat * line.deductible_percent / HUNDRED),
        )
        for line, vat in zip(lines, vats, strict=True)
    )
