"""What a PDF says: its text as a reader would copy it, its attachment, its structure."""

import re
from io import BytesIO

from pypdf import PdfReader

_UNSEEN = str.maketrans("", "", "\N{ZERO WIDTH SPACE}\N{SOFT HYPHEN}-")


def reader(pdf: bytes) -> PdfReader:
    return PdfReader(BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    """All pages' text, squeezed and without what stands at the foot of each."""
    found = reader(pdf)
    assert found.metadata is not None
    foot = re.compile(
        re.escape(squeezed(found.metadata.title or ""))
        + r"(·KSeF\w+)?strona\d+z\d+(/page\d+of\d+)?$"
    )
    return "".join(foot.sub("", squeezed(page.extract_text())) for page in found.pages)


def squeezed(text: str) -> str:
    """`text` without white space and hyphens: a line may break at either, Polish repeats a hyphen.

    A hyphen never tells two values apart that are otherwise the same.
    """
    return "".join(text.translate(_UNSEEN).split())
