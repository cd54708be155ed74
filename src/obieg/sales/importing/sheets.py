"""Rows of a CSV or XLSX file as texts, with the numbers that a spreadsheet shows."""

import csv
import io
import json
import subprocess
import sys
from collections.abc import Sequence
from typing import NamedTuple

from obieg.core.errors import UserFixable
from obieg.sales.importing import workbook
from obieg.sales.importing.columns import BY_HEADING, DOCUMENT

MOST_ROWS = 20_000
MOST_SECONDS = 60  # until a workbook is read, on a busy machine
_ZIP = b"PK\x03\x04"


class UnreadableTable(UserFixable):
    """The file is no table that Obieg understands."""

    code = "sales.unreadable_table"
    message_pl = "Nie można wczytać pliku: {why}. Pobierz wzór i wpisz dane do niego."


class Row(NamedTuple):
    """One row below the heading."""

    number: int  # as the spreadsheet shows it, the heading is 1
    cells: dict[str, str]  # heading, casefolded: text; empty cells are left out


def read_rows(data: bytes) -> list[Row]:
    """The rows of the file's first sheet, or UnreadableTable."""
    lines = _spreadsheet(data) if data.startswith(_ZIP) else _text(data)
    if not lines:
        raise UnreadableTable(why="plik jest pusty")
    headings = [heading.strip().casefold() for heading in lines[0]]
    _require_known(headings, lines[0])
    if len(lines) > MOST_ROWS + 1:
        raise UnreadableTable(why=f"ma więcej niż {MOST_ROWS} wierszy; podziel go")
    rows = (Row(number, _cells(headings, line)) for number, line in enumerate(lines[1:], start=2))
    return [row for row in rows if row.cells]


def _cells(headings: Sequence[str], line: Sequence[str]) -> dict[str, str]:
    pairs = zip(headings, (cell.strip() for cell in line), strict=False)
    return {heading: cell for heading, cell in pairs if heading and cell}


def _require_known(headings: Sequence[str], written: Sequence[str]) -> None:
    if DOCUMENT.casefold() not in headings:
        raise UnreadableTable(why=f"brakuje kolumny „{DOCUMENT}”")
    known = {*BY_HEADING, DOCUMENT.casefold(), ""}
    if strange := [name for name, key in zip(written, headings, strict=True) if key not in known]:
        raise UnreadableTable(why=f"nieznane kolumny: {', '.join(strange)}")
    named = [heading for heading in headings if heading]
    if twice := {heading for heading in named if named.count(heading) > 1}:
        raise UnreadableTable(why=f"kolumny powtórzone: {', '.join(sorted(twice))}")


def _text(data: bytes) -> list[list[str]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1250", errors="replace")  # what Polish Excel wrote for years
    if "\x00" in text:
        raise UnreadableTable(why="to nie jest plik CSV ani XLSX")
    first = text.partition("\n")[0]
    separator = max(";\t,", key=first.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise UnreadableTable(why=f"błąd CSV ({error})") from error


def _spreadsheet(data: bytes) -> list[list[str]]:
    """Read by another process: a small file can unpack to more than the machine has."""
    program = [sys.executable, "-I", workbook.__file__, str(MOST_ROWS + 2)]
    try:
        done = subprocess.run(
            program, input=data, env={}, capture_output=True, check=False, timeout=MOST_SECONDS
        )
    except subprocess.TimeoutExpired as error:
        raise UnreadableTable(why="za długo się otwiera") from error
    if done.returncode == workbook.NOT_READ:
        raise UnreadableTable(why="uszkodzony plik XLSX")
    if done.returncode:
        raise UnreadableTable(why="po rozpakowaniu jest za duży; zapisz go jako CSV albo podziel")
    rows: list[list[str]] = json.loads(done.stdout)
    return rows
