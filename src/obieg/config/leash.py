"""Starts a program that ends when the process that asked for it ends, whatever kills the latter.

Run as a script, on its own, before anything of Obieg is imported:

    python -I -S leash.py PARENT SIGNAL UID:GID PROGRAM [ARGUMENT ...]

PARENT is the pid that must still be the parent, SIGNAL what the kernel sends when it dies. UID:GID,
when not empty, is the ordinary user to become first: becoming another user drops the leash, so it
has to be tied afterwards, which no option of `subprocess` does. The kernel ties it to the *thread*
that started the program: start programs from a thread that lives as long as they should.
"""

import ctypes
import os
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1  # linux/prctl.h
PR_SET_CHILD_SUBREAPER = 36


def leashed(command: list[str], *, signal: int, user: tuple[int, int] | None = None) -> list[str]:
    """The command line that runs `command` on a leash held by this process."""
    identity = f"{user[0]}:{user[1]}" if user else ""
    script = str(Path(__file__).resolve())
    holder = [str(os.getpid()), str(int(signal)), identity]
    return [sys.executable, "-I", "-S", script, *holder, *command]


def adopt_orphans() -> None:
    """Become the parent of this process's orphaned descendants, so that they can be reaped."""
    prctl(PR_SET_CHILD_SUBREAPER, 1)


def prctl(option: int, value: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


def become(identity: str) -> None:
    uid, gid = (int(part) for part in identity.split(":"))
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


def main(parent: str, signal: str, identity: str, *command: str) -> None:
    if identity:
        become(identity)
    prctl(PR_SET_PDEATHSIG, int(signal))
    if os.getppid() != int(parent):  # it died before the leash was tied
        sys.exit(1)
    os.execvp(command[0], command)  # noqa: S606  the program is named by our own code


if __name__ == "__main__":
    main(*sys.argv[1:])
