"""Stored invoices: bytes as given, metadata, the parties that may see them."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ksef_emulator.clock import iso, to_datetime
from ksef_emulator.crypto import sha256_base64
from ksef_emulator.identifiers import Identifier
from ksef_emulator.invoices.document import Document, Party
from ksef_emulator.world import World

SUBJECT1, SUBJECT2, SUBJECT3, AUTHORIZED = "Subject1", "Subject2", "Subject3", "SubjectAuthorized"
COLUMNS = (
    "id, ksef_number, seller_nip, kind, number, issue_date, invoicing, acquisition, storage,"
    " net, vat, gross, currency, mode, form, type, self_invoicing, attachment, buyer_type,"
    " buyer_value, hash, session, meta"
)
PLACES = ", ".join("?" for _ in COLUMNS.split(","))


@dataclass(frozen=True)
class Arrival:
    """An invoice on its way into the repository, its times in microseconds."""

    document: Document
    content: bytes
    invoicing: int
    acquisition: int
    storage: int
    mode: str = "Online"
    session: str | None = None
    corrected_hash: str | None = None


@dataclass(frozen=True)
class Stored:
    """What a sender is told of his invoice."""

    ksef_number: str
    hash: str
    arrival: Arrival


def store_invoices(world: World, arrivals: Iterable[Arrival]) -> list[Stored]:
    """Give every invoice its number and store it, all in one transaction."""
    invoices: list[tuple[Any, ...]] = []
    contents: list[tuple[int, bytes]] = []
    parties: list[tuple[Any, ...]] = []
    stored: list[Stored] = []
    with world.db.transaction():
        row = world.db.row("SELECT COALESCE(MAX(id), 0) FROM invoices")
        first = row[0] + 1 if row else 1
        for key, arrival in enumerate(arrivals, first):
            number = world.numbering.ksef_number(
                arrival.document.seller.value or "", to_datetime(arrival.invoicing)
            )
            digest = sha256_base64(arrival.content)
            invoices.append(_row(key, arrival, number, digest))
            contents.append((key, arrival.content))
            parties.extend(
                (value, role, arrival.storage, key) for value, role in _viewers(arrival.document)
            )
            stored.append(Stored(number, digest, arrival))
        world.db.executemany(f"INSERT INTO invoices ({COLUMNS}) VALUES ({PLACES})", invoices)  # noqa: S608  # constants
        world.db.executemany("INSERT INTO contents VALUES (?, ?)", contents)
        world.db.executemany("INSERT OR IGNORE INTO parties VALUES (?, ?, ?, ?)", parties)
    return stored


def _row(key: int, arrival: Arrival, number: str, digest: str) -> tuple[Any, ...]:
    document = arrival.document
    return (
        key,
        number,
        document.seller.value,
        document.kind,
        document.number,
        document.issue_date,
        arrival.invoicing,
        arrival.acquisition,
        arrival.storage,
        groszy(document.net),
        groszy(document.vat),
        groszy(document.gross),
        document.currency,
        arrival.mode,
        document.form.value,
        document.type,
        document.self_invoicing,
        document.attachment,
        document.buyer.type,
        document.buyer.value,
        digest,
        arrival.session,
        _metadata(arrival, number, digest),
    )


def groszy(amount: Decimal) -> int:
    """An amount in hundredths, as filters compare it."""
    return int((amount * 100).to_integral_value())


def _viewers(document: Document) -> Iterable[tuple[str, str]]:
    """Values of contexts that see the invoice, each with the role in which they see it."""
    seller = document.seller.value
    if seller:
        yield seller, SUBJECT1
    yield from _as_viewer(document.buyer, SUBJECT2)
    if document.buyer.type == "VatUe" and document.self_invoicing:
        yield f"{seller}-{document.buyer.value}", SUBJECT2
    for third in document.thirds:
        yield from _as_viewer(third, SUBJECT3)
    if document.authorized is not None:
        yield from _as_viewer(document.authorized, AUTHORIZED)


def _as_viewer(party: Party, role: str) -> Iterable[tuple[str, str]]:
    if party.type in {"Nip", "InternalId"} and party.value:
        yield party.value, role


def _metadata(arrival: Arrival, number: str, digest: str) -> str:
    """The specification's InvoiceMetadata as JSON text, amounts to the grosz."""
    document = arrival.document
    body: dict[str, Any] = {
        "ksefNumber": number,
        "invoiceNumber": document.number,
        "issueDate": document.issue_date,
        "invoicingDate": iso(arrival.invoicing),
        "acquisitionDate": iso(arrival.acquisition),
        "permanentStorageDate": iso(arrival.storage),
        "seller": {"nip": document.seller.value, "name": document.seller.name},
        "buyer": {
            "identifier": {"type": document.buyer.type, "value": document.buyer.value},
            "name": document.buyer.name,
        },
        "currency": document.currency,
        "invoicingMode": arrival.mode,
        "invoiceType": document.type,
        "formCode": document.form.as_json(),
        "isSelfInvoicing": document.self_invoicing,
        "hasAttachment": document.attachment,
        "invoiceHash": digest,
        "hashOfCorrectedInvoice": arrival.corrected_hash,
        "thirdSubjects": [_third(party) for party in document.thirds],
        "authorizedSubject": _authorized(document.authorized),
    }
    # written by hand: an amount must not pass through a binary fraction
    amounts = (
        f'"netAmount":{document.net:.2f},"vatAmount":{document.vat:.2f},'
        f'"grossAmount":{document.gross:.2f}'
    )
    return f"{json.dumps(body, ensure_ascii=False)[:-1]},{amounts}}}"


def _third(party: Party) -> dict[str, Any]:
    return {
        "identifier": {"type": party.type, "value": party.value},
        "name": party.name,
        "role": party.role,
    }


def _authorized(party: Party | None) -> dict[str, Any] | None:
    if party is None:
        return None
    return {"nip": party.value, "name": party.name, "role": party.role}


def find_duplicate(world: World, document: Document) -> tuple[str, str | None] | None:
    """KSeF number and session of the same seller's invoice of this number and kind, if stored."""
    row = world.db.row(
        "SELECT ksef_number, session FROM invoices"
        " WHERE seller_nip = ? AND number = ? AND kind = ?",
        (document.seller.value, document.number, document.kind),
    )
    return (row[0], row[1]) if row else None


def content_for(world: World, ksef_number: str, context: Identifier) -> tuple[bytes, str] | None:
    """The bytes and hash of an invoice that the context may see, or None."""
    found: tuple[bytes, str] | None = world.db.row(
        "SELECT xml, hash FROM invoices JOIN contents ON invoice_id = id WHERE ksef_number = ?"
        " AND EXISTS (SELECT 1 FROM parties WHERE value = ? AND parties.invoice_id = id)",
        (ksef_number, context.value),
    )
    return found


def is_announced_later(world: World, ksef_number: str) -> bool:
    """Whether the sender himself is not told of the number yet (slow processing)."""
    row = world.db.row("SELECT ready FROM sent WHERE ksef_number = ?", (ksef_number,))
    return row is not None and row[0] > world.clock.micros()
