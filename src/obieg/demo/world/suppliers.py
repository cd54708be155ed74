"""The sellers: some 400 invented firms of the kinds that real offices meet."""

from dataclasses import dataclass
from random import Random

from obieg.demo.world.firms import Firm, draw_firm, nips
from obieg.demo.world.items import Item, items_of
from obieg.demo.world.names import UniqueNames
from obieg.demo.world.supplier_kinds import KINDS, SupplierKind

FIRST_NIP = 200_000


@dataclass(frozen=True, slots=True)
class Supplier:
    """A seller of a kind, with the items that it keeps."""

    firm: Firm
    kind: SupplierKind
    items: tuple[Item, ...]


def draw_suppliers(random: Random) -> dict[str, list[Supplier]]:
    """Every seller by kind, the same ones for the same `random`."""
    numbers = nips(FIRST_NIP)
    names = UniqueNames(random)
    return {
        key: [
            Supplier(draw_firm(random, next(numbers), names.draw(kind.names)), kind, items_of(key))
            for _ in range(kind.count)
        ]
        for key, kind in KINDS.items()
    }
