"""What is bought and sold: the texts, units, prices and rates of invoice lines."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Item:
    """A thing with a price; `text` may name {month}, {car}, {site}, {meter} and {phone}."""

    text: str
    unit: str
    low: Decimal  # net price of one unit, in the invoice's currency
    high: Decimal
    rate: str  # P_12
    quantity: tuple[int, int]
    category: str  # of `postings`: how offices post it
    gtu: str = ""
    annex_15: bool = False  # obligatory split payment over 15,000 PLN
    places: int = 2  # decimals of the price

    @property
    def opening(self) -> str:
        """The beginning of the text, which never changes."""
        fixed = self.text.split("{", maxsplit=1)[0].split(" – ", maxsplit=1)[0]
        return fixed.strip().removesuffix(" za")


def parse_items(text: str) -> dict[str, tuple[Item, ...]]:
    """The items of `items.txt` by section."""
    sections: dict[str, list[Item]] = {}
    for line in text.splitlines():
        if line.startswith("["):
            section = sections.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            section.append(parse_item(line))
    return {name: tuple(items) for name, items in sections.items()}


def parse_item(line: str) -> Item:
    text, unit, prices, rate, quantities, category, *flags = line.split(" | ")
    low, high = (Decimal(price) for price in prices.split("-"))
    least, most = (int(quantity) for quantity in quantities.split("-"))
    marks = flags[0].split() if flags else []
    return Item(
        text=text,
        unit=unit,
        low=low,
        high=high,
        rate=rate,
        quantity=(least, most),
        category=category,
        gtu=next((mark for mark in marks if mark.startswith("GTU")), ""),
        annex_15="annex15" in marks,
        places=-int(low.as_tuple().exponent),
    )


@cache
def _sections() -> dict[str, tuple[Item, ...]]:
    text = resources.files("obieg.demo.world").joinpath("items.txt").read_text("utf-8")
    return parse_items(text)


def items_of(section: str) -> tuple[Item, ...]:
    """What a kind of seller sells, or with `sale ` before it what a trade of clients sells."""
    return _sections()[section]
