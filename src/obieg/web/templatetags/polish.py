"""Filters that write amounts, dates and counts the Polish way."""

from datetime import date, datetime
from decimal import Decimal

from django import template

from obieg.core import polish
from obieg.core.money import format_amount
from obieg.core.nip import format_nip

register = template.Library()


@register.filter
def amount(value: Decimal | None, currency: str = "") -> str:
    """`1 234,56`, with the currency where one is given; nothing for None."""
    return "" if value is None else format_amount(value, currency)


@register.filter
def day(value: date | None) -> str:
    """21.11.2026"""
    return "" if value is None else polish.format_date(value)


@register.filter
def moment(value: datetime | None) -> str:
    """21.11.2026 08:15, Warsaw's time"""
    return "" if value is None else polish.format_time(value)


@register.filter
def nip(value: str) -> str:
    """123-456-32-18"""
    return format_nip(value)


@register.filter
def counted(count: int, forms: str) -> str:
    """`47 faktur`; the forms are written `faktura,faktury,faktur`."""
    one, few, many = forms.split(",")
    return polish.counted(count, one, few, many)


@register.filter
def key(value: int | str) -> str:
    """An id as it stands in an attribute or an address: without the thousands' spaces."""
    return str(value)


@register.filter
def rate(code: str) -> str:
    """A rate of VAT (P_12): `23%`; the codes of the schema stay as they are."""
    return f"{code}%" if code and code.isdecimal() else code or ""
