"""Verifying: the chain is computed anew from the records and compared with its seals and anchor."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from obieg.audit.models import Seal
from obieg.audit.sealing import GENESIS, digest_of, reach_of


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something that was changed; `seal` is the first number that tells."""

    seal: int
    text: str  # Polish


def verify(anchor: Path | None = None) -> Iterator[Flaw]:
    """Every flaw of the chain, in order; none means that nothing sealed was changed.

    With `anchor` (a copy of the anchor file kept elsewhere) also what was cut off or rewritten
    together with its seals is found.
    """
    digest, after, number = GENESIS, reach_of(None), 0
    known: dict[int, str] = {}
    for seal in Seal.objects.iterator():
        number += 1
        if seal.number != number:
            yield Flaw(number, f"brakuje plomby {number} (jest {seal.number})")
            number = seal.number
        computed, count = digest_of(digest, after, reach_of(seal))
        if computed != seal.digest or count != seal.records:
            yield Flaw(seal.number, _changed(seal, count))
        digest, after = seal.digest, reach_of(seal)
        known[seal.number] = seal.digest
    if anchor is not None:
        yield from _against_anchor(anchor, known)


def _changed(seal: Seal, count: int) -> str:
    when = f"plomba {seal.number} z {seal.at:%d.%m.%Y %H:%M}"
    if count != seal.records:
        return f"{when}: wpisów jest {count}, zaplombowano {seal.records}"
    return f"{when}: treść wpisów zmieniono po zaplombowaniu"


def _against_anchor(anchor: Path, known: dict[int, str]) -> Iterator[Flaw]:
    for line in anchor.read_text(encoding="ascii").splitlines():
        number, _, digest = line.split(" ")
        found = known.get(int(number))
        if found is None:
            yield Flaw(int(number), f"plomba {number} jest w pliku kotwicy, a nie ma jej w bazie")
        elif found != digest:
            yield Flaw(int(number), f"plomba {number} w bazie różni się od pliku kotwicy")
