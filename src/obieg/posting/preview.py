"""What the lines on the desk would do in the books: their sums, and entries or columns."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from obieg.core.money import ZERO
from obieg.inbox.models import Direction
from obieg.posting.books import tax_shares_of
from obieg.posting.entries import Entry, entries
from obieg.posting.lines import LineInput
from obieg.posting.models import Dekret, DekretLine, Profile
from obieg.posting.pln import in_zlote
from obieg.posting.shares import WHOLE, TaxShare


@dataclass(frozen=True, slots=True)
class Column:
    """An amount in a column of the KPiR, in PLN; no number where the line names none."""

    number: int | None
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Preview:
    """Sums in the invoice's currency; `left_*` is what the lines lack to the document."""

    net: Decimal
    vat: Decimal
    left_net: Decimal
    left_vat: Decimal
    entries: Sequence[Entry]  # of full books
    columns: Sequence[Column]  # of a client who keeps the KPiR

    @property
    def gross(self) -> Decimal:
        return self.net + self.vat

    @property
    def debits(self) -> Decimal:
        return sum((entry.amount for entry in self.entries if entry.side == "Wn"), ZERO)

    @property
    def credits(self) -> Decimal:
        return sum((entry.amount for entry in self.entries if entry.side == "Ma"), ZERO)


def preview_of(
    dekret: Dekret,
    lines: Sequence[LineInput | DekretLine],
    totals: tuple[Decimal, Decimal],
    *,
    in_columns: bool,
) -> Preview:
    """What `lines` do; `totals` are the net and VAT that they should give."""
    net = sum((line.net for line in lines), ZERO)
    vat = sum((line.vat for line in lines), ZERO)
    shares = _shares(dekret, lines)
    return Preview(
        net,
        vat,
        totals[0] - net,
        totals[1] - vat,
        entries=() if in_columns else entries(dekret, lines, profile_of(dekret), shares),
        columns=_columns(dekret, lines, shares) if in_columns else (),
    )


def profile_of(dekret: Dekret) -> Profile:
    """The accounts of the dekret's client."""
    try:
        return dekret.client.posting_profile
    except Profile.DoesNotExist:
        return Profile()


def _shares(dekret: Dekret, lines: Sequence[LineInput | DekretLine]) -> dict[str, TaxShare]:
    """Only asked for where they may matter: VAT that is deducted in full leaves a cost whole."""
    limited = any(line.deductible_percent < 100 for line in lines)
    if dekret.direction != Direction.PURCHASE or not limited:
        return {}
    return tax_shares_of(dekret.client_id)


def _columns(
    dekret: Dekret, lines: Sequence[LineInput | DekretLine], shares: Mapping[str, TaxShare]
) -> list[Column]:
    amounts: dict[int | None, Decimal] = defaultdict(Decimal)
    zlote = in_zlote(lines, dekret.exchange_rate, dekret.tax_pln)
    for line, line_zlote in zip(lines, zlote, strict=True):
        is_sale = dekret.direction == Direction.SALE
        taxed, _ = shares.get(line.account, WHOLE).divided(line, line_zlote.cost)
        amounts[line.kpir_column] += line_zlote.net if is_sale else taxed
    return [Column(number, amounts[number]) for number in sorted(amounts, key=lambda n: n or 99)]
