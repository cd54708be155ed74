"""A folder of invoices with the postings that people recorded, in order of receipt."""

import csv
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from obieg.core.errors import UserFixable
from obieg.fa.parse import parse
from obieg.posting.parts import parts_of
from obieg.posting.suggestion import Case, Treatment

PURCHASE = "purchase"  # as inbox.models.Direction, which needs a database
COLUMNS = frozenset(
    [
        "sequence",
        "file",
        "received_at",
        "client_nip",
        "line_number",
        "account",
        "vat_register",
        "vat_deductible_percent",
        "kpir_column",
        "cost_centre",
        "project",
    ]
)


class NotAnEvaluationFolder(UserFixable):
    """The folder lacks the labels or the invoices that an evaluation needs."""

    code = "posting.not_an_evaluation_folder"
    message_pl = "Katalog {folder} nie nadaje się do oceny: {problem}."


@dataclass(frozen=True, slots=True)
class Played:
    """A document, when it was received, and how its labelled lines were posted."""

    file: str
    month: str  # YYYY-MM
    case: Case
    labels: dict[int, Treatment]  # by NrWierszaFa


def documents_in(folder: Path) -> Iterator[Played]:
    """The documents of `folder`, the first received first. Raises `NotAnEvaluationFolder`."""
    read = _reader(folder)
    for file, rows in groupby(_rows(folder), key=lambda row: row["file"]):
        yield _played(folder, read, file, list(rows))


def _rows(folder: Path) -> list[dict[str, str]]:
    try:
        with (folder / "labels.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file, delimiter=";"))
    except OSError as error:
        raise NotAnEvaluationFolder(folder=folder, problem="brak labels.csv") from error
    if not rows or COLUMNS - set(rows[0]):
        missing = ", ".join(sorted(COLUMNS - set(rows[0] if rows else ())))
        raise NotAnEvaluationFolder(folder=folder, problem=f"labels.csv bez kolumn {missing}")
    return sorted(rows, key=lambda row: int(row["sequence"]))


def _reader(folder: Path) -> Callable[[str], bytes]:
    if (folder / "invoices.zip").is_file():
        return zipfile.ZipFile(folder / "invoices.zip").read
    if (folder / "invoices").is_dir():
        return lambda name: (folder / "invoices" / name).read_bytes()
    raise NotAnEvaluationFolder(folder=folder, problem="brak invoices.zip i katalogu invoices")


def _played(
    folder: Path, read: Callable[[str], bytes], file: str, rows: list[dict[str, str]]
) -> Played:
    try:
        invoice = parse(read(file))
    except (KeyError, OSError) as error:
        raise NotAnEvaluationFolder(folder=folder, problem=f"brak faktury {file}") from error
    client = int(rows[0]["client_nip"])
    case = Case(client, PURCHASE, invoice.seller.tax_id, parts_of(invoice), invoice)
    labels = {int(row["line_number"]): _treatment(row) for row in rows}
    return Played(file, rows[0]["received_at"][:7], case, labels)


def _treatment(row: dict[str, str]) -> Treatment:
    column = row["kpir_column"]
    return Treatment(
        row["account"],
        row["vat_register"],
        int(row["vat_deductible_percent"] or 0),
        int(column) if column else None,
        row["cost_centre"],
        row["project"],
    )
