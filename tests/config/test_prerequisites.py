"""`make test` says at once, and with the remedy, what the machine lacks."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def check(path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.prerequisites"],
        cwd=ROOT,
        env={"PATH": str(path)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_missing_browser_is_named_with_the_way_to_get_it(tmp_path: Path) -> None:
    answer = check(tmp_path)
    assert answer.returncode == 1
    assert "apt-get install chromium" in answer.stderr


def test_a_stub_that_is_no_browser_does_not_count(tmp_path: Path) -> None:
    stub = tmp_path / "chromium-browser"
    stub.write_text("#!/bin/sh\necho install it with snap\nexit 1\n")
    stub.chmod(0o755)
    assert check(tmp_path).returncode == 1


def test_a_browser_that_tells_its_version_will_do(tmp_path: Path) -> None:
    browser = tmp_path / "chromium"
    browser.write_text("#!/bin/sh\necho Chromium 140.0\n")
    browser.chmod(0o755)
    assert check(tmp_path).returncode == 0
