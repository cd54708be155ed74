"""Server processes that an earlier, killed launcher left in a database directory."""

import signal
import time
from collections.abc import Callable
from pathlib import Path

from obieg.config.leftovers import PROC, send


def processes_in(data: Path) -> set[int]:
    """The live PostgreSQL processes of the cluster in `data`: each has it as working directory.

    A dead process that nobody reaped has no working directory any more, so it is never taken for
    a live one, which is what PostgreSQL's own check (signal 0) does.
    """
    return {int(entry.name) for entry in PROC.glob("[0-9]*") if is_server(entry, str(data))}


def is_server(entry: Path, data: str) -> bool:
    try:
        return (entry / "cwd").readlink() == Path(data) and (
            entry / "comm"
        ).read_text().strip() == "postgres"
    except OSError:  # ended meanwhile, or somebody else's: then it cannot be in our directory
        return False


def stop_processes_in(data: Path) -> None:
    """End whatever still serves `data`: politely, then at once, then by force (7 s at most).

    Only the postmaster is signalled before that; the rest follow it by themselves, also when it
    is gone, and must not be told to shut down out of turn.
    """
    for order, patience in ((signal.SIGINT, 4), (signal.SIGQUIT, 2)):
        if wait_until(lambda: not processes_in(data), seconds=0):
            break
        send(order, {postmaster(data)} & processes_in(data))
        if wait_until(lambda: not processes_in(data), seconds=patience):
            break
    while left := processes_in(data):
        send(signal.SIGKILL, left)
        time.sleep(0.02)
    (data / "postmaster.pid").unlink(missing_ok=True)


def postmaster(data: Path) -> int:
    """The pid that the lock file of `data` names; 0 when there is none."""
    try:
        return int((data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return 0


def is_ready(data: Path, pid: int) -> bool:
    """Whether postmaster `pid` of `data` has written that it accepts connections."""
    try:
        lines = (data / "postmaster.pid").read_text().split("\n")
    except FileNotFoundError:
        return False
    return lines[0] == str(pid) and len(lines) > 7 and lines[7].strip() == "ready"


def wait_until(condition: Callable[[], bool], *, seconds: int) -> bool:
    """Poll `condition` for at most `seconds`; tell whether it came true."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() >= end:
            return False
        time.sleep(0.01)
    return True
