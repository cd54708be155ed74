"""A receipt (UPO) on paper."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from obieg.core.polish import counted, format_date
from obieg.fa.pdf.tables import LANDSCAPE, Column, column, laid_out
from obieg.fa.upo import Upo, UpoEntry
from obieg.fa.view.values import format_moment

_CONTEXTS = {
    "Nip": "NIP",
    "IdWewnetrzny": "identyfikator wewnętrzny",
    "IdZlozonyVatUE": "NIP i numer VAT-UE",
    "IdDostawcyUslugPeppol": "dostawca usług Peppol",
}
_COLUMNS = (
    *("Lp.", "Numer KSeF", "Numer faktury", "NIP sprzedawcy", "Data wystawienia"),
    *("Przesłano", "Nadano numer KSeF", "Tryb", "Skrót SHA-256"),
)


_ALIKE = frozenset({"NIP sprzedawcy", "Tryb"})  # said once where all entries have the same
_AT_ONCE = 150  # entries that are set together: memory grows with them
_TITLE = "Urzędowe poświadczenie odbioru (UPO)"


def receipt_sheets(upo: Upo) -> Iterator[dict[str, Any]]:
    """The data of `upo.typ`: one entry as a list, several as a table on pages on their side.

    A long table comes in parts with the same columns; only the first has what concerns all.
    """
    first = upo.part.first if upo.part else 1
    rows = [_row(number, entry) for number, entry in enumerate(upo.entries, first)]
    whole = {
        "title": _TITLE,
        "running": _TITLE,
        "count": counted(len(rows), "dokument", "dokumenty", "dokumentów"),
        "author": upo.issuer,
        "facts": _facts(upo),
        "entry": [],
        "table": None,
        "attached": f"UPO-{upo.session}.xml",
        "numbered": len(rows) <= _AT_ONCE,
        "begins": True,
    }
    if len(rows) == 1:
        yield whole | {"entry": list(zip(_COLUMNS[1:], rows[0][1:], strict=True))}
    else:
        yield from _parts(whole, rows)


def _parts(whole: dict[str, Any], rows: list[list[str]]) -> Iterator[dict[str, Any]]:
    alike = [
        place
        for place, label in enumerate(_COLUMNS)
        if label in _ALIKE and len({row[place] for row in rows}) == 1
    ]
    facts = [(f"{_COLUMNS[place]} (we wszystkich)", rows[0][place]) for place in alike]
    table = _table(rows, [place for place in range(len(_COLUMNS)) if place not in alike])
    for start in range(0, len(rows), _AT_ONCE):
        some = rows[start : start + _AT_ONCE]
        part = whole | {
            "facts": [*whole["facts"], *facts],
            "table": table | {"rows": table["rows"][start : start + _AT_ONCE]},
        }
        if len(rows) > _AT_ONCE:
            part["running"] = f"{_TITLE} · dokumenty {some[0][0]}–{some[-1][0]}"
        if start:
            part["begins"] = False
            del part["attached"]
        yield part


def _facts(upo: Upo) -> list[tuple[str, str]]:
    found = [
        ("Podmiot przyjmujący", upo.issuer),
        ("Numer referencyjny sesji", upo.session),
        ("Kontekst", f"{_CONTEXTS[upo.context_type]} {upo.context}"),
        ("Numer referencyjny tokena", upo.token),
        ("Skrót dokumentu uwierzytelniającego", upo.authentication_digest),
        ("Struktura logiczna", upo.structure),
        ("Kod formularza", upo.form),
        ("Wersja schemy", upo.schema_version),
    ]
    if part := upo.part:
        found += [
            ("Strona UPO", f"{part.page} z {part.pages}"),
            ("Dokumenty", f"od {part.first} do {part.end - 1} z {part.documents}"),
        ]
    return [(label, text) for label, text in found if text]


def _row(number: int, entry: UpoEntry) -> list[str]:
    return [
        str(number),
        entry.ksef_number,
        entry.number,
        entry.seller_nip,
        format_date(entry.issue_date),
        format_moment(entry.sent_at),
        format_moment(entry.accepted_at),
        entry.mode,
        entry.digest,
    ]


def _table(rows: list[list[str]], places: list[int]) -> dict[str, Any]:
    shown = [[row[place] for place in places] for row in rows]
    columns = [
        _column(_COLUMNS[place], cells)
        for place, cells in zip(places, zip(*shown, strict=True), strict=True)
    ]
    return laid_out(columns, shown, LANDSCAPE) | {"title": "", "totals": []}


def _column(label: str, cells: tuple[str, ...]) -> Column:
    if label == "Skrót SHA-256":  # in one line, that it can be compared
        return replace(column(label, cells, right=True), right=False)
    return column(label, cells, right=label == "Lp.")
