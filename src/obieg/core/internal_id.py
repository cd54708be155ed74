"""Internal identifiers (IDWew) of a firm's units in KSeF: NIP, hyphen, five digits."""

import re
from typing import Literal

from obieg.core.nip import is_nip

ContextType = Literal["Nip", "InternalId"]
_SHAPE = re.compile(r"\d{10}-\d{5}", re.ASCII)


def check_digit(first_fourteen: str) -> int:
    """The fifteenth digit: weights 1 and 3 by turns, modulo 10 (KSeF API 2.9, subunits/grants)."""
    weighted = (int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(first_fourteen))
    return sum(weighted) % 10


def is_internal_id(text: str) -> bool:
    """Whether `text` is a NIP, a hyphen and five digits, both check digits right."""
    if not _SHAPE.fullmatch(text):
        return False
    digits = text.replace("-", "")
    return is_nip(text[:10]) and check_digit(digits[:14]) == int(digits[14])


def context_type(context: str) -> ContextType:
    """How KSeF calls a context that is a NIP or an internal identifier (ContextIdentifier)."""
    return "InternalId" if "-" in context else "Nip"
