"""Why a document does not approve itself: what is missing, in Polish."""

from collections.abc import Iterator, Sequence

from obieg.core.polish import counted
from obieg.posting import attention
from obieg.posting.models import Dekret
from obieg.posting.suggestion import ProposedLine

SURE = 90  # per cent: what is offered for approval in bulk
ROWS = ("pozycja", "pozycje", "pozycji")


def obstacles(dekret: Dekret, lines: Sequence[ProposedLine]) -> list[str]:
    """What keeps a waiting dekret from bulk approval, the gravest first; empty where nothing."""
    return list(_found(dekret, lines))


def _found(dekret: Dekret, lines: Sequence[ProposedLine]) -> Iterator[str]:
    if not lines:
        yield "nie ma propozycji"
        return
    if without := sum(not line.account for line in lines):
        some = f"bez konta: {counted(without, *ROWS)}"
        yield some if without < len(lines) else "nie wiadomo, na jakie konto"
    unsure = [line for line in lines if line.account and line.confidence < SURE]
    if unsure:
        least = min(line.confidence for line in unsure)
        yield f"{counted(len(unsure), *ROWS)} poniżej {SURE}% (najmniej {least}%)"
    if attention.NO_RATE in dekret.warnings and dekret.exchange_rate is None:
        yield "brakuje kursu waluty"
    if attention.DOUBLE in dekret.warnings:
        yield "możliwy dubel czeka na odpowiedź"
    if attention.OUTSIDE in dekret.warnings:
        yield "taki zakup wpisano już poza KSeF"
    if attention.RELATIVE in dekret.warnings:
        yield "ten sam dokument jest w centrali albo w innym oddziale"
