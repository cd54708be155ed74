"""A receipt (UPO) on paper."""

from typing import Any

from obieg.core.polish import counted, format_date
from obieg.fa.pdf.tables import LANDSCAPE, column, laid_out
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


def receipt_sheet(upo: Upo) -> dict[str, Any]:
    """The data of `upo.typ`: one entry as a list, several as a table on pages on their side."""
    first = upo.part.first if upo.part else 1
    rows = [_row(number, entry) for number, entry in enumerate(upo.entries, first)]
    single = len(rows) == 1
    return {
        "title": "Urzędowe poświadczenie odbioru (UPO)",
        "count": counted(len(rows), "dokument", "dokumenty", "dokumentów"),
        "author": upo.issuer,
        "facts": _facts(upo),
        "entry": list(zip(_COLUMNS[1:], rows[0][1:], strict=True)) if single else [],
        "table": None if single else _table(rows),
        "attached": f"UPO-{upo.session}.xml",
    }


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


def _table(rows: list[list[str]]) -> dict[str, Any]:
    columns = [
        column(label, cells, right=label == "Lp.")
        for label, cells in zip(_COLUMNS, zip(*rows, strict=True), strict=True)
    ]
    return laid_out(columns, rows, LANDSCAPE) | {"title": "", "totals": []}
