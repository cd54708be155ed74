"""Rows of the invoice and of the order, their numbers, days of delivery and attributes."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from obieg.core.money import ZERO
from obieg.fa.codec import read_token
from obieg.fa.model import ExtraDescription, Line, Order, OrderLine
from obieg.sales.amounts import discount_of, has_gross_price, line_totals, value_of
from obieg.sales.composing.numbers import Numbering
from obieg.sales.content import AttributeContent, LineContent, SaleContent
from obieg.sales.kinds import exchange_rate

_BY_ADVANCE = frozenset({"ZAL", "KOR_ZAL"})  # their exchange rate stands in the header


def numbers_of(lines: Sequence[LineContent]) -> tuple[int, ...]:
    """NrWierszaFa or NrWierszaZam of each row."""
    numbering = Numbering()
    return tuple(
        numbering.take(line.number or numbering.following(before=line.before), before=line.before)
        for line in lines
    )


def lines_of(content: SaleContent, days: Sequence[date | None]) -> tuple[Line, ...]:
    """FaWiersz of every row; `days` are their P_6A."""
    numbers = numbers_of(content.lines)
    return tuple(
        _line(line, number, day, content)
        for line, number, day in zip(content.lines, numbers, days, strict=True)
    )


def _line(line: LineContent, number: int, day: date | None, content: SaleContent) -> Line:
    gross, value = has_gross_price(line, content), value_of(line)
    return Line(
        number=number,
        uuid=read_token(line.uuid),
        delivery_date=day,
        description=read_token(line.description),
        index=read_token(line.index),
        gtin=read_token(line.gtin),
        pkwiu=read_token(line.pkwiu),
        cn=read_token(line.cn),
        pkob=read_token(line.pkob),
        unit=read_token(line.unit),
        quantity=line.quantity,
        unit_net=None if gross else line.price,
        unit_gross=line.price if gross else None,
        discount=discount_of(line),
        net=None if gross else value,
        gross=value if gross else None,
        tax=line.tax,
        rate=line.rate,
        rate_oss=None if line.rate else line.rate_oss,
        annex15=line.annex15,
        excise=line.excise,
        gtu=line.gtu,
        procedure=line.procedure,
        exchange_rate=_rate(line, content),
        before=line.before,
    )


def _rate(line: LineContent, content: SaleContent) -> Decimal | None:
    rate = exchange_rate(content)
    if content.kind in _BY_ADVANCE or rate is None:
        return None
    former = content.correction.exchange_rate_before if content.correction else None
    return former or rate if line.before else rate


def order_of(content: SaleContent) -> Order | None:
    """Zamowienie with its gross value: of its state after, where it shows both."""
    lines = content.order_lines
    if not lines:
        return None
    rows = zip(lines, numbers_of(lines), strict=True)
    counted = [line for line in lines if not line.before]
    return Order(
        total=sum((line_totals(line, content).gross for line in counted), ZERO),
        lines=tuple(_order_line(line, number, content) for line, number in rows),
    )


def _order_line(line: LineContent, number: int, content: SaleContent) -> OrderLine:
    """The schema knows only net prices here, and no discounts: both are worked in."""
    amounts = line_totals(line, content)
    known = value_of(line) is not None
    price = None if line.price is None else line.price - (discount_of(line) or ZERO)
    return OrderLine(
        number=number,
        uuid=read_token(line.uuid),
        description=read_token(line.description),
        index=read_token(line.index),
        gtin=read_token(line.gtin),
        pkwiu=read_token(line.pkwiu),
        cn=read_token(line.cn),
        pkob=read_token(line.pkob),
        unit=read_token(line.unit),
        quantity=line.quantity,
        unit_net=None if has_gross_price(line, content) else price,
        net=amounts.net if known else None,
        tax=amounts.tax if known else None,
        rate=line.rate,
        rate_oss=None if line.rate else line.rate_oss,
        annex15=line.annex15,
        gtu=line.gtu,
        procedure=line.procedure,
        excise=line.excise,
        before=line.before,
    )


def descriptions_of(content: SaleContent) -> tuple[ExtraDescription, ...]:
    """DodatkowyOpis: of the whole document, then row by row."""
    rows = (
        *zip(numbers_of(content.lines), content.lines, strict=True),
        *zip(numbers_of(content.order_lines), content.order_lines, strict=True),
    )
    return (
        *_descriptions(content.attributes, None),
        *(fact for number, line in rows for fact in _descriptions(line.attributes, number)),
    )


def _descriptions(
    attributes: Sequence[AttributeContent], number: int | None
) -> Iterator[ExtraDescription]:
    for one in attributes:
        if one.in_ksef:
            key, value = read_token(one.key), read_token(one.value)
            yield ExtraDescription(line_number=number, key=key, value=value)


def days_of(content: SaleContent, issued: date) -> tuple[date | None, tuple[date | None, ...]]:
    """P_6, and P_6A of every row: a day is written only where it differs from P_1.

    One day common to all rows stands in the header (the schema's note at P_6); days that differ
    stand on the rows. A period (OkresFa) leaves no room for P_6.
    """
    sold = _sold(content)
    rows = [line.delivery_date or (sold if _any_day(content) else None) for line in content.lines]
    if content.period_from or content.period_to:
        return None, tuple(_other(line.delivery_date, issued) for line in content.lines)
    if not any(rows):
        return _other(sold, issued), tuple(None for _ in rows)
    if len(set(rows)) == 1:
        return _other(rows[0], issued), tuple(None for _ in rows)
    return None, tuple(_other(day, issued) for day in rows)


def _sold(content: SaleContent) -> date | None:
    """The day of sale; of an advance, that of its only payment."""
    if content.sale_date is None and content.kind in _BY_ADVANCE:
        payments = content.advance_payments
        return payments[0].received_on if len(payments) == 1 else None
    return content.sale_date


def _any_day(content: SaleContent) -> bool:
    return any(line.delivery_date for line in content.lines)


def _other(day: date | None, issued: date) -> date | None:
    return None if day == issued else day
