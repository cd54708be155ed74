"""Writing the file: member after member, each hashed as it goes, only a page of rows held."""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from django.utils import timezone

from obieg.core.cells import plain_cell
from obieg.core.money import plain
from obieg.core.polish import WARSAW
from obieg.office.models import Client
from obieg.retention.archive.documents import PAPERS, Papers, months_of, write_month
from obieg.retention.archive.readme import readme
from obieg.retention.archive.sheets import (
    CARDS,
    NOT_TOLD,
    SHEETS,
    Labels,
    Sheet,
    fields_of,
)
from obieg.retention.fates import rows_of

AT_ONCE = 2000
BOM = "\ufeff"
Tell = Callable[[int, int], None]


def write_archive(target: Any, client: Client, *, tell: Tell) -> None:
    """Write everything of the client into `target`, which need not be seekable.

    `tell` hears how many documents are written and how many there are.
    """
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        made = _Made(archive)
        made.text("README.txt", readme(client, timezone.now()))
        made.text("klient.json", _json(_card(client)))
        for sheet in SHEETS:
            with made.member(sheet.path) as file:
                made.rows[sheet.path] = _write_sheet(file, sheet, client)
        missing = _write_papers(made, client, tell)
        if missing:
            made.text("braki.csv", _csv([("Plik", "Dlaczego go nie ma"), *missing]))
        made.text("manifest.json", _json({"pliki": made.files}))


class _Made:
    """The members written so far, for the manifest."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.files: list[dict[str, Any]] = []
        self.rows: dict[str, int] = {}

    @contextmanager
    def member(self, path: str, *, stored: bool = False) -> Iterator["_Hashing"]:
        """A member to write into; `stored` where it is packed already."""
        about = zipfile.ZipInfo(path, timezone.localtime().timetuple()[:6])
        about.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
        about.external_attr = 0o644 << 16
        with self._archive.open(about, "w", force_zip64=True) as plain_file:
            file = _Hashing(plain_file)
            yield file
        entry = {"plik": path, "bajtow": file.size, "sha256": file.sha256}
        if path in self.rows:
            entry["wierszy"] = self.rows[path]
        self.files.append(entry)

    def text(self, path: str, text: str) -> None:
        with self.member(path) as file:
            file.write(text.encode())


class _Hashing(io.RawIOBase):
    """Passes on what is written, and knows its size and digest."""

    def __init__(self, target: IO[bytes]) -> None:
        super().__init__()
        self.size = 0
        self._target = target
        self._hashed = hashlib.sha256()

    @property
    def sha256(self) -> str:
        return self._hashed.hexdigest()

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        self._hashed.update(data)
        self.size += len(data)
        return self._target.write(data)


def _write_papers(made: _Made, client: Client, tell: Tell) -> list[tuple[str, str]]:
    total = sum(rows_of(papers.table, client).count() for papers in PAPERS)
    done, missing = 0, []
    tell(done, total)
    for papers in PAPERS:
        for month in months_of(papers, client):
            written = _write_month(made, papers, client, month)
            done += written.count
            missing += written.missing
            tell(done, total)
    return missing


def _write_month(made: _Made, papers: Papers, client: Client, month: date) -> Any:
    with made.member(f"{papers.folder}/{month:%Y-%m}.zip", stored=True) as file:
        return write_month(file, papers, client, month)


def _write_sheet(file: _Hashing, sheet: Sheet, client: Client) -> int:
    """The rows of a sheet, in the order of their ids; how many."""
    file.write((BOM + line(sheet.columns)).encode())
    rows = rows_of(sheet.table, client).order_by("pk").values_list("pk", *sheet.columns.values())
    labels = sheet.labels()
    last, count = 0, 0
    while chunk := list(rows.filter(pk__gt=last)[:AT_ONCE]):
        file.write("".join(line(_cells(row[1:], labels)) for row in chunk).encode())
        last = chunk[-1][0]
        count += len(chunk)
    return count


def _cells(row: Iterable[Any], labels: list[Labels]) -> Iterator[str]:
    for value, names in zip(row, labels, strict=True):
        yield cell(names.get(value, value) if names else value)


def _card(client: Client) -> dict[str, Any]:
    own = fields_of(client)
    card: dict[str, Any] = {name: own[name] for name in own if name not in NOT_TOLD}
    for name, table in CARDS.items():
        row = rows_of(table, client).first()
        card[name] = fields_of(row) if row else None
    return card


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, default=cell) + "\n"


def _csv(rows: Iterable[Iterable[str]]) -> str:
    return BOM + "".join(map(line, rows))


def line(cells: Iterable[str]) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerow(cells)
    return text.getvalue()


def cell(value: Any) -> str:
    """Dates and moments ISO (Warsaw's time), amounts with a decimal comma, formulas disarmed."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "tak" if value else "nie"
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, datetime):
        return value.astimezone(WARSAW).isoformat(sep=" ", timespec="seconds")
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return plain_cell(value) if isinstance(value, str) else str(value)
