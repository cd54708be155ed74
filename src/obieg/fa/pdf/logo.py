"""The client's logo: PNG, JPEG or SVG, checked before it may stop an invoice."""

import json
from functools import lru_cache

import typst

from obieg.fa.pdf.compiler import draws
from obieg.fa.pdf.errors import UnreadableLogo

MAX_BYTES = 500_000
_RASTERS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


@lru_cache(maxsize=64)
def logo_data(logo: bytes) -> str:
    """`logo` as the templates take it, a JSON array of bytes; or UnreadableLogo."""
    limit = MAX_BYTES // 1000
    is_svg = b"<svg" in logo[:4096] and b"<image" not in logo
    if len(logo) > MAX_BYTES or not (is_svg or logo.startswith(_RASTERS)):
        raise UnreadableLogo(limit=limit)
    data = json.dumps(list(logo), separators=(",", ":"))
    try:
        draws(data)
    except typst.TypstError as error:
        raise UnreadableLogo(limit=limit) from error
    return data
