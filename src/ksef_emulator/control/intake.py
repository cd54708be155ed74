"""Putting invoices in as other firms' sales, past or present."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from pydantic import AwareDatetime, BaseModel

from ksef_emulator.clock import to_micros
from ksef_emulator.invoices.document import (
    Document,
    NotAnInvoice,
    form_of,
    parse_xml,
    read_document,
)
from ksef_emulator.invoices.repository import Arrival, Stored, find_duplicate, store_invoices
from ksef_emulator.schemas import SchemaMissing
from ksef_emulator.world import World

PROCESSING = 1_000_000  # microseconds from acceptance to the number
STORING = 500_000  # microseconds from the number to permanent storage


class Spread(BaseModel):
    """Between which moments the invoices got their numbers; now where nothing is said."""

    acquired_from: AwareDatetime | None = None
    acquired_to: AwareDatetime | None = None


def put_in(
    world: World, body: bytes, *, is_zip: bool, name: str, spread: Spread, check: bool
) -> dict[str, Any]:
    """Store every good invoice; tells which were taken and why the others were not."""
    files = _unpacked(body) if is_zip else iter([(name, body)])
    read: list[tuple[str, Document, bytes]] = []
    rejected = []
    seen: set[tuple[str | None, str, str]] = set()
    for file, content in files:
        try:
            document = _checked(world, content, check=check)
            _refuse_duplicate(world, document, seen)
        except (NotAnInvoice, SchemaMissing) as error:
            rejected.append({"file": file, "reason": str(error)})
        else:
            read.append((file, document, content))
    with world.db.lock:  # nothing may pass a high water mark between the tick and the insert
        stored = store_invoices(world, _arrivals(world, read, spread))
    accepted = [_accepted(file, item) for (file, _, _), item in zip(read, stored, strict=True)]
    return {"accepted": accepted, "rejected": rejected}


def _unpacked(body: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        for info in archive.infolist():
            if info.filename.lower().endswith(".xml"):
                yield info.filename, archive.read(info)


def _checked(world: World, content: bytes, *, check: bool) -> Document:
    root = parse_xml(content)
    form = form_of(root)
    errors = world.schemas.errors(form, root) if check else []
    if errors:
        raise NotAnInvoice("; ".join(errors))
    return read_document(root, form)


def _refuse_duplicate(
    world: World, document: Document, seen: set[tuple[str | None, str, str]]
) -> None:
    key = (document.seller.value, document.number, document.kind)
    known = find_duplicate(world, document)
    if key in seen or known:
        raise NotAnInvoice(f"Duplikat faktury{f' {known[0]}' if known else ''}.")
    seen.add(key)


def _arrivals(
    world: World, read: list[tuple[str, Document, bytes]], spread: Spread
) -> Iterator[Arrival]:
    """Moments evenly spread in the order of the files; `to` alone means the present until it."""
    start = to_micros(spread.acquired_from) if spread.acquired_from else None
    end = to_micros(spread.acquired_to) if spread.acquired_to else world.clock.micros()
    for place, (_, document, content) in enumerate(read):
        if start is None:
            moment = world.clock.tick()
            yield Arrival(document, content, moment, moment, moment)
            continue
        moment = start + (end - start) * place // max(len(read) - 1, 1)
        yield Arrival(
            document,
            content,
            invoicing=moment - PROCESSING,
            acquisition=moment,
            storage=moment + STORING,
        )


def _accepted(file: str, item: Stored) -> dict[str, Any]:
    document = item.arrival.document
    return {
        "file": file,
        "ksefNumber": item.ksef_number,
        "sellerNip": document.seller.value,
        "buyerNip": document.buyer.value if document.buyer.type == "Nip" else None,
        "sha256": item.hash,
    }
