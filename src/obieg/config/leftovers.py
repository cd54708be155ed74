"""Children that an earlier, killed supervisor of the same data directory left behind."""

import os
import signal
import time
from pathlib import Path

MARK = "OBIEG_UP"  # in every child's environment, and in its children's: whose it is
PROC = Path("/proc")


def mark(data: Path) -> dict[str, str]:
    return {MARK: str(data)}


def find(data: Path) -> set[int]:
    """Live processes that were started by a supervisor of `data`, this one not counted."""
    wanted = f"{MARK}={data}".encode()
    return {
        int(entry.name)
        for entry in PROC.glob("[0-9]*")
        if int(entry.name) != os.getpid() and wanted in environment(entry)
    }


def environment(entry: Path) -> list[bytes]:
    try:
        return (entry / "environ").read_bytes().split(b"\0")
    except OSError:  # ended meanwhile, dead and not reaped, or another user's
        return []


def end(data: Path, *, patience: int = 2) -> int:
    """End them, by force after `patience` seconds; return how many there were."""
    found = find(data)
    send(signal.SIGTERM, found)
    give_up = time.monotonic() + patience
    while (left := find(data)) and time.monotonic() < give_up:
        time.sleep(0.02)
    while left:
        send(signal.SIGKILL, left)
        time.sleep(0.02)
        left = find(data)
    return len(found)


def send(order: signal.Signals, pids: set[int]) -> None:
    for pid in pids:
        try:
            os.kill(pid, order)
        except ProcessLookupError:
            continue
