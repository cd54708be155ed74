"""Rebates for a period: how much was sold at each rate and of each good, and what comes off it.

Source: art. 106j(3) VAT Act: a rebate on all deliveries of a period needs no names of goods; one
on some of them names these in rows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from obieg.core.money import ZERO, format_amount, to_grosze
from obieg.fa.rates import HUNDRED
from obieg.sales.content import LineContent, SaleContent, SumContent
from obieg.sales.corrections.state import Original, Standing, standing_of
from obieg.sales.corrections.verbs import collective, require_one_buyer
from obieg.sales.errors import RebateTooLarge, RebateTwice
from obieg.sales.sums import Groups, added, as_content, groups_of, ordered, sums_of_rows, sums_said


@dataclass(frozen=True, slots=True)
class Rebate:
    """A share of what was sold (per cent), or a net amount; in the invoices' currency."""

    percent: Decimal | None = None
    amount: Decimal | None = None

    def of(self, base: SumContent, what: str) -> SumContent:
        """The difference that it makes to `base`; RebateTooLarge where that is less."""
        tax = base.tax or ZERO
        if self.percent is not None:
            net, off = base.net * self.percent / HUNDRED, tax * self.percent / HUNDRED
        else:
            net = self.amount or ZERO
            off = tax * net / base.net if base.net else ZERO
        if not ZERO <= net <= base.net:
            raise RebateTooLarge(what=what, base=format_amount(base.net))
        return SumContent(rate=base.rate, net=-to_grosze(net), tax=-to_grosze(off))


@dataclass(frozen=True, slots=True)
class Good:
    """What was sold under one name, at one rate, over all the originals."""

    description: str
    row: LineContent  # the first of its rows
    base: SumContent


@dataclass(frozen=True, slots=True)
class Sold:
    """What the originals come to now, after their earlier corrections."""

    currency: str
    rates: tuple[SumContent, ...]
    goods: tuple[Good, ...]


def sold_on(originals: Sequence[Original]) -> Sold:
    """By rate and by good; what is not above nothing is left out. DifferentBuyers."""
    standings = [standing_of(original) for original in originals]
    require_one_buyer(standings)
    whole = as_content(groups_of(ordered(added(*(one.sums for one in standings)))))
    rates = tuple(one for one in whole if one.net > 0)
    return Sold(standings[0].content.currency, rates, tuple(_goods(standings)))


def rebate(
    originals: Sequence[Original],
    *,
    by_rate: Mapping[str, Rebate],
    by_good: Mapping[int, Rebate],
    period: str = "",
    reason: str = "",
) -> SaleContent:
    """The collective correction: by rate without rows, or of chosen goods (by their place in
    `sold_on`) with a row for each. Without any rebate its amounts are left to be typed.

    Raises DifferentBuyers, RebateTooLarge, and RebateTwice where both ways are asked for.
    """
    if by_rate and by_good:
        raise RebateTwice
    sold = sold_on(originals)
    if not by_good:
        sums = [by_rate[one.rate].of(one, one.rate) for one in sold.rates if one.rate in by_rate]
        return collective(originals, period=period, reason=reason, sums=sums)
    chosen = {sold.goods[place]: one for place, one in by_good.items() if place < len(sold.goods)}
    off = {good: one.of(good.base, good.description) for good, one in chosen.items()}
    sums = list(as_content(sums_said(off.values())))
    content = collective(originals, period=period, reason=reason, sums=sums)
    rows = tuple(_row(good, difference) for good, difference in off.items())
    return content.model_copy(update={"lines": rows, "prices": "net"})


def _goods(standings: Sequence[Standing]) -> list[Good]:
    rows: dict[tuple[object, ...], LineContent] = {}
    found: dict[tuple[object, ...], Groups] = {}
    for standing in standings:
        for row in standing.rows:
            key = row.description, row.rate, row.rate_oss, row.gtu
            rows.setdefault(key, row)
            found[key] = added(found.get(key, {}), sums_of_rows([row], standing.content))
    bases = {key: as_content(groups) for key, groups in found.items()}
    return [
        Good(rows[key].description, rows[key], base[0])
        for key, base in bases.items()
        if len(base) == 1 and base[0].net > 0
    ]


def _row(good: Good, difference: SumContent) -> LineContent:
    """The good's name with what comes off; quantity and price do not change, so none stands."""
    row = good.row
    return LineContent(
        description=row.description,
        rate=row.rate,
        rate_oss=row.rate_oss,
        gtu=row.gtu,
        pkwiu=row.pkwiu,
        cn=row.cn,
        amount=difference.net,
    )
