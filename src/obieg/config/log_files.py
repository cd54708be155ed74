"""The files that hold what the children of `obieg up` say."""

from pathlib import Path

KEPT = 5  # files of earlier runs


def rotate(log: Path) -> Path:
    """Set the last run's `log` aside as `log`.1, older ones further on; return `log`."""
    log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size:
        for age in range(KEPT - 1, 0, -1):
            if (older := aside(log, age)).exists():
                older.replace(aside(log, age + 1))
        log.replace(aside(log, 1))
    return log


def aside(log: Path, age: int) -> Path:
    return log.with_name(f"{log.name}.{age}")


def last_words(log: Path, lines: int = 3) -> str:
    """The last `lines` lines, at most 800 characters: enough to see why a program ended."""
    if not log.exists():
        return ""
    said = log.read_text(errors="replace").strip().splitlines()[-lines:]
    return " ".join(line.strip() for line in said)[-800:]
