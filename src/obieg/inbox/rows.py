"""Rows of received invoices, written by COPY: no object of the database layer stands between."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from obieg.inbox import columns
from obieg.inbox.models import Direction, Role
from obieg.inbox.reading import Readable

COLUMNS = (
    *("id", "client_id", "ksef_number", "environment", "direction", "roles", "package_id"),
    *("received_at", "stored_at", "acquired_at", "sha256", "size"),
    *columns.NAMES,
)


@dataclass(frozen=True, slots=True)
class Receipt:
    """On whose behalf, in which role and when documents are received."""

    client_id: int
    environment: str
    role: Role
    package_id: int | None
    received_at: datetime


def row_of(
    invoice_id: int, receipt: Receipt, item: Readable, direction: Direction
) -> tuple[Any, ...]:
    """A whole row, in the order of COLUMNS."""
    return (
        invoice_id,
        receipt.client_id,
        item.file.ksef_number,
        receipt.environment,
        str(direction),
        [str(receipt.role)],
        receipt.package_id,
        receipt.received_at,
        item.marks.stored_at,
        item.marks.acquired_at,
        item.marks.sha256,
        len(item.file.xml),
        *item.columns,
    )


def next_ids(count: int) -> Sequence[int]:
    """`count` ids of invoices, taken from their sequence."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('inbox_invoice', 'id'))"
            " FROM generate_series(1, %s)",
            [count],
        )
        return [row[0] for row in cursor.fetchall()]


def copy_invoices(rows: Iterable[tuple[Any, ...]]) -> None:
    """Write whole rows of invoices."""
    names = ", ".join(COLUMNS)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY inbox_invoice ({names}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)


def copy_xml(rows: Iterable[tuple[int, bytes]]) -> None:
    """Write the bytes of invoices, by id, as they came."""
    statement = "COPY inbox_invoicexml (invoice_id, xml) FROM STDIN (FORMAT BINARY)"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.set_types(["int8", "bytea"])
        for row in rows:
            copy.write_row(row)
