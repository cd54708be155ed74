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
    x, y = 0, _QUIET - 1
    for at, row in enumerate(rows, _QUIET):
        for run in _DARK.finditer(row):
            start, end = run.start() + _QUIET, run.end() + _QUIET
            strokes.append(f"m{start - x} {at - y}h{end - start}")
            x, y = end, at
    first, *others = strokes
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{side}" height="{side}">'
        f'<path stroke="#000" d="M{_QUIET} {_QUIET}.5{first[first.index("h") :]}{"".join(others)}"/></svg>\n'
    )
