"""Sums by rate (P_13_x, P_14_x, P_14_xW) as they are added, taken away, spread and converted."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from obieg.core.money import ZERO, to_grosze
from obieg.fa.model import RateSum
from obieg.fa.rates import SUM_BY_FIELD, SUM_BY_RATE, SUMS, percent_of, tax_in, tax_on
from obieg.sales.amounts import (
    MARGIN,
    OSS,
    LineTotals,
    has_gross_price,
    line_totals,
    sum_field,
    value_of,
)
from obieg.sales.content import LineContent, SaleContent, SumContent

Groups = dict[str, RateSum]  # by P_13_x; "" gathers rows without a rate
Shares = dict[tuple[str, Decimal], Decimal]  # gross by P_13_x and per cent

_FIELD_OF_CODE = {
    **{rate: fields.net for rate, fields in SUM_BY_RATE.items()},
    "oss": OSS,
    "margin": MARGIN,
}
CODE_OF_FIELD = {
    **{fields.net: fields.rates[0] for fields in SUMS if fields.rates},
    OSS: "oss",
    MARGIN: "margin",
}


def sums_of_rows(lines: Sequence[LineContent], content: SaleContent) -> Groups:
    """The rows added up by rate, by the rules of rounding in `totals`."""
    kept: dict[tuple[str, Decimal, bool], list[LineContent]] = {}
    for line in lines:
        if value_of(line) is not None:
            percent = percent_of(line.rate, line.rate_oss)
            key = sum_field(line, content), percent, has_gross_price(line, content)
            kept.setdefault(key, []).append(line)
    return added(*(_one_rate(*key, rows, content) for key, rows in kept.items()))


def _one_rate(
    field: str, percent: Decimal, gross_prices: bool, lines: list[LineContent], content: SaleContent
) -> Groups:
    rows = [line_totals(line, content) for line in lines]
    own = any(line.tax is not None for line in lines)
    tax = sum((row.tax for row in rows), ZERO) if own else _tax(rows, percent, gross_prices)
    if gross_prices:
        return _group(field, sum((row.gross for row in rows), ZERO) - tax, tax)
    return _group(field, sum((row.net for row in rows), ZERO), tax)


def _tax(rows: list[LineTotals], percent: Decimal, gross_prices: bool) -> Decimal:
    if gross_prices:
        return tax_in(sum((row.gross for row in rows), ZERO), percent)
    return tax_on(sum((row.net for row in rows), ZERO), percent)


def sums_said(said: Iterable[SumContent]) -> Groups:
    """Sums given outright; a tax that is not given follows from the net."""
    return added(*(_group(_FIELD_OF_CODE.get(one.rate, ""), *_amounts(one)) for one in said))


def _amounts(one: SumContent) -> tuple[Decimal, Decimal, Decimal | None]:
    tax = tax_on(one.net, percent_of(one.rate)) if one.tax is None else one.tax
    return to_grosze(one.net), to_grosze(tax), one.tax_pln


def shares_of(lines: Sequence[LineContent], content: SaleContent) -> Shares:
    """How the gross value of rows is shared among the rates."""
    shares: Shares = {}
    for line in lines:
        key = sum_field(line, content), percent_of(line.rate, line.rate_oss)
        shares[key] = shares.get(key, ZERO) + line_totals(line, content).gross
    return shares


def spread(gross: Decimal, shares: Shares) -> Groups:
    """`gross` in proportion to `shares`, the tax within each part (art. 106f(1)(3) VAT Act).

    The parts are rounded to grosze; the largest takes what rounding leaves over, and the whole
    where the shares are worth nothing.
    """
    if not gross or not shares:
        return _group("", gross) if gross else {}
    whole = sum(shares.values(), ZERO)
    largest = max(shares, key=lambda key: abs(shares[key]))
    parts = (
        {key: to_grosze(gross * share / whole) for key, share in shares.items()} if whole else {}
    )
    parts[largest] = parts.get(largest, ZERO) + gross - sum(parts.values(), ZERO)
    return added(
        *(
            _group(field, part - (tax := tax_in(part, percent)), tax)
            for (field, percent), part in parts.items()
        )
    )


def _group(field: str, net: Decimal, tax: Decimal = ZERO, tax_pln: Decimal | None = None) -> Groups:
    return {field: RateSum(field=field, net=net, tax=tax, tax_pln=tax_pln)}


def added(*many: Groups) -> Groups:
    """The groups of all, field by field."""
    whole: Groups = {}
    for groups in many:
        for field, one in groups.items():
            whole[field] = _plus(whole[field], one) if field in whole else one
    return whole


def _plus(one: RateSum, other: RateSum) -> RateSum:
    zlote = [amount for amount in (one.tax_pln, other.tax_pln) if amount is not None]
    return RateSum(
        field=one.field,
        net=one.net + other.net,
        tax=one.tax + other.tax,
        tax_pln=sum(zlote, ZERO) if zlote else None,
    )


def negated(groups: Groups) -> Groups:
    return {
        field: replace(
            one,
            net=-one.net,
            tax=-one.tax,
            tax_pln=None if one.tax_pln is None else -one.tax_pln,
        )
        for field, one in groups.items()
    }


def less(groups: Groups, other: Groups) -> Groups:
    return added(groups, negated(other))


def in_zlote(groups: Groups, rate: Decimal | None) -> Groups:
    """With P_14_xW by `rate` (złote for one unit), where the tax has that element and no value."""
    if rate is None:
        return groups
    return {
        field: replace(one, tax_pln=to_grosze(one.tax * rate))
        if one.tax_pln is None and field and SUM_BY_FIELD[field].tax_pln
        else one
        for field, one in groups.items()
    }


def ordered(groups: Groups, *, without_zeros: bool = False) -> tuple[RateSum, ...]:
    """The groups that have a field, in the schema's order."""
    found = (groups[fields.net] for fields in SUMS if fields.net in groups)
    return tuple(one for one in found if not without_zeros or one.net or one.tax or one.tax_pln)


def gross_of(groups: Groups) -> Decimal:
    return sum((one.gross for one in groups.values()), ZERO)


def groups_of(sums: Iterable[RateSum]) -> Groups:
    """The groups that an invoice shows."""
    return added(*({one.field: one} for one in sums))


def as_content(groups: Groups) -> tuple[SumContent, ...]:
    """The groups said outright, each by the first of its rates."""
    return tuple(
        SumContent(rate=CODE_OF_FIELD[one.field], net=one.net, tax=one.tax, tax_pln=one.tax_pln)
        for one in ordered(groups, without_zeros=True)
    )
