"""Why an account is proposed, in Polish, with the decisions that it rests on."""

from collections.abc import Sequence

from obieg.core.polish import format_date
from obieg.posting.learning.evidence import Found
from obieg.posting.learning.memory import Row

UNKNOWN = "Nie wiem: brak podobnych decyzji tego klienta."
OF_OTHERS = "Podobne pozycje innych kontrahentów, łącznie z decyzjami w innych księgach biura."
_TEXT_LENGTH = 40
_RESTS_ON = (  # kind of sign, and what its lines have in common
    ("document", "faktury korygowanej"),
    ("same_ids", "„{text}” tego {partner}"),
    ("same", "„{text}” tego {partner}"),
    ("kind_plate", "tego pojazdu o takim przedmiocie"),
    ("seller_ids", "tego {partner} z tym samym numerem"),
    ("seller_kind", "tego {partner} o takim przedmiocie"),
    ("seller", "tego {partner}"),
    ("text", "„{text}” innych kontrahentów"),
    ("kind_rate", "o takim przedmiocie i stawce"),
    ("kind", "o takim przedmiocie"),
    ("start", "o podobnej treści"),
    ("trade", "kontrahentów tej branży"),
)


def reason_for(account: str, text: str, found: Found, direction: str) -> str:
    """As `12 z 12 pozycji „ON B7” tego sprzedawcy na 401, ostatnio 12.10.2026.`

    The first kind of sign whose latest lines mostly have the account is named.
    """
    partner = "nabywcy" if direction == "sale" else "sprzedawcy"
    words = {"text": text[:_TEXT_LENGTH], "partner": partner}
    for kind, shared in _RESTS_ON:
        for rows in found[kind]:
            same = [row for row in rows if row.treatment.account == account]
            if 2 * len(same) > len(rows):
                return _said(account, same, rows, shared.format_map(words))
    return OF_OTHERS


def _said(account: str, same: Sequence[Row], rows: Sequence[Row], shared: str) -> str:
    counts = f"{len(same)} z {len(rows)} pozycji"
    return f"{counts} {shared} na {account}, ostatnio {format_date(same[0].issued_on)}."
