"""How each kind of invoice (RodzajFaktury) comes from its rows to its sums and its total."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from obieg.core.money import ZERO
from obieg.sales.content import CorrectionContent, LineContent, SaleContent
from obieg.sales.sums import (
    Groups,
    added,
    gross_of,
    in_zlote,
    less,
    shares_of,
    spread,
    sums_of_rows,
    sums_said,
)


def sums_of(content: SaleContent) -> tuple[Groups, Decimal]:
    """The sums by rate and P_15; differences where the kind is a correction."""
    said = _said(content)
    groups = _BY_KIND[content.kind](content) if said is None else said
    if content.total is not None and (content.kind == "UPR" or said is not None):
        return groups, content.total
    return groups, gross_of(groups)


def _said(content: SaleContent) -> Groups | None:
    """Sums given outright: of a correction, or of a simplified invoice."""
    correction = content.correction
    if content.kind.startswith("KOR") and correction and correction.sums:
        return in_zlote(sums_said(correction.sums), exchange_rate(content))
    if content.kind == "UPR" and content.sums:
        return in_zlote(sums_said(content.sums), exchange_rate(content))
    return None


def exchange_rate(content: SaleContent) -> Decimal | None:
    """Złote for one unit of a foreign currency; None for złote, and where it is not known."""
    return None if content.currency == "PLN" else content.exchange_rate


def _ordinary(content: SaleContent) -> Groups:
    return in_zlote(sums_of_rows(content.lines, content), exchange_rate(content))


def _correction(content: SaleContent) -> Groups:
    """Rows after less rows before; rows that are differences already have no rows before."""
    before, after = divided(content.lines)
    return less(
        in_zlote(sums_of_rows(after, content), exchange_rate(content)),
        in_zlote(sums_of_rows(before, content), rate_before(content)),
    )


def _advance(content: SaleContent) -> Groups:
    """What was received, shared by the order (art. 106f(1)(3) and (4)); without it, the rows."""
    if not content.advance_payments:
        return _ordinary(content)
    shares = shares_of(content.order_lines or content.lines, content)
    return in_zlote(spread(received(content), shares), _rate_of_payments(content))


def _advance_correction(content: SaleContent) -> Groups:
    """`advance_payments` hold differences; the order, where it has pairs, its two states.

    As in the Ministry's example 12 of FA(3): the whole payment by the order as it is now, less the
    payment before (P_15ZK) by the order as it was.
    """
    difference, rate = received(content), header_rate(content)
    before, after = divided(content.order_lines or content.lines)
    paid = _correction_of(content).total_before
    if not before or paid is None:
        return in_zlote(spread(difference, shares_of(after, content)), rate)
    return less(
        in_zlote(spread(paid + difference, shares_of(after, content)), rate),
        in_zlote(spread(paid, shares_of(before, content)), rate_before(content)),
    )


def _settlement(content: SaleContent) -> Groups:
    """The whole order less the advances (art. 106f(3)), as in the Ministry's example 14."""
    whole = in_zlote(sums_of_rows(content.lines, content), exchange_rate(content))
    return less(whole, _advances(content, content.lines))


def _settlement_correction(content: SaleContent) -> Groups:
    """The remainder now, less the remainder before (P_15ZK) spread over the rows as they were.

    As in the Ministry's example 18. Without pairs or P_15ZK the rows are differences already.
    """
    before, after = divided(content.lines)
    remainder = _correction_of(content).total_before
    if not before or remainder is None:
        return _correction(content)
    whole = in_zlote(sums_of_rows(after, content), exchange_rate(content))
    now = less(whole, _advances(content, after))
    return less(now, in_zlote(spread(remainder, shares_of(before, content)), rate_before(content)))


def _advances(content: SaleContent, lines: Sequence[LineContent]) -> Groups:
    shares = shares_of(lines, content)
    parts = (
        sums_said(advance.sums) if advance.sums else spread(advance.gross or ZERO, shares)
        for advance in content.advances
    )
    return in_zlote(added(*parts), exchange_rate(content))


def received(content: SaleContent) -> Decimal:
    """What the advance payments come to; differences in a correction."""
    return sum((payment.amount for payment in content.advance_payments), ZERO)


def divided(
    lines: Sequence[LineContent],
) -> tuple[tuple[LineContent, ...], tuple[LineContent, ...]]:
    """Rows as they were, and rows as they are."""
    before = tuple(line for line in lines if line.before)
    return before, tuple(line for line in lines if not line.before)


def _correction_of(content: SaleContent) -> CorrectionContent:
    return content.correction or CorrectionContent()


def header_rate(content: SaleContent) -> Decimal | None:
    """The rate of an advance: of its only payment, else of the invoice."""
    if content.currency == "PLN":
        return None
    payments = content.advance_payments
    only = payments[0].exchange_rate if len(payments) == 1 else None
    return only or content.exchange_rate


def rate_before(content: SaleContent) -> Decimal | None:
    """The rate that the corrected invoice has (KursWalutyZK), else the correction's own."""
    if content.currency == "PLN":
        return None
    by_advance = content.kind == "KOR_ZAL"
    rate = header_rate(content) if by_advance else content.exchange_rate
    return _correction_of(content).exchange_rate_before or rate


def _rate_of_payments(content: SaleContent) -> Decimal | None:
    """The rate of the invoice, or that of its payments, each with the weight of its amount."""
    rate, whole = exchange_rate(content), received(content)
    payments = content.advance_payments
    rates = [payment.exchange_rate or rate for payment in payments]
    if content.currency == "PLN" or not whole or None in rates:
        return rate
    pairs = zip(payments, rates, strict=True)
    return sum((payment.amount * (one or ZERO) for payment, one in pairs), ZERO) / whole


_BY_KIND: dict[str, Callable[[SaleContent], Groups]] = {
    "VAT": _ordinary,
    "UPR": _ordinary,
    "KOR": _correction,
    "ZAL": _advance,
    "KOR_ZAL": _advance_correction,
    "ROZ": _settlement,
    "KOR_ROZ": _settlement_correction,
}
