"""Advances and the invoices that settle them."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random

from obieg.core.money import to_grosze
from obieg.demo.world.documents import Document
from obieg.demo.world.ksef_numbers import invented_ksef_number
from obieg.demo.world.sums import gross_of, sums_of_lines


def can_be_advanced(document: Document) -> bool:
    """Advances are paid in złote for what is priced net and taxed."""
    taxed = all(line.rate.isdigit() for line in document.lines)
    return document.currency == "PLN" and not document.gross_priced and taxed


def advance_for(random: Random, document: Document) -> Document:
    """An advance (ZAL) of a part of what `document` sells, paid already."""
    return replace(
        document,
        kind="ZAL",
        number=f"ZAL/{document.number}",
        advance=part_of(random, document),
        due=None,
        paid=True,
        balance=None,
        period=None,
    )


def settlement_of(random: Random, document: Document) -> Document:
    """The rest (ROZ) of what `document` sells, after an advance some weeks before."""
    before = document.issued - timedelta(days=random.randint(10, 40))
    return replace(
        document,
        kind="ROZ",
        number=f"ROZ/{document.number}",
        advance=part_of(random, document),
        advance_number=invented_ksef_number(random, document.seller.nip, before),
        balance=None,
        period=None,
    )


def part_of(random: Random, document: Document) -> Decimal:
    """A round share of the whole, gross."""
    whole = gross_of(sums_of_lines(document.lines, gross_priced=False))
    return to_grosze(whole * random.choice((10, 20, 30, 50)) / 100)
