"""A logo is drawn on every invoice: one that unpacks to gigabytes never gets so far."""

import struct
import time
import zlib

import pytest

from obieg.fa.pdf.errors import LogoTooManyPixels, UnreadableLogo
from obieg.fa.pdf.logo import MAX_SIDE, logo_data

USE = "<use href='#a{}'/>"


def png(width: int, height: int) -> bytes:
    """A grey PNG of so many points, packed to almost nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    packing = zlib.compressobj(9)
    rows = b"".join(packing.compress(bytes(width + 1)) for _ in range(height)) + packing.flush()
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        [chunk(b"IHDR", head), chunk(b"IDAT", rows), chunk(b"IEND", b"")]
    )


def jpeg(width: int, height: int, *, filler: bytes = b"") -> bytes:
    """The beginning of a JPEG that claims so many points."""
    frame = struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    return b"\xff\xd8\xff\xe0\x00\x04xx" + filler + b"\xff\xc2" + frame + b"\xff\xd9"


@pytest.mark.parametrize(
    "logo",
    [
        png(16_000, 16_000),
        png(MAX_SIDE + 1, 1),
        jpeg(60_000, 60_000),
        jpeg(60_000, 9, filler=b"\xff\xff"),
    ],
    ids=["PNG", "wide", "JPEG", "filled JPEG"],
)
def test_a_picture_of_too_many_points_is_refused_before_it_is_drawn(logo: bytes) -> None:
    assert len(logo) < 300_000
    began = time.monotonic()
    with pytest.raises(LogoTooManyPixels, match="najwyżej 4000 na 4000"):
        logo_data(logo)
    assert time.monotonic() - began < 1


@pytest.mark.parametrize("logo", [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"\xff\xd8\xff\xe0\0\0"])
def test_a_picture_that_claims_no_size_is_none(logo: bytes) -> None:
    with pytest.raises(UnreadableLogo):
        logo_data(logo)


def test_an_ordinary_one_passes() -> None:
    assert logo_data(png(300, 120)).startswith("[137,80")


def test_a_drawing_that_repeats_itself_a_milliard_times_is_refused() -> None:
    groups = ["<g id='a0'><rect width='1' height='1'/></g>"]
    groups += [f"<g id='a{n}'>{USE.format(n - 1) * 10}</g>" for n in range(1, 30)]
    text = "".join(groups)
    svg = f"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><defs>{text}</defs>"
    with pytest.raises(UnreadableLogo):
        logo_data(f"{svg}<use href='#a29'/></svg>".encode())
