"""QR codes, drawn as vectors and large enough for a telephone."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

import segno

_MODULE = 0.45  # mm; paper that was folded and copied still reads
_QUIET = 4  # modules around, ISO/IEC 18004


@dataclass(frozen=True, slots=True)
class Code:
    """A link as a QR code; `label` stands beneath it: KSeF number, OFFLINE or CERTYFIKAT."""

    link: str
    label: str


def drawn(code: Code) -> dict[str, Any]:
    """The code as the templates take it: an SVG and its side in millimetres."""
    symbol = segno.make(code.link, error="m", micro=False, boost_error=False)
    svg = BytesIO()
    symbol.save(svg, kind="svg", border=_QUIET, xmldecl=False, svgclass=None, lineclass=None)
    side = symbol.symbol_size(border=_QUIET)[0] * _MODULE
    return {
        "svg": svg.getvalue().decode(),
        "side": round(side, 1),
        "link": code.link,
        "label": code.label,
    }
