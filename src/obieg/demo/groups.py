"""The order in which the demo's clients come: a few of the first accountant's before all others."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from obieg.demo.logins import LOGINS, Login
from obieg.demo.staff import deal
from obieg.demo.waves import Waves
from obieg.demo.world.clients import Client as Firm
from obieg.demo.world.documents import Document

TOGETHER = 10  # clients that are brought at once
FIRST = 6  # of the first group: people wait for it, and most of that for what was decided before
SPREAD = 6  # the first group takes every sixth of the first accountant's: many trades


@dataclass(frozen=True, slots=True)
class Group:
    """Clients with their accountants and their invoices, in order of day."""

    number: int  # from 1
    members: list[tuple[Firm, Login]]
    older: list[Document]
    arriving: list[Document]

    @property
    def firms(self) -> list[Firm]:
        return [firm for firm, _ in self.members]


def groups_of(firms: Sequence[Firm], waves: Waves) -> list[Group]:
    """All the firms in groups; the first group is what somebody who logs in first wants to see."""
    older, arriving = by_client(waves.older), by_client(waves.arriving)
    return [
        Group(
            number=number,
            members=members,
            older=in_order(older[firm.firm.nip] for firm, _ in members),
            arriving=in_order(arriving[firm.firm.nip] for firm, _ in members),
        )
        for number, members in enumerate(divided(list(deal(firms))), 1)
    ]


def divided(dealt: Sequence[tuple[Firm, Login]]) -> Iterator[list[tuple[Firm, Login]]]:
    """A few of the first accountant's, then the rest of hers, then everybody's."""
    hers = [pair for pair in dealt if pair[1] is LOGINS[0]]
    first = hers[::SPREAD][:FIRST]
    yield first
    left = [pair for pair in hers if pair not in first]
    left += [pair for pair in dealt if pair[1] is not LOGINS[0]]
    for start in range(0, len(left), TOGETHER):
        yield left[start : start + TOGETHER]


def by_client(documents: Iterable[Document]) -> defaultdict[str, list[Document]]:
    """The documents by the NIP of the side that the office serves."""
    found: defaultdict[str, list[Document]] = defaultdict(list)
    for document in documents:
        found[document.client.firm.nip].append(document)
    return found


def in_order(lots: Iterable[list[Document]]) -> list[Document]:
    """All of `lots` in order of day."""
    return sorted((it for lot in lots for it in lot), key=lambda document: document.made_at)
