"""Places for the platform's tests: short, passable for every user, gone afterwards."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def place() -> Iterator[Path]:
    """A directory that PostgreSQL's ordinary user can reach; pytest's own is its owner's alone."""
    directory = Path(tempfile.mkdtemp(prefix="obieg-"))
    directory.chmod(0o755)
    yield directory
    shutil.rmtree(directory)
