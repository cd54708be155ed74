"""Downloaded packages on disk: what is lost here is simply fetched again."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings


def directory_of(package_id: int) -> Path:
    """Where the files of a package lie; made if need be, for the server's user only."""
    directory = _root() / str(package_id)
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    return directory


def discard(package_id: int) -> None:
    """Delete the files of a package, if there are any."""
    shutil.rmtree(_root() / str(package_id), ignore_errors=True)


def packages_on_disk() -> Iterator[int]:
    """The ids of packages that have files on this machine."""
    if _root().is_dir():
        yield from (int(entry.name) for entry in _root().iterdir() if entry.name.isdecimal())


def _root() -> Path:
    return Path(settings.DATA) / "packages"
