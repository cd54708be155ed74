"""Taking documents in: known ones recognised, new ones read and stored, unreadable ones kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from obieg.inbox import quarantine, rows
from obieg.inbox.directions import Directions
from obieg.inbox.known import Known, note_role, numbers_known
from obieg.inbox.models import Direction
from obieg.inbox.reading import Readable, Refused
from obieg.inbox.rows import Receipt
from obieg.inbox.signals import Arrival, invoices_stored
from obieg.office.models import Client


@dataclass(slots=True)
class Tally:
    """What became of the files."""

    seen: int = 0
    stored: int = 0
    quarantined: int = 0

    def add(self, other: "Tally") -> None:
        self.seen += other.seen
        self.stored += other.stored
        self.quarantined += other.quarantined


@dataclass(slots=True)
class _Sorted:
    """The files of one chunk, by what is to be done with them."""

    fresh: list[tuple[Readable, Direction]] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    promoted: list[Arrival] = field(default_factory=list)


def take_in(client: Client, receipt: Receipt, items: Sequence[Readable | Refused]) -> Tally:
    """Store what is new among `items`; runs inside the caller's transaction and client's lock.

    A document that the client has already is left as it is; a new role is added to it. One that
    could not be read is kept in Quarantined and counts as covered. The rooms above learn of the
    new ones by `invoices_stored`, in the same transaction.
    """
    items = list({item.file.ksef_number: item for item in items}.values())
    known = numbers_known(client, [item.file.ksef_number for item in items])
    directions = Directions(client)
    batch = _sort(items, known, receipt, directions)
    arrivals = _store(batch.fresh, receipt) + batch.promoted
    quarantine.keep_aside(batch.refused, receipt)
    if arrivals:
        invoices_stored.send(
            sender=Receipt, client=client, arrivals=arrivals, received_at=receipt.received_at
        )
    if batch.fresh:
        quarantine.release(client, [item.file.ksef_number for item, _ in batch.fresh])
    return Tally(seen=len(items), stored=len(batch.fresh), quarantined=len(batch.refused))


def _sort(
    items: Sequence[Readable | Refused],
    known: dict[str, Known],
    receipt: Receipt,
    directions: Directions,
) -> _Sorted:
    batch = _Sorted()
    for item in items:
        stored = known.get(item.file.ksef_number)
        if isinstance(item, Refused):
            if stored is None:
                batch.refused.append(item)
            continue
        direction = directions.of(receipt.role, item.document)
        if stored is None:
            batch.fresh.append((item, direction))
        elif note_role(stored, receipt.role, direction):
            batch.promoted.append(Arrival(stored.invoice_id, direction, item.document))
    return batch


def _store(fresh: Sequence[tuple[Readable, Direction]], receipt: Receipt) -> list[Arrival]:
    if not fresh:
        return []
    ids = rows.next_ids(len(fresh))
    stored = [(key, *pair) for key, pair in zip(ids, fresh, strict=True)]
    rows.copy_invoices(rows.row_of(key, receipt, item, way) for key, item, way in stored)
    rows.copy_xml((key, item.file.xml) for key, item, _ in stored)
    return [Arrival(key, way, item.document) for key, item, way in stored]
