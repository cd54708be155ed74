"""Codes that are copied from the document: order `ZL042/2026` becomes the project `ZL042`."""

import re
from collections.abc import Iterable, Mapping

_RUN = re.compile(r"[A-Za-z]+|\d+")
_CODE = re.compile(r"(?<![A-Za-z0-9])(?=[A-Za-z0-9/_.-]*\d)[A-Za-z0-9]+(?:[/_.-][A-Za-z0-9]+)*")
_MOST_RUNS = 6


def codes_in(texts: Iterable[str]) -> Mapping[str, str]:
    """Codes that the texts hold or that follow from leaving out signs, by their form.

    The form keeps letters and the number of digits: `ZL042/2026` gives `ZL042` as `ZL###`.
    Texts named first win where two codes have one form.
    """
    found: dict[str, str] = {}
    for text in texts:
        for token in _CODE.findall(text.upper()):
            for code in _derived(token):
                found.setdefault(form_of(code), code)
    return found


def form_of(code: str) -> str:
    """`code` with a `#` for each digit."""
    return re.sub(r"\d", "#", code.upper())


def _derived(token: str) -> Iterable[str]:
    """The beginnings of a token, as they are and without the signs between."""
    runs = list(_RUN.finditer(token))[:_MOST_RUNS]
    for start in range(len(runs)):
        for end in range(start, len(runs)):
            raw = token[runs[start].start() : runs[end].end()]
            if any(letter.isdigit() for letter in raw) and len(raw) > 2:
                yield raw
                yield re.sub("[^A-Z0-9]", "", raw)
