"""What is installed is what was locked: names, versions and hashes, and no other index."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PINNED = re.compile(r"^[A-Za-z0-9._-]+(\[[a-z0-9,_-]+\])?==[^ ;]+( ; .+)?$")
HASH = re.compile(r"^--hash=sha256:[0-9a-f]{64}$")


@pytest.mark.parametrize(
    "name", ["requirements.lock", "requirements-dev.lock", "requirements-audit.lock"]
)
def test_every_package_is_pinned_with_its_hashes(name: str) -> None:
    text = (ROOT / name).read_text().replace("\\\n", "\n")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    packages = [line for line in lines if not line.startswith("--hash=")]
    assert len(packages) > 20
    for line in packages:
        assert PINNED.match(line), line
    assert all(HASH.match(line) for line in lines if line.startswith("--hash="))
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        assert line.startswith("--hash=") or following.startswith("--hash="), line
    for elsewhere in ("://", "git+", "--index-url", "--find-links", "-e "):
        assert elsewhere not in text


def test_installing_asks_for_the_hashes() -> None:
    makefile = (ROOT / "Makefile").read_text()
    installs = [line for line in makefile.splitlines() if "pip install" in line]
    assert all("--require-hashes" in line or "--no-deps" in line for line in installs)
