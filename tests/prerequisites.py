"""What the tests need from the machine and Python cannot install: a browser.

Run as `python -m tests.prerequisites`; ends with status 1 and the remedy when it is missing.
"""

import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
REMEDY = """\
The browser tests need Chromium, and there is none on the PATH.

  Debian, Ubuntu:  sudo apt-get install chromium
  Fedora:          sudo dnf install chromium

Then run `make test` again. Without it, the rest can be run with: .venv/bin/pytest -m "not browser"
"""


def find_browser() -> str | None:
    """The path of a Chromium that starts, or None."""
    paths = (shutil.which(name) for name in NAMES)
    return next((path for path in paths if path and starts(path)), None)


def starts(path: str) -> bool:
    """Whether it is a browser and not a stub that tells how to install one."""
    try:
        answer = subprocess.run(
            [path, "--version"], capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0 and "Chrom" in answer.stdout


def main() -> int:
    if find_browser():
        return 0
    sys.stderr.write(REMEDY)
    return 1


if __name__ == "__main__":
    sys.exit(main())
