"""State in SQLite: one connection, one writer, records by noun, invoices in columns."""

import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import IO, Any, Generic, TypeVar

from pydantic import BaseModel

SCHEMA = """
CREATE TABLE IF NOT EXISTS records (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL, key TEXT NOT NULL, owner TEXT NOT NULL, tag TEXT NOT NULL,
    body TEXT NOT NULL, UNIQUE (kind, key));
CREATE INDEX IF NOT EXISTS records_by_owner ON records (kind, owner, seq);
CREATE INDEX IF NOT EXISTS records_by_tag ON records (kind, tag, seq);
CREATE TABLE IF NOT EXISTS blobs (key TEXT PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS invoices (
    id INTEGER PRIMARY KEY,
    ksef_number TEXT NOT NULL UNIQUE, seller_nip TEXT NOT NULL, kind TEXT NOT NULL,
    number TEXT NOT NULL, issue_date TEXT NOT NULL, invoicing INTEGER NOT NULL,
    acquisition INTEGER NOT NULL, storage INTEGER NOT NULL, net INTEGER NOT NULL,
    vat INTEGER NOT NULL, gross INTEGER NOT NULL, currency TEXT NOT NULL, mode TEXT NOT NULL,
    form TEXT NOT NULL, type TEXT NOT NULL, self_invoicing INTEGER NOT NULL,
    attachment INTEGER NOT NULL, buyer_type TEXT NOT NULL, buyer_value TEXT,
    hash TEXT NOT NULL, session TEXT, meta TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS invoices_by_number ON invoices (seller_nip, number, kind);
CREATE INDEX IF NOT EXISTS invoices_by_hash ON invoices (hash);
CREATE TABLE IF NOT EXISTS contents (invoice_id INTEGER PRIMARY KEY, xml BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS sent (
    reference TEXT PRIMARY KEY, session TEXT NOT NULL, ordinal INTEGER NOT NULL,
    hash TEXT NOT NULL, invoicing INTEGER NOT NULL, ready INTEGER NOT NULL,
    offline INTEGER NOT NULL, corrected_hash TEXT, file_name TEXT, code INTEGER NOT NULL,
    verdict TEXT NOT NULL, number TEXT, ksef_number TEXT, acquisition INTEGER, storage INTEGER,
    mode TEXT);
CREATE INDEX IF NOT EXISTS sent_by_session ON sent (session, ordinal);
CREATE INDEX IF NOT EXISTS sent_by_hash ON sent (hash);
CREATE INDEX IF NOT EXISTS sent_by_correction ON sent (corrected_hash);
CREATE TABLE IF NOT EXISTS parties (
    value TEXT NOT NULL, role TEXT NOT NULL, storage INTEGER NOT NULL,
    invoice_id INTEGER NOT NULL, PRIMARY KEY (value, role, storage, invoice_id)) WITHOUT ROWID;
"""

T = TypeVar("T", bound=BaseModel)
PIECE = 1024 * 1024  # bytes of a blob moved at once


class Database:
    """One SQLite connection that threads share under a lock."""

    def __init__(self, path: str) -> None:
        self.lock = threading.RLock()
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.executescript(SCHEMA)
        self._depth = 0

    def rows(self, sql: str, parameters: Iterable[Any] = ()) -> list[tuple[Any, ...]]:
        """Every row of a query."""
        with self.lock:
            return self._connection.execute(sql, tuple(parameters)).fetchall()

    def row(self, sql: str, parameters: Iterable[Any] = ()) -> tuple[Any, ...] | None:
        """The first row of a query, or None."""
        with self.lock:
            found: tuple[Any, ...] | None = self._connection.execute(
                sql, tuple(parameters)
            ).fetchone()
            return found

    def execute(self, sql: str, parameters: Iterable[Any] = ()) -> None:
        """Run one statement."""
        with self.lock:
            self._connection.execute(sql, tuple(parameters))

    def executemany(self, sql: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Run one statement for every row."""
        with self.lock:
            self._connection.executemany(sql, rows)

    def put_blob(self, key: str, source: IO[bytes], size: int) -> None:
        """Store `size` bytes of a file under `key`, a piece at a time."""
        with self.transaction():
            cursor = self._connection.execute(
                "INSERT OR REPLACE INTO blobs VALUES (?, zeroblob(?))", (key, size)
            )
            with self._connection.blobopen("blobs", "data", cursor.lastrowid or 0) as blob:
                while piece := source.read(PIECE):
                    blob.write(piece)

    def blob_size(self, key: str) -> int | None:
        """Bytes under `key`, None where there is nothing."""
        row = self.row("SELECT LENGTH(data) FROM blobs WHERE key = ?", (key,))
        return int(row[0]) if row else None

    def blob_pieces(self, key: str) -> Iterator[bytes]:
        """What lies under `key`, a piece at a time; others may work in between."""
        row = self.row("SELECT rowid, LENGTH(data) FROM blobs WHERE key = ?", (key,))
        number, size = row or (0, 0)
        for start in range(0, size, PIECE):
            yield self._piece(number, start)

    def _piece(self, number: int, start: int) -> bytes:
        with self.lock, self._connection.blobopen("blobs", "data", number, readonly=True) as blob:
            blob.seek(start)
            return blob.read(PIECE)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; transactions may nest, the outermost commits."""
        with self.lock:
            outermost = not self._depth
            if outermost:
                self._connection.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                if outermost:
                    self._connection.execute("ROLLBACK")
                raise
            else:
                if outermost:
                    self._connection.execute("COMMIT")
            finally:
                self._depth -= 1

    def close(self) -> None:
        """Close the connection; the file keeps the state."""
        with self.lock:
            self._connection.close()


class Shelf(Generic[T]):
    """Records of one noun, found by key, by owner (a context) or by tag (a subject)."""

    def __init__(self, database: Database, kind: str, model: type[T]) -> None:
        self._database = database
        self._kind = kind
        self._model = model

    def put(self, key: str, item: T, *, owner: str = "", tag: str = "") -> None:
        """Store `item` under `key`, in place of what stood there."""
        self._database.execute(
            "INSERT INTO records (kind, key, owner, tag, body) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (kind, key) DO UPDATE SET owner = excluded.owner, tag = excluded.tag,"
            " body = excluded.body",
            (self._kind, key, owner, tag, item.model_dump_json()),
        )

    def get(self, key: str) -> T | None:
        """The record under `key`, or None."""
        row = self._database.row(
            "SELECT body FROM records WHERE kind = ? AND key = ?", (self._kind, key)
        )
        return self._model.model_validate_json(row[0]) if row else None

    def find(self, *, owner: str | None = None, tag: str | None = None) -> list[T]:
        """Records of an owner, a tag, both or all, the newest first."""
        sql, parameters = "SELECT body FROM records WHERE kind = ?", [self._kind]
        for column, value in (("owner", owner), ("tag", tag)):
            if value is not None:
                sql += f" AND {column} = ?"
                parameters.append(value)
        rows = self._database.rows(f"{sql} ORDER BY seq DESC", parameters)
        return [self._model.model_validate_json(body) for (body,) in rows]

    def delete(self, key: str) -> None:
        """Remove the record under `key`, if it is there."""
        self._database.execute("DELETE FROM records WHERE kind = ? AND key = ?", (self._kind, key))
