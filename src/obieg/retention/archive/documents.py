"""The documents of the file: XML and receipts, a ZIP for each month, so that nothing grows long."""

import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models.functions import TruncMonth

from obieg.core.errors import UserFixable
from obieg.core.polish import WARSAW
from obieg.inbox.models import Direction, InvoiceXml, Quarantined
from obieg.office.models import Client
from obieg.retention.fates import Table, rows_of
from obieg.sales.models import SaleXml, Upo
from obieg.sales.storage import bytes_of

AT_ONCE = 200  # documents in memory; the largest is 3,000,000 bytes
_FOLDERS = {Direction.PURCHASE: "zakup", Direction.SALE: "sprzedaz", Direction.OTHER: "inne"}


@dataclass(frozen=True, slots=True)
class Papers:
    """Bytes of one table: `folder/2026-11.zip`, by the month of `when`."""

    folder: str
    about: str  # Polish, for the README
    table: Table
    when: str
    name: Callable[[Any], str]
    data: Callable[[Any], bytes]
    related: tuple[str, ...] = ()


def _invoice_name(row: InvoiceXml) -> str:
    return f"{_FOLDERS[Direction(row.invoice.direction)]}/{row.invoice.ksef_number}.xml"


PAPERS = (
    Papers(
        "faktury",
        "faktury pobrane z KSeF, bajt w bajt, według daty wystawienia",
        InvoiceXml,
        "invoice__issue_date",
        _invoice_name,
        lambda row: bytes(row.xml),
        ("invoice",),
    ),
    Papers(
        "wystawione",
        "faktury wystawione w Obiegu, każda wersja, jak ją wysłano",
        SaleXml,
        "at",
        lambda row: f"{row.sale_id}-wersja-{row.version}.xml",
        bytes_of,
    ),
    Papers(
        "upo",
        "urzędowe poświadczenia odbioru",
        Upo,
        "received_at",
        lambda row: f"{row.pk}.xml",
        bytes_of,
    ),
    Papers(
        "nieczytelne",
        "pliki, których nie udało się odczytać",
        Quarantined,
        "at",
        lambda row: f"{row.pk}.xml",
        lambda row: bytes(row.content),
    ),
)


@dataclass(slots=True)
class Written:
    """How many documents went in, and which could not be read: path and why."""

    count: int
    missing: list[tuple[str, str]]


def months_of(papers: Papers, client: Client) -> list[date]:
    """The first days of the months that have documents, in order."""
    rows = rows_of(papers.table, client)
    trunc = TruncMonth(papers.when, tzinfo=WARSAW if _is_moment(papers) else None)
    months = rows.annotate(month=trunc).values_list("month", flat=True)
    return sorted({_day(month) for month in months.distinct().order_by() if month})


def write_month(target: Any, papers: Papers, client: Client, month: date) -> Written:
    """The month's documents as a ZIP into `target`, which need not be seekable."""
    written = Written(0, [])
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for row in _rows(papers, client, month):
            name = papers.name(row)
            try:
                archive.writestr(name, papers.data(row))
            except UserFixable as error:
                written.missing.append((f"{papers.folder}/{name}", str(error)))
            written.count += 1
    return written


def _rows(papers: Papers, client: Client, month: date) -> Iterator[Any]:
    rows = rows_of(papers.table, client).select_related(*papers.related).order_by("pk")
    rows = rows.filter(**{f"{papers.when}__year": month.year, f"{papers.when}__month": month.month})
    last = 0
    while chunk := list(rows.filter(pk__gt=last)[:AT_ONCE]):
        yield from chunk
        last = chunk[-1].pk


def _is_moment(papers: Papers) -> bool:
    table: Any = papers.table
    *relations, name = papers.when.split("__")
    for relation in relations:
        table = table._meta.get_field(relation).related_model
    return isinstance(table._meta.get_field(name), models.DateTimeField)


def _day(month: date) -> date:
    return month.date() if isinstance(month, datetime) else month
