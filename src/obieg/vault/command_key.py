"""The master key from a command, so that any key management system can give it."""

import shlex
import subprocess
import threading
import time
from dataclasses import dataclass, field

from obieg.vault.errors import MasterKeyCommandFailed

TIMEOUT_SECONDS = 30
KEPT_SECONDS = 60  # a key management system is asked once a minute, not for every secret
LONGEST = 1000  # characters of an answer that may be a key


@dataclass(slots=True)
class _Answer:
    command: str = ""
    text: str = field(default="", repr=False)
    until: float = 0.0


_LOCK = threading.Lock()
_LAST = _Answer()


def key_text(command: str) -> str:
    """What `command` writes, at most KEPT_SECONDS old; it runs without a shell.

    Raises MasterKeyCommandFailed; neither its output nor its complaints are shown or logged.
    """
    with _LOCK:
        if _LAST.command != command or _LAST.until <= time.monotonic():
            _LAST.text = _run(command)
            _LAST.command = command
            _LAST.until = time.monotonic() + KEPT_SECONDS
        return _LAST.text


def forget() -> None:
    """Ask again at the next use."""
    _LAST.text, _LAST.until = "", 0.0


def _run(command: str) -> str:
    try:
        words = shlex.split(command)
    except ValueError:
        words = []
    if not words:
        raise MasterKeyCommandFailed(program="?", reason="nie da się odczytać polecenia")
    try:
        done = subprocess.run(
            words,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        reason = f"nie skończyło się w {TIMEOUT_SECONDS} s"
        raise MasterKeyCommandFailed(program=words[0], reason=reason) from None
    except OSError:
        reason = "nie da się go uruchomić"
        raise MasterKeyCommandFailed(program=words[0], reason=reason) from None
    if done.returncode != 0:
        reason = f"kod wyjścia {done.returncode}"
        raise MasterKeyCommandFailed(program=words[0], reason=reason)
    return done.stdout[:LONGEST].decode("ascii", "replace")
