"""The QR code is the very one that segno makes by itself, only sooner."""

from io import BytesIO

import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st

from obieg.fa.pdf import Code
from obieg.fa.pdf.codes import drawn
from obieg.fa.pdf.masking import modules

LINKS = st.integers(1, 330).flatmap(
    lambda size: st.text(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_/",
        min_size=size,
        max_size=size,
    )
)
ONE = "https://qr-test.ksef.mf.gov.pl/invoice/1111111111/01-02-2026/UtQp9Gpc51y-u3xApZjIjgkpZ01js-J8KflSPW8WzIE"

OVERLAPPING = (
    "LQjhYFNX5BJ1GtAF2M6I89PVuhS2DKzl6XyMWieigFq8mSTJy14BtKWjkeGX",
    "tZwc2HqHfvoNSLHpD2xR3pKzOcbpZw",
    "mlGeGsC14PSIPBFsh7lpdQNP4ADATS",
)


@given(LINKS, st.sampled_from("lmqh"))
@settings(max_examples=150, deadline=None)
def test_the_modules_are_those_that_segno_chooses(text: str, error: str) -> None:
    symbol = segno.make(text, error=error, micro=False, boost_error=False)

    assert modules(text, error) == ["".join(map(str, row)) for row in symbol.matrix]


def test_the_drawing_is_that_of_segno() -> None:
    symbol = segno.make(ONE, error="m", micro=False, boost_error=False)
    expected = BytesIO()
    symbol.save(expected, kind="svg", border=4, xmldecl=False, svgclass=None, lineclass=None)

    assert drawn(Code(ONE, "OFFLINE"))["svg"] == expected.getvalue().decode()


@pytest.mark.parametrize("text", OVERLAPPING)
def test_of_finder_likenesses_that_overlap_the_first_counts(text: str) -> None:
    symbol = segno.make(text, error="m", micro=False, boost_error=False)

    # counting both would choose another mask for these
    assert modules(text, "m") == ["".join(map(str, row)) for row in symbol.matrix]
