"""Purchases from outside KSeF as a CSV file, read with every row's faults."""

import csv
from collections.abc import Mapping

from obieg.core.errors import UserFixable
from obieg.posting.chart_file import decoded
from obieg.posting.models import OutsidePurchase
from obieg.posting.outside_form import OutsideForm

HEADINGS = ("numer", "nip", "sprzedawca", "data", "brutto", "uwaga")
FIELDS = ("number", "seller_nip", "seller_name", "issue_date", "gross", "note")
MOST = 5_000  # rows
FEW = 5  # faults that are told


class OutsideFileUnreadable(UserFixable):
    """The file is no list of purchases, or some rows of it are wrong."""

    code = "posting.outside_file_unreadable"
    message_pl = "{problem}"


def read(content: bytes) -> list[OutsidePurchase]:
    """The purchases of the file, not yet stored; raises OutsideFileUnreadable with every fault."""
    lines = decoded(content).splitlines()
    delimiter = ";" if lines and ";" in lines[0] else ","
    rows = list(csv.DictReader(lines, delimiter=delimiter))
    headings = {name.strip().casefold() for name in (rows[0] if rows else ()) if name}
    if missing := {"numer", "data", "brutto"} - headings:
        problem = f"W pliku brakuje kolumn: {', '.join(sorted(missing))}."
        raise OutsideFileUnreadable(problem=f"{problem} Nagłówki: {'; '.join(HEADINGS)}.")
    if len(rows) > MOST:
        raise OutsideFileUnreadable(problem=f"Plik ma ponad {MOST} wierszy. Podziel go.")
    forms = [OutsideForm(_data(row)) for row in rows]
    faults = [
        f"wiersz {place}: {_said(form)}"
        for place, form in enumerate(forms, 2)
        if not form.is_valid()
    ]
    if faults:
        more = f" i jeszcze {len(faults) - FEW}" if len(faults) > FEW else ""
        raise OutsideFileUnreadable(
            problem=f"Niczego nie wczytano: {'; '.join(faults[:FEW])}{more}"
        )
    return [form.save(commit=False) for form in forms]


def _said(form: OutsideForm) -> str:
    return " ".join(str(text) for texts in form.errors.values() for text in texts)


def _data(row: Mapping[str, str | None]) -> dict[str, str]:
    said = {(name or "").strip().casefold(): value for name, value in row.items() if name}
    return {
        field: (said.get(heading) or "").strip()
        for heading, field in zip(HEADINGS, FIELDS, strict=True)
    }
