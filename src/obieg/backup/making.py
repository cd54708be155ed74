"""Making a backup: the database, the documents kept as files, the anchor of the audit."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import structlog

from obieg.backup import sealed_file
from obieg.backup.programs import dump
from obieg.vault.master import master_key

SUFFIX = ".obieg-backup"
DATABASE = "database.dump"
DOCUMENTS = "documents"
FILES = ("audit.anchor", "secret.key")  # of the data directory; the master key never
KEPT = 14  # scheduled backups that stay
_CHUNK = 1 << 20

log = structlog.get_logger(__name__)


def make_backup(folder: Path, *, url: str, data: Path, documents: Path | None) -> Path:
    """A new backup in `folder`; the file appears there only once it is whole and on the disk.

    The database is dumped first: every document that it names is among the files copied after.
    """
    folder.mkdir(parents=True, exist_ok=True)
    now = datetime.now(UTC)
    path = folder / f"{now:%Y%m%d-%H%M%S}{SUFFIX}"
    draft = path.with_suffix(".part")
    key = master_key()
    head = sealed_file.new_head(key, made_at=now.isoformat(), version=version("obieg"))
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            sealed_file.write(file, head, key, _entries(url, data, documents))
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)
    log.info("backup.made", path=str(path), size=path.stat().st_size)
    return path


def prune(folder: Path, *, kept: int = KEPT) -> list[Path]:
    """Remove the oldest backups of `folder` beyond `kept`; those removed."""
    old = backups_in(folder)[:-kept]
    for path in old:
        path.unlink()
    return old


def backups_in(folder: Path) -> list[Path]:
    """The whole backups of `folder`, the oldest first."""
    return sorted(folder.glob(f"*{SUFFIX}"))


def _entries(url: str, data: Path, documents: Path | None) -> Iterator[tuple[str, Iterator[bytes]]]:
    yield DATABASE, dump(url)
    for name in FILES:
        if (data / name).is_file():
            yield name, _bytes(data / name)
    if documents is not None:
        for path in sorted(documents.rglob("*")):
            if path.is_file():
                yield f"{DOCUMENTS}/{path.relative_to(documents)}", _bytes(path)


def _bytes(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk
