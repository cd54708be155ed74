"""The whole invented world of a seed: clients, sellers, and a month of their invoices."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Self

from obieg.demo.world.advances import advance_for, can_be_advanced, settlement_of
from obieg.demo.world.buyers import buyers_abroad, draw_buyers
from obieg.demo.world.calendar import Days
from obieg.demo.world.clients import Client, draw_clients
from obieg.demo.world.corrections import correct
from obieg.demo.world.dice import dice
from obieg.demo.world.documents import Document
from obieg.demo.world.firms import Firm
from obieg.demo.world.numbering import Numbering
from obieg.demo.world.purchases import draw_purchases
from obieg.demo.world.sales import draw_sales
from obieg.demo.world.suppliers import Supplier, draw_suppliers

SALES = 4_500
PURCHASES = 7_500
CORRECTION_SHARE = 0.03
ADVANCE_SHARE = 0.008
SETTLEMENT_SHARE = 0.006


@dataclass(frozen=True, slots=True)
class World:
    """Who there is; `office` is the accounting office, a seller to its own clients."""

    seed: int
    clients: list[Client]
    suppliers: dict[str, list[Supplier]]
    buyers: list[Firm]

    @classmethod
    def of(cls, seed: int = 1) -> Self:
        suppliers = draw_suppliers(dice(seed, "suppliers"))
        return cls(
            seed=seed,
            clients=draw_clients(dice(seed, "clients"), suppliers),
            suppliers=suppliers,
            buyers=draw_buyers(dice(seed, "buyers")),
        )

    @property
    def office(self) -> Firm:
        return self.suppliers["accounting"][0].firm

    def month(
        self, today: date, *, sales: int = SALES, purchases: int = PURCHASES
    ) -> list[Document]:
        """The invoices of the 30 days up to `today`, in order of day; the same ones every time."""
        random = dice(self.seed, f"month to {today}")
        days, numbering = Days.up_to(today), Numbering()
        bought = draw_purchases(
            random, self.clients, self.suppliers, days.draw(random, purchases), numbering
        )
        sold = draw_sales(
            random,
            self.clients,
            self.buyers,
            buyers_abroad(),
            days.draw(random, sales),
            numbering,
        )
        documents = [*with_other_kinds(random, bought), *with_other_kinds(random, sold)]
        return sorted(documents, key=lambda document: document.made_at)


def with_other_kinds(random: Random, documents: Iterable[Document]) -> Iterator[Document]:
    """The documents, some of which became corrections, advances and settlements."""
    for document in documents:
        chance = random.random()
        if chance < CORRECTION_SHARE:
            yield correct(random, document)
        elif chance > 1 - ADVANCE_SHARE and can_be_advanced(document):
            yield advance_for(random, document)
        elif chance > 1 - ADVANCE_SHARE - SETTLEMENT_SHARE and can_be_advanced(document):
            yield settlement_of(random, document)
        else:
            yield document
