"""Verifying: the chain is computed anew from the records and compared with its seals and anchor."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from obieg.audit.models import Pruning, Seal
from obieg.audit.records import (
    Reach,
    calls_between,
    events_between,
    uses_between,
    whole_between,
)
from obieg.audit.sealing import GENESIS, Part, link_digest, part_of, reach_of
from obieg.office.models import Event


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something that was changed; `seal` is the first number that tells."""

    seal: int
    text: str  # Polish


def verify(anchor: Path | None = None) -> Iterator[Flaw]:
    """Every flaw of the chain, in order; none means that nothing sealed was changed.

    What was removed because of its age is no flaw where the trail tells of it; the seals still
    prove the rest. With `anchor` (a copy of the anchor file kept elsewhere) also what was cut off
    or rewritten together with its seals is found.
    """
    digest, after, number = GENESIS, reach_of(None), 0
    known: dict[int, str] = {}
    pruned = _pruned()
    for seal in Seal.objects.iterator():
        number += 1
        if seal.number != number:
            yield Flaw(number, f"brakuje plomby {number} (jest {seal.number})")
            number = seal.number
        yield from _flaws_of(seal, digest, after, pruned)
        digest, after = seal.digest, reach_of(seal)
        known[seal.number] = seal.digest
    yield from _untold_prunings()
    if anchor is not None:
        yield from _against_anchor(anchor, known)


def _flaws_of(seal: Seal, previous: str, after: Reach, pruned: Mapping[str, int]) -> Iterator[Flaw]:
    if not seal.has_parts:
        whole = part_of(whole_between(after, reach_of(seal)), previous)
        if whole != (seal.digest, seal.records):
            yield Flaw(seal.number, _changed(seal, whole.records))
        return
    parts, is_whole = _parts_of(seal, after, pruned)
    count = sum(part.records for part in parts)
    told = seal.events_digest, seal.uses_digest, seal.calls_digest
    if is_whole and count != seal.records:
        yield Flaw(seal.number, _changed(seal, count))
    elif tuple(part.digest for part in parts) != told or seal.digest != link_digest(previous, seal):
        yield Flaw(seal.number, _changed(seal, seal.records))


def _parts_of(seal: Seal, after: Reach, pruned: Mapping[str, int]) -> tuple[list[Part], bool]:
    """The digests of the three sources; of what was pruned, where nothing is left, the seal's."""
    parts = [part_of(events_between(after.events, seal.events_to))]
    is_whole = True
    aged = ("uses", uses_between, after.uses), ("calls", calls_between, after.calls)
    for source, reader, low in aged:
        high = getattr(seal, f"{source}_to")
        part = part_of(reader(low, high))
        if low < high <= pruned[source] and not part.records:
            part, is_whole = Part(getattr(seal, f"{source}_digest"), 0), False
        parts.append(part)
    return parts, is_whole


def _pruned() -> dict[str, int]:
    """The last id of each source that was removed because of its age."""
    reached = dict.fromkeys(Pruning.Source.values, 0)
    for pruning in Pruning.objects.all():
        reached[pruning.source] = max(reached[pruning.source], pruning.to_id)
    return reached


def _untold_prunings() -> Iterator[Flaw]:
    entries = Event.objects.across_clients().filter(thing="audit.pruning", kind="prune")
    told = {event.thing_id: event.after for event in entries}
    for row in Pruning.objects.all():
        says = {"source": row.source, "from": row.from_id, "to": row.to_id, "count": row.records}
        entry = told.get(row.pk, {})
        if {name: entry.get(name) for name in says} != says:
            yield Flaw(row.seal, f"ślad nie mówi o usunięciu nr {row.pk} ({row.source})")


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
