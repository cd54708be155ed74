"""NIP, the Polish tax number: ten digits, the last one a check digit modulo 11."""

import re

_WEIGHTS = (6, 5, 7, 2, 3, 4, 5, 6, 7)
_SEPARATORS = re.compile(r"[\s-]")


def check_digit(first_nine: str) -> int | None:
    """The tenth digit that belongs to `first_nine`, or None where no NIP can start so."""
    remainder = sum(w * int(d) for w, d in zip(_WEIGHTS, first_nine, strict=True)) % 11
    return None if remainder == 10 else remainder


def is_nip(text: str) -> bool:
    """Whether `text` is ten digits with a right check digit."""
    return (
        len(text) == 10
        and text.isascii()
        and text.isdigit()
        and check_digit(text[:9]) == int(text[9])
    )


def clean_nip(text: str) -> str:
    """`text` without the separators and the `PL` prefix that people write."""
    return _SEPARATORS.sub("", text).upper().removeprefix("PL")


def format_nip(nip: str) -> str:
    """`nip` grouped for reading: 123-456-32-18."""
    return f"{nip[:3]}-{nip[3:6]}-{nip[6:8]}-{nip[8:]}" if len(nip) == 10 else nip
