"""The office's 150 clients: what they are, how they keep books, from whom they buy."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from obieg.demo.world.firms import Firm, draw_firm, nips
from obieg.demo.world.names import STREETS, UniqueNames
from obieg.demo.world.suppliers import Supplier
from obieg.demo.world.trades import EVERYBODY, TRADES, Trade

FIRST_NIP = 0
COMPANY_SHARE = 0.55
LUMP_SUM_SHARE = 0.6  # of the firms of one person
LUMP_SUM_TRADES = frozenset({"it", "studio", "cleaning", "workshop", "construction"})
QUARTERLY_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Site:
    """A place where a client works: a project of its books."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Client:
    """A client of the office; `form` and `vat_period` are values of office.models."""

    firm: Firm
    trade: Trade
    form: str
    vat_period: str
    size: int  # how much it buys and sells, beside the others
    sites: tuple[Site, ...]
    cars: tuple[str, ...]  # registration numbers
    suppliers: dict[str, tuple[Supplier, ...]]  # its usual sellers by kind
    weights: dict[str, int]  # how often it buys of a kind

    @property
    def deducts(self) -> bool:
        return self.vat_period != "exempt"


def draw_clients(random: Random, suppliers: dict[str, list[Supplier]]) -> list[Client]:
    """Every client, the same ones for the same `random`."""
    numbers = nips(FIRST_NIP)
    names = UniqueNames(random)
    return [
        draw_client(random, next(numbers), trade, names, suppliers)
        for trade in TRADES
        for _ in range(trade.share)
    ]


def draw_client(
    random: Random,
    nip: str,
    trade: Trade,
    names: UniqueNames,
    suppliers: dict[str, list[Supplier]],
) -> Client:
    company = random.random() < COMPANY_SHARE
    kinds = {**EVERYBODY}
    for kind, weight in trade.buys.items():
        kinds[kind] = kinds.get(kind, 0) + weight
    return Client(
        firm=draw_firm(random, nip, names.draw(trade.company if company else trade.person)),
        trade=trade,
        form=draw_form(random, trade, company=company),
        vat_period=draw_vat_period(random, trade),
        size=random.choice((2, 3, 3, 4, 5, 8)) * (2 if company else 1),
        sites=tuple(draw_sites(random)) if trade.sites else (),
        cars=tuple(registration(random) for _ in range(random.randint(1, 4))),
        suppliers={kind: usual(random, suppliers[kind]) for kind in kinds},
        weights=kinds,
    )


def draw_form(random: Random, trade: Trade, *, company: bool) -> str:
    if company:
        return "full_books"
    lump_sum = trade.key in LUMP_SUM_TRADES and random.random() < LUMP_SUM_SHARE
    return "ryczalt" if lump_sum else "kpir"


def draw_vat_period(random: Random, trade: Trade) -> str:
    if trade.exempt:
        return "exempt"
    return "quarter" if random.random() < QUARTERLY_SHARE else "month"


def draw_sites(random: Random) -> Iterator[Site]:
    for number in range(1, random.randint(3, 5)):
        street = random.choice(STREETS)
        yield Site(f"B{number:02d}", f"budowa {street} {random.randint(1, 80)}")


def registration(random: Random) -> str:
    """A registration number of no real district."""
    return f"QX {random.randint(10000, 99999)}"


def usual(random: Random, sellers: list[Supplier]) -> tuple[Supplier, ...]:
    """One or two sellers of a kind that a client stays with."""
    return tuple(random.sample(sellers, min(len(sellers), random.choice((1, 1, 2)))))
