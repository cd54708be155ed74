"""Documents that follow others: corrections of invoices of the month before."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random

from obieg.core.money import to_grosze
from obieg.demo.world.calendar import moment_on
from obieg.demo.world.documents import Corrected, Document, Line
from obieg.demo.world.ksef_numbers import invented_ksef_number
from obieg.demo.world.lines import negated

REASONS = (
    ("Zwrot towaru", "2"),
    ("Rabat udzielony po wystawieniu faktury", "2"),
    ("Błędna cena", "1"),
    ("Pomyłka w ilości", "1"),
)


def correct(random: Random, document: Document) -> Document:
    """A correction in the place of `document`: of an invoice like it, issued some weeks before."""
    issued = document.issued - timedelta(days=random.randint(31, 58))
    reason, effect = random.choice(REASONS)
    change = random.choice((by_difference, before_and_after))
    return replace(
        document,
        kind="KOR",
        number=f"KOR/{document.number}",
        made_at=moment_on(random, document.issued),
        lines=change(random, document.lines),
        balance=None,
        corrected=Corrected(
            issued=issued,
            number=f"{document.number}/{issued.month}",
            ksef_number=invented_ksef_number(random, document.seller.nip, issued),
            reason=reason,
            effect=effect,
        ),
    )


def by_difference(random: Random, lines: list[Line]) -> list[Line]:
    """One line taken back, whole."""
    return [negated(random.choice(lines))]


def before_and_after(random: Random, lines: list[Line]) -> list[Line]:
    """One line shown as it was and as it is, at a lower price; both bear the same number."""
    line = random.choice(lines)
    percent = Decimal(random.choice((5, 10, 20)))
    price = less(line.price, percent).quantize(line.price)
    discount = to_grosze(less(line.discount, percent))
    amount = to_grosze(line.quantity * price) - discount
    return [
        replace(line, before=True),
        replace(line, price=price, discount=discount, amount=amount),
    ]


def less(amount: Decimal, percent: Decimal) -> Decimal:
    return amount * (100 - percent) / 100
