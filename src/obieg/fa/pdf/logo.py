"""The client's logo: PNG, JPEG or SVG, checked before it may stop an invoice."""

import json
from functools import lru_cache

import typst

from obieg.fa.pdf.compiler import draws
from obieg.fa.pdf.errors import LogoTooManyPixels, UnreadableLogo

MAX_BYTES = 500_000
MAX_SIDE = 4000  # points of a raster
_PNG = b"\x89PNG"
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})  # JPEG's SOF markers
_RASTERS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


@lru_cache(maxsize=64)
def logo_data(logo: bytes) -> str:
    """`logo` as the templates take it, a JSON array of bytes.

    UnreadableLogo where it is no picture, LogoTooManyPixels where it is a bomb.
    """
    limit = MAX_BYTES // 1000
    is_svg = b"<svg" in logo[:4096] and b"<image" not in logo
    if len(logo) > MAX_BYTES or not (is_svg or logo.startswith(_RASTERS)):
        raise UnreadableLogo(limit=limit)
    if not is_svg:
        width, height = _sides(logo)
        if not width or not height:
            raise UnreadableLogo(limit=limit)
        if max(width, height) > MAX_SIDE:
            raise LogoTooManyPixels(width=width, height=height, most=MAX_SIDE)
    data = json.dumps(list(logo), separators=(",", ":"))
    try:
        draws(data)
    except typst.TypstError as error:
        raise UnreadableLogo(limit=limit) from error
    return data


def _sides(raster: bytes) -> tuple[int, int]:
    """The width and height that a PNG or JPEG claims; zeros where it claims none."""
    if raster.startswith(_PNG):
        return _number(raster[16:20]), _number(raster[20:24])
    at = 2
    while at + 9 <= len(raster) and raster[at] == 0xFF:
        if raster[at + 1] == 0xFF:  # a filler
            at += 1
            continue
        if raster[at + 1] in _FRAMES:
            return _number(raster[at + 7 : at + 9]), _number(raster[at + 5 : at + 7])
        at += 2 + max(_number(raster[at + 2 : at + 4]), 2)
    return 0, 0


def _number(big_endian: bytes) -> int:
    return int.from_bytes(big_endian, "big")
