"""The draw of lines from what a seller sells."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from random import Random

from obieg.core.money import ZERO, to_grosze
from obieg.demo.world.clients import Client
from obieg.demo.world.documents import Line
from obieg.demo.world.items import Item

MEASURED = frozenset({"l", "m3", "t", "kg"})  # sold by parts of the unit as well
DISCOUNT_SHARE = 0.05
MONTHS = (
    "styczeń", "luty", "marzec", "kwiecień", "maj", "czerwiec", "lipiec", "sierpień", "wrzesień",
    "październik", "listopad", "grudzień",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pricing:
    """How one seller prices: net or gross, and how many złote a unit of its currency is."""

    gross: bool = False
    exchange_rate: Decimal = Decimal(1)


def draw_lines(
    random: Random,
    items: tuple[Item, ...],
    span: tuple[int, int],
    pricing: Pricing,
    words: Mapping[str, str],
) -> list[Line]:
    """Between `span` lines of different items, in the seller's order."""
    count = min(len(items), random.randint(*span))
    chosen = sorted(random.sample(range(len(items)), count))
    return [
        draw_line(random, items[index], number, pricing, words)
        for number, index in enumerate(chosen, 1)
    ]


def draw_line(
    random: Random, item: Item, number: int, pricing: Pricing, words: Mapping[str, str]
) -> Line:
    quantity = draw_quantity(random, item)
    price = draw_price(random, item, gross=pricing.gross)
    discount = ZERO
    if not pricing.gross and random.random() < DISCOUNT_SHARE:
        discount = to_grosze(quantity * price / 10)
    return Line(
        number=number,
        text=item.text.format_map(words),
        unit=item.unit,
        quantity=quantity,
        price=price,
        discount=discount,
        amount=to_grosze(quantity * price) - discount,
        rate=item.rate,
        category=item.category,
        gtu=item.gtu,
        annex_15=item.annex_15,
    )


def draw_quantity(random: Random, item: Item) -> Decimal:
    least, most = item.quantity
    if item.unit in MEASURED:
        return Decimal(random.randint(least * 100, most * 100)) / 100
    return Decimal(random.randint(least, most))


def draw_price(random: Random, item: Item, *, gross: bool) -> Decimal:
    """A price between the item's, with as many decimals; gross prices are whole grosze."""
    steps = random.randint(int(item.low.scaleb(item.places)), int(item.high.scaleb(item.places)))
    price = Decimal(steps).scaleb(-item.places)
    if gross and item.rate.isdigit():
        return to_grosze(price * (100 + int(item.rate)) / 100)
    return price


def words_for(random: Random, client: Client, day: date) -> dict[str, str]:
    """What the texts of a client's lines and details name: the month, a car, a site, a meter."""
    site = random.choice(client.sites) if client.sites else None
    seed = client.firm.nip
    return {
        "month": f"{MONTHS[day.month - 1]} {day.year}",
        "car": random.choice(client.cars),
        "site": site.name if site else client.firm.street,
        "project": site.code if site else "",
        "meter": f"{seed[3:9]}{random.randint(1, 3)}",
        "phone": f"6{seed[3:9]}0{random.randint(1, 4)}",
    }


def negated(line: Line) -> Line:
    """The line as a difference that takes it back."""
    return replace(line, quantity=-line.quantity, discount=-line.discount, amount=-line.amount)
