"""The text of a row as decisions are remembered by: without what changes from month to month."""

import re
from functools import lru_cache

LENGTH = 256  # of models.Precedent.text
MONTHS = (
    *("styczeń", "luty", "marzec", "kwiecień", "maj", "czerwiec"),
    *("lipiec", "sierpień", "wrzesień", "październik", "listopad", "grudzień"),
    *("stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca"),
    *("lipca", "sierpnia", "września", "października", "listopada", "grudnia"),
)
_MONTH = re.compile(rf"\b(?:{'|'.join(MONTHS)})\b")
_NUMBERS = re.compile(r"[\d#]+(?:[\W_]*[\d#]+)*")  # with what stands between: 12/2026, 1 234,50
_SPACES = re.compile(r"\s+")


@lru_cache(maxsize=16384)
def normalised(description: str) -> str:
    """`description` casefolded, its numbers, dates and months folded into `#`."""
    folded = _MONTH.sub("#", description.casefold())
    folded = _NUMBERS.sub("#", folded)
    return _SPACES.sub(" ", folded).strip()[:LENGTH]
