"""QR codes, drawn as vectors and large enough for a telephone."""

import re
from dataclasses import dataclass
from typing import Any

from obieg.fa.pdf.masking import modules

_MODULE = 0.45  # mm; paper that was folded and copied still reads
_QUIET = 4  # modules around, ISO/IEC 18004
_DARK = re.compile("1+")


@dataclass(frozen=True, slots=True)
class Code:
    """A link as a QR code; `label` stands beneath it: KSeF number, OFFLINE or CERTYFIKAT."""

    link: str
    label: str


def drawn(code: Code) -> dict[str, Any]:
    """The code as the templates take it: an SVG and its side in millimetres."""
    rows = modules(code.link, "m")
    side = len(rows) + 2 * _QUIET
    return {
        "svg": _svg(rows, side),
        "side": round(side * _MODULE, 1),
        "link": code.link,
        "label": code.label,
    }


def _svg(rows: list[str], side: int) -> str:
    """The dark runs of every row as strokes, each placed from the end of the one before."""
    strokes = []
    x, y = 0, 0
    for row, digits in enumerate(rows):
        for run in _DARK.finditer(digits):
            strokes.append(f"m{run.start() - x} {row - y}h{run.end() - run.start()}")
            x, y = run.end(), row
    begun = f"M{_QUIET} {_QUIET}.5"  # the middle of the first module: a stroke is one wide
    path = begun + "".join(strokes).removeprefix("m0 0")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{side}" height="{side}">'
        f'<path stroke="#000" d="{path}"/></svg>\n'
    )
