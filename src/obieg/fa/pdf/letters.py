"""Letters: which of them the fonts have, how wide they are, where a long word may break."""

import re
import unicodedata
from typing import Any

SUBSTITUTED = "Znaki, których nie ma w kroju pisma, zastąpiono znakiem □."
WHOLE_IN_XML = "Pełny tekst jest w dołączonym pliku XML."
BREAK = "\N{ZERO WIDTH SPACE}"

# Every assigned character of these ranges is in Lato or in a font that typst brings along; a test
# prints them all.
PRINTABLE = (
    "\n\u0020-\u007e\u00a0-\u024f\u0300-\u04ff\u1e00-\u1eff\u200b\u2010-\u2040\u2042\u2044-\u2052\u2054-\u205e\u2070-\u209c"
    "\u20a0-\u20bf\u2100-\u211e\u2122\u2126-\u2151\u2190-\u22ff\u25a0-\u25ff"
)
_UNPRINTABLE = re.compile(f"[^{PRINTABLE}]")
_MISSING = "□"

_NARROW = frozenset("  .,:;'|/\\()[]ijlftrI!\N{NO-BREAK SPACE}")
_WIDE = frozenset("mwMWQGOD%@—ŃŁ")


def legible(data: Any) -> Any:
    """`data` (as JSON has it) with a visible sign for every character that no font has."""
    if isinstance(data, str):
        kept = _UNPRINTABLE.sub(_MISSING, data)
        if kept.isascii():
            return kept
        return "".join(_MISSING if unicodedata.category(c) == "Cn" else c for c in kept)
    if isinstance(data, dict):
        return {key: legible(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [legible(value) for value in data]
    return data


def width(text: str) -> float:
    """About how wide the longest line of `text` is in Lato, in em; rather too much."""
    return max(map(_line_width, text.split("\n")))


def word_width(text: str) -> float:
    """About how wide the longest word of `text` is, in em."""
    return max(map(_line_width, text.split(" ")))


def _line_width(text: str) -> float:
    return sum(map(_EM.__getitem__, text))


class _Widths(dict[str, float]):
    def __missing__(self, letter: str) -> float:
        return 0.59


_EM = _Widths(dict.fromkeys(_NARROW, 0.32) | dict.fromkeys(_WIDE, 0.86))
_EM |= dict.fromkeys("-–", 0.45)
_EM |= {letter: 0.70 for letter in "ABCĆDEĘFHJKLNÓPRSŚTUVXYZŻŹĄ" if letter not in _WIDE}


def breakable(text: str, room: float) -> str:
    """`text` with places to break in words wider than `room` em, such as links."""
    if _line_width(text) <= room:
        return text
    letters = max(4, int(room / 0.7))
    return re.sub(rf"\S{{{letters}}}(?=\S)", rf"\g<0>{BREAK}", text)
