"""Where the reference data lies: official schemas, third-party samples, labelled decisions."""

from pathlib import Path

import pytest

REFERENCE = Path(__file__).resolve().parents[2] / "shared" / "reference"
needs_reference = pytest.mark.skipif(
    not REFERENCE.is_dir(), reason=f"the reference data is not at {REFERENCE}"
)


def samples(*folders: str) -> list[Path]:
    """Every sample file of `folders` (`fa3`, `fa2`, `hostile`, ...), in order of name."""
    return [
        path
        for folder in folders
        for path in sorted((REFERENCE / "samples" / folder).glob("*.xml"))
    ]
