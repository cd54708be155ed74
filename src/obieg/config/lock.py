"""A lock on a file that ends with the process that holds it, however that process ends."""

import fcntl
import os
from pathlib import Path
from typing import IO


class Held(Exception):
    """Another live process holds the lock; `pid` is what it wrote there."""

    def __init__(self, pid: str) -> None:
        self.pid = pid
        super().__init__(pid)


def hold(path: Path) -> IO[str]:
    """Take the lock at once or raise `Held`; close what is returned to let it go."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = path.open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        holder = lock.read().strip()
        lock.close()
        raise Held(holder) from None
    lock.truncate(0)
    lock.write(f"{os.getpid()}\n")
    lock.flush()
    return lock
