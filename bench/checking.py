"""Building and checking an invoice, against reading it and the check of the schema alone."""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from bench.table import Result, at_most
from obieg.fa.build import build
from obieg.fa.check import check
from obieg.fa.model import Address, Invoice, Seller
from obieg.fa.parse import parse
from obieg.fa.schema import check_schema
from obieg.sales.compose import compose
from obieg.sales.content import AddressContent, BuyerContent, LineContent, SaleContent

ROWS = 5
TIMES = 400
TURNS = 5
DAY = date(2026, 11, 20)
SELLER = Seller(
    nip="9990511625", name="Orlik sp. z o.o.", address=Address(country="PL", line1="ul. Sadowa 1")
)


def run(_: Path) -> list[Result]:
    """Milliseconds for each invoice; the best of several turns, taken in turn with the floor."""
    content = draft()
    xml = build(record(content))
    floor, whole = best(lambda: (parse(xml), check_schema(xml)), lambda: built_and_checked(content))
    return [at_most("Zbudowanie i sprawdzenie faktury", whole, 5, unit="ms", floor=floor)]


def built_and_checked(content: SaleContent) -> None:
    check(build(record(content)), today=DAY)


def record(content: SaleContent) -> Invoice:
    moment = datetime(2026, 11, 20, 8, tzinfo=UTC)
    return compose(content, seller=SELLER, number="FV/1/11/2026", issue_date=DAY, created_at=moment)


def draft() -> SaleContent:
    """An ordinary invoice: five rows, two rates."""
    address = AddressContent(line1="ul. Leśna 2", line2="00-002 Kraków")
    return SaleContent(
        buyer=BuyerContent(name="Bór sp. z o.o.", nip="9992985876", address=address),
        lines=tuple(
            LineContent(
                description=f"Towar {place}",
                quantity=Decimal(place),
                unit="szt.",
                price=Decimal("19.99"),
                rate="23" if place % 2 else "8",
            )
            for place in range(1, ROWS + 1)
        ),
    )


def best(*acts: Callable[[], object]) -> list[float]:
    """The least mean time of each, in milliseconds."""
    turns = [[mean(act) for act in acts] for _ in range(TURNS)]
    return [min(turn[place] for turn in turns) for place in range(len(acts))]


def mean(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    for _ in range(TIMES):
        act()
    return (time.perf_counter() - started) / TIMES * 1000
