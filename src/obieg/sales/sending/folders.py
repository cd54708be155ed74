"""Where the encrypted parts of batches lie: what is lost here is packed again."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings


def folder_of(session_id: int) -> Path:
    """The folder of a batch; made if need be, for the server's user only."""
    folder = _root() / str(session_id)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def discard(session_id: int) -> None:
    """Delete the folder of a batch, if there is one."""
    shutil.rmtree(_root() / str(session_id), ignore_errors=True)


def sessions_on_disk() -> Iterator[int]:
    """The ids of the sessions that have a folder on this machine."""
    if _root().is_dir():
        yield from (int(entry.name) for entry in _root().iterdir() if entry.name.isdecimal())


def _root() -> Path:
    return Path(settings.DATA) / "batches"
