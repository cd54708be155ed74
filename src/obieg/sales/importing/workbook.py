"""Reads a workbook in a process of its own, where a bomb ends that process and nothing else.

Run as a program: the file on the standard input, its first sheet as JSON on the standard output. It
imports nothing of ours and knows no setting and no secret.
"""

import io
import json
import resource
import sys
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

MEMORY = 1_000_000_000  # bytes: a sheet of 20,000 rows needs a fifth of it
SECONDS = 20  # of the processor
NOT_READ = 3  # status: no workbook, or without a sheet


def rows_of(data: bytes, most: int) -> list[list[str]]:
    """The first `most` rows as texts."""
    from python_calamine import CalamineWorkbook

    sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
    rows: Sequence[Sequence[Any]] = sheet.to_python(skip_empty_area=False, nrows=most)
    return [[shown(cell) for cell in row] for row in rows]


def shown(cell: Any) -> str:
    """A cell as text; the shortest decimal that the spreadsheet's binary number stands for."""
    if isinstance(cell, bool):
        return "tak" if cell else "nie"
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, int | float):
        return f"{Decimal(repr(cell)).normalize():f}"
    return str(cell)


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from python_calamine import CalamineError

    try:
        rows = rows_of(sys.stdin.buffer.read(), int(sys.argv[1]))
    except (CalamineError, IndexError):
        return NOT_READ
    json.dump(rows, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
