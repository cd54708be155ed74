"""Why an account is proposed, in Polish, with the decisions that it rests on."""

from collections.abc import Sequence

from obieg.core.polish import format_date
from obieg.posting.learning.documents import Document
from obieg.posting.learning.evidence import Found
from obieg.posting.learning.memory import Memory, Row
from obieg.posting.learning.signs import Signs

UNKNOWN = "Nie wiem: brak podobnych decyzji tego klienta."
OF_OTHERS = "Podobne pozycje innych kontrahentów, łącznie z decyzjami w innych księgach biura."
NAMED = 3  # precedents that a reason names
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


def reason_for(
    account: str, text: str, signs: Signs, found: Found, memory: Memory, document: Document
) -> str:
    """As `12 z 12 pozycji „ON B7” tego sprzedawcy na 401: F/8 z 12.10.2026, F/7 z 2.10.2026.`

    The first kind of sign whose latest lines mostly have the account is named, or else whose newest
    one has it; all lines with the sign are counted, and the latest documents named.
    """
    partner = "nabywcy" if document.direction == "sale" else "sprzedawcy"
    words = {"text": text[:_TEXT_LENGTH], "partner": partner}
    for is_ground in (_is_usual, _is_latest):
        for kind, shared in _RESTS_ON:
            for latest in found[kind]:
                if is_ground(account, latest):
                    rows = _all(kind, signs, memory) or latest
                    return _said(account, rows, shared.format_map(words))
    return OF_OTHERS


def _is_usual(account: str, rows: Sequence[Row]) -> bool:
    return 2 * sum(row.treatment.account == account for row in rows) > len(rows)


def _is_latest(account: str, rows: Sequence[Row]) -> bool:
    """Whether it may be a new habit."""
    return rows[0].treatment.account == account


def _all(kind: str, signs: Signs, memory: Memory) -> Sequence[Row]:
    """All lines with the sign, the newest first; none for kinds that have several signs."""
    name = signs.single.get(kind) if kind not in signs.asked else None
    return list(memory.newest(kind, name)) if name else ()


def _said(account: str, rows: Sequence[Row], shared: str) -> str:
    same = [row for row in rows if row.treatment.account == account]
    named = dict.fromkeys(f"{row.number} z {format_date(row.issued_on)}" for row in same[:20])
    latest = ", ".join(list(named)[:NAMED])
    colon = ":" if 2 * len(same) > len(rows) else ", w tym najnowsze:"
    return f"{len(same)} z {len(rows)} pozycji {shared} na {account}{colon} {latest}."
