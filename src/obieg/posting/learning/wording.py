"""What is in a text: its words by stem, and the numbers, plates and codes that identify things."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

STEM = 6  # letters that inflected and abbreviated forms of a Polish word mostly share
MONTHS = frozenset(
    (
        *("styczen", "luty", "marzec", "kwiecien", "maj", "czerwiec"),
        *("lipiec", "sierpien", "wrzesien", "pazdziernik", "listopad", "grudzien"),
        *("stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca"),
        *("lipca", "sierpnia", "wrzesnia", "pazdziernika", "listopada", "grudnia"),
    )
)
_DATE = re.compile(
    r"(?<![\w/])(?:\d{1,2}\.\d{2}(?:\.\d{4})?\s?-\s?\d{1,2}\.\d{2}\.\d{4}|\d{1,2}\.\d{2}\.\d{4}"
    r"|20\d\d-\d\d(?:-\d\d)?|\d{1,2}[/.]20\d\d|20\d\d)(?![\w/])"
)
_WORD = re.compile(r"(?<![\w])[a-z]{2,}(?![\w])")
_PLATE = re.compile(r"(?<![a-z0-9])([a-z]{2,3}) ?((?=[0-9a-z]*\d)[0-9a-z]{4,5})(?![a-z0-9])")
_LONG = re.compile(r"(?<![a-z0-9])\d(?:[ -]?\d){4,}(?![a-z0-9])")
_CODE = re.compile(r"(?<![a-z0-9])(?=[a-z0-9/-]*\d)(?=[a-z0-9/-]*[a-z])[a-z0-9][a-z0-9/-]{3,}")
_PLACE = re.compile(r"([a-z]{3,}) (\d{1,4}[a-z]?)(?![a-z0-9])")


class Wording(NamedTuple):
    """A text, taken apart."""

    words: tuple[str, ...]  # in order
    stems: tuple[str, ...]  # of its words
    names: tuple[str, ...]  # identifiers: plates, numbers of meters and telephones, codes
    plates: tuple[str, ...]  # of the identifiers, those that look like a number plate
    places: tuple[str, ...]  # a word with the number after it, as in an address

    @property
    def whole(self) -> str:
        """The words as one key."""
        return " ".join(self.stems)

    @property
    def head(self) -> str:
        """The first word."""
        return self.stems[0] if self.stems else ""


@lru_cache(maxsize=32768)
def wording(text: str) -> Wording:
    """`text` without case, diacritics, dates and months."""
    folded = _DATE.sub(" ", fold(text))
    plates = tuple(dict.fromkeys(a + b for a, b in _PLATE.findall(folded)))
    numbers = [re.sub("[ -]", "", found) for found in _LONG.findall(folded)]
    codes = [re.sub("[/-]", "", found) for found in _CODE.findall(folded)]
    words = tuple(word for word in _WORD.findall(folded) if word not in MONTHS)
    return Wording(
        words,
        tuple(word[:STEM] for word in words),
        tuple(dict.fromkeys([*plates, *numbers, *codes])),
        plates,
        tuple(f"{word[:STEM]} {number}" for word, number in _PLACE.findall(folded)),
    )


@lru_cache(maxsize=32768)
def fold(text: str) -> str:
    """Lower case without diacritics."""
    plain = unicodedata.normalize("NFKD", text.lower().replace("ł", "l"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))
