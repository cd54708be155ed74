"""Sessions and the invoices sent in them."""

import json
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from ksef_emulator.identifiers import Identifier
from ksef_emulator.storage import Shelf
from ksef_emulator.wire import Choice, Model
from ksef_emulator.world import World


class SessionKind(Choice):
    """How invoices are sent."""

    ONLINE = "Online"
    BATCH = "Batch"


class UpoPage(Model):
    """A page of the session's UPO: invoices by ordinal number, both ends included."""

    reference: str
    page: int
    pages: int
    first: int
    last: int
    total: int


class BatchPart(Model):
    """A declared part: size in bytes and hash of its ciphertext."""

    ordinal: int
    size: int
    hash: str
    blob: str


class Session(Model):
    """One session; `code` is the specification's status."""

    reference: str
    kind: SessionKind
    context: Identifier
    subject: Identifier
    authentication: str  # its reference number
    permissions: frozenset[str]  # what the sender was allowed when he opened it
    system_code: str  # of the form
    key: str | None  # AES key, Base64; None where it could not be decrypted
    iv: str
    created: datetime
    updated: datetime
    valid_until: datetime
    code: int = 100
    ready: int = 0  # microseconds: until then a closed session is "in progress"
    details: tuple[str, ...] = ()
    closed: datetime | None = None
    checks_identifiers: bool = False  # X-KSeF-Feature: subject-identifier-validation
    offline: bool = False
    file_hash: str | None = None
    compression: str = "Zip"
    parts: tuple[BatchPart, ...] = ()
    upo: tuple[UpoPage, ...] = ()


def sessions(world: World) -> Shelf[Session]:
    """Sessions by reference, owned by their context and tagged by their kind."""
    return Shelf(world.db, "session", Session)


def save_session(world: World, session: Session) -> None:
    """Store a new or changed session."""
    owner = str(session.context)
    sessions(world).put(session.reference, session, owner=owner, tag=session.kind)


SESSION_STATUS = {
    (SessionKind.ONLINE, 100): "Sesja interaktywna otwarta",
    (SessionKind.ONLINE, 170): "Sesja interaktywna zamknięta",
    (SessionKind.ONLINE, 200): "Sesja interaktywna przetworzona pomyślnie",
    (SessionKind.BATCH, 100): "Sesja wsadowa rozpoczęta",
    (SessionKind.BATCH, 150): "Trwa przetwarzanie",
    (SessionKind.BATCH, 200): "Sesja wsadowa przetworzona pomyślnie",
    405: "Błąd weryfikacji poprawności dostarczonych elementów paczki",
    415: "Błąd odszyfrowania dostarczonego klucza",
    420: "Przekroczony limit faktur w sesji",
    430: "Błąd dekompresji pierwotnego archiwum",
    435: "Błąd odszyfrowania zaszyfrowanych części archiwum",
    440: "Sesja anulowana",
    445: "Błąd weryfikacji, brak poprawnych faktur",
    500: "Nieznany błąd (500)",
}


def session_status(kind: SessionKind, code: int, details: tuple[str, ...]) -> dict[str, Any]:
    """The specification's StatusInfo of a session."""
    description = SESSION_STATUS.get((kind, code)) or SESSION_STATUS[code]
    status: dict[str, Any] = {"code": code, "description": description}
    return {**status, "details": list(details)} if details else status


INVOICE_STATUS = {
    100: "Faktura przyjęta do dalszego przetwarzania",
    150: "Trwa przetwarzanie",
    200: "Sukces",
    405: "Przetwarzanie anulowane z powodu błędu sesji",
    410: "Nieprawidłowy zakres uprawnień",
    415: "Brak możliwości wysyłania faktury z załącznikiem",
    430: "Błąd weryfikacji pliku faktury",
    435: "Błąd odszyfrowania pliku",
    440: "Duplikat faktury",
    450: "Błąd weryfikacji semantyki dokumentu faktury",
    500: "Nieznany błąd (500)",
    550: "Operacja została anulowana przez system",
}


@dataclass(frozen=True)
class Verdict:
    """What became of an invoice: the specification's code, details, extensions."""

    code: int
    details: tuple[str, ...] = ()
    extensions: dict[str, str | None] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The specification's InvoiceStatusInfo."""
        status: dict[str, Any] = {"code": self.code, "description": INVOICE_STATUS[self.code]}
        if self.details:
            status["details"] = list(self.details)
        if self.extensions:
            status["extensions"] = self.extensions
        return status


ACCEPTED = Verdict(200)


@dataclass(frozen=True)
class SentInvoice:
    """A row of `sent`: an invoice as it was sent; times in microseconds."""

    session: str
    ordinal: int
    reference: str
    hash: str
    invoicing: int
    ready: int
    offline: bool
    corrected_hash: str | None = None
    file_name: str | None = None
    verdict: Verdict = Verdict(100)
    number: str | None = None
    ksef_number: str | None = None
    acquisition: int | None = None
    storage: int | None = None
    mode: str | None = None


SENT_COLUMNS = (
    "session, ordinal, reference, hash, invoicing, ready, offline, corrected_hash, file_name,"
    " code, verdict, number, ksef_number, acquisition, storage, mode"
)
NAMES = tuple(entry.name for entry in fields(SentInvoice) if entry.name != "verdict")
FIELDS = (*NAMES[:9], "verdict", *NAMES[9:])
SENT_PLACES = ", ".join("?" for _ in SENT_COLUMNS.split(","))


def put_sent(world: World, invoices: list[SentInvoice]) -> None:
    """Store rows, in place of rows of the same reference."""
    world.db.executemany(
        f"INSERT OR REPLACE INTO sent ({SENT_COLUMNS}) VALUES ({SENT_PLACES})",  # noqa: S608  # constants
        [_to_row(invoice) for invoice in invoices],
    )


def find_sent(world: World, condition: str, *parameters: Any) -> list[SentInvoice]:
    """Rows by an SQL condition of this package, in the order of sending."""
    rows = world.db.rows(
        f"SELECT {SENT_COLUMNS} FROM sent WHERE {condition}",  # noqa: S608  # constants
        parameters,
    )
    return [_from_row(row) for row in rows]


def count_sent(world: World, session: str) -> int:
    """How many invoices a session has."""
    row = world.db.row("SELECT COUNT(*) FROM sent WHERE session = ?", (session,))
    return int(row[0]) if row else 0


def _to_row(sent: SentInvoice) -> tuple[Any, ...]:
    verdict = json.dumps([sent.verdict.details, sent.verdict.extensions], ensure_ascii=False)
    return (
        sent.session,
        sent.ordinal,
        sent.reference,
        sent.hash,
        sent.invoicing,
        sent.ready,
        sent.offline,
        sent.corrected_hash,
        sent.file_name,
        sent.verdict.code,
        verdict,
        sent.number,
        sent.ksef_number,
        sent.acquisition,
        sent.storage,
        sent.mode,
    )


def _from_row(row: tuple[Any, ...]) -> SentInvoice:
    details, extensions = json.loads(row[10])
    verdict = Verdict(row[9], tuple(details), extensions)
    values: dict[str, Any] = dict(zip(FIELDS, (*row[:9], verdict, *row[11:]), strict=True))
    return SentInvoice(**{**values, "offline": bool(row[6])})
