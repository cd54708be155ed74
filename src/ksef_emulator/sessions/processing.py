"""Processing: verdicts for sent invoices, KSeF numbers for the good ones."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import islice

from ksef_emulator.clock import to_datetime
from ksef_emulator.identifiers import WARSAW
from ksef_emulator.invoices.document import Document
from ksef_emulator.invoices.repository import Arrival, store_invoices
from ksef_emulator.sessions.records import ACCEPTED, SentInvoice, Session, put_sent
from ksef_emulator.sessions.verification import Examined, Verification, with_original
from ksef_emulator.world import World

CHUNK = 500  # invoices stored in one transaction
CHUNK_BYTES = 32 * 1024 * 1024


def process(
    world: World, session: Session, sent: Iterable[tuple[SentInvoice, bytes]]
) -> tuple[int, int]:
    """Judge and store; gives how many were accepted and how many refused."""
    verification = Verification(world, session)
    accepted = refused = 0
    incoming = iter(sent)
    while chunk := list(_chunk(incoming)):
        examined = [verification.examine(invoice, content) for invoice, content in chunk]
        good = _finish(world, session, chunk, examined)
        accepted += good
        refused += len(chunk) - good
    return accepted, refused


def _chunk(incoming: Iterator[tuple[SentInvoice, bytes]]) -> Iterator[tuple[SentInvoice, bytes]]:
    """The next invoices, as many as may lie in memory together."""
    size = 0
    for sent, content in islice(incoming, CHUNK):
        yield sent, content
        size += len(content)
        if size > CHUNK_BYTES:
            return


def _finish(
    world: World,
    session: Session,
    chunk: list[tuple[SentInvoice, bytes]],
    examined: list[Examined],
) -> int:
    """Store a chunk's results in one transaction; nothing may pass a high water mark meanwhile."""
    with world.db.transaction():
        good = [
            (sent, content, result.document)
            for (sent, content), result in zip(chunk, examined, strict=True)
            if result.verdict is ACCEPTED and result.document is not None
        ]
        stored = store_invoices(world, _arrivals(world, session, good))
        done = [
            replace(
                sent,
                verdict=ACCEPTED,
                number=item.arrival.document.number,
                ksef_number=item.ksef_number,
                acquisition=item.arrival.acquisition,
                storage=item.arrival.storage,
                mode=item.arrival.mode,
            )
            for (sent, _, _), item in zip(good, stored, strict=True)
        ]
        numbers = {row.number: row.ksef_number for row in done}
        put_sent(world, done)
        put_sent(world, list(_refused(chunk, examined, numbers)))
    return len(done)


def _refused(
    chunk: list[tuple[SentInvoice, bytes]],
    examined: list[Examined],
    numbers: dict[str | None, str | None],
) -> Iterator[SentInvoice]:
    for (sent, _), result in zip(chunk, examined, strict=True):
        if result.verdict is ACCEPTED:
            continue
        number = result.document.number if result.document else None
        original = numbers.get(number)
        missing = original and result.verdict.extensions.get("originalKsefNumber") is None
        verdict = result.verdict
        if verdict.code == 440 and original and missing:
            verdict = with_original(verdict, original)
        yield replace(sent, verdict=verdict, number=number)


def _arrivals(
    world: World, session: Session, good: list[tuple[SentInvoice, bytes, Document]]
) -> Iterator[Arrival]:
    for sent, content, document in good:
        yield Arrival(
            document,
            content,
            invoicing=sent.invoicing,
            acquisition=world.clock.tick(),
            storage=world.clock.tick(),
            mode=invoicing_mode(sent, document, to_datetime(sent.invoicing)),
            session=session.reference,
            corrected_hash=sent.corrected_hash,
        )


def invoicing_mode(sent: SentInvoice, document: Document, accepted: datetime) -> str:
    """Offline where declared, or where the day of issue is before the day of acceptance."""
    late = document.issue_date < accepted.astimezone(WARSAW).date().isoformat()
    return "Offline" if sent.offline or late else "Online"
