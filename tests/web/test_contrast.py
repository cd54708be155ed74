"""Colours keep the contrast of WCAG 2.2 AA, in the light and in the dark."""

import re
from pathlib import Path

import pytest

import obieg.web

TOKENS = Path(obieg.web.__file__).parent / "static/obieg/tokens.css"
TEXT, EDGE = 4.5, 3.0
SURFACES = ("desk", "paper", "raised", "hover", "chosen")
PAIRS = [
    *((text, surface, TEXT) for text in ("ink", "ink-soft", "accent") for surface in SURFACES),
    ("on-accent", "accent", TEXT),
    ("on-accent", "accent-strong", TEXT),
    *((name, f"{name}-back", TEXT) for name in ("ok", "watch", "stop")),
    *((name, surface, TEXT) for name in ("ok", "watch", "stop") for surface in SURFACES),
    *(("ink", f"{name}-back", TEXT) for name in ("watch", "stop")),
    *(("line-strong", surface, EDGE) for surface in ("paper", "desk")),
]


def colours(place: int) -> dict[str, tuple[float, float, float]]:
    """The colours of the tokens: place 0 light, 1 dark."""
    found = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\);", TOKENS.read_text())
    return {name: _linear(pair[place]) for name, *pair in found}


def _linear(code: str) -> tuple[float, float, float]:
    channels = (int(code[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return red, green, blue


def contrast(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    weights = (0.2126, 0.7152, 0.0722)
    lights = sorted(sum(w * c for w, c in zip(weights, rgb, strict=True)) for rgb in (one, other))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


@pytest.mark.parametrize("place", [0, 1], ids=["light", "dark"])
def test_every_pair_of_colours_can_be_read(place: int) -> None:
    found = colours(place)
    weak = {
        f"{front} on {back}": round(contrast(found[front], found[back]), 2)
        for front, back, least in PAIRS
        if contrast(found[front], found[back]) < least
    }
    assert weak == {}
