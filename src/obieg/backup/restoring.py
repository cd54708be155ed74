"""Restoring a backup into an empty installation, or in place of what is there."""

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import psycopg
from psycopg import sql

from obieg.backup import sealed_file
from obieg.backup.errors import BackupDamaged, DatabaseNotEmpty
from obieg.backup.making import DATABASE, DOCUMENTS, FILES
from obieg.backup.programs import restore
from obieg.vault.master import master_key


def check_backup(path: Path) -> dict[str, int]:
    """Read the whole file; its entries with their sizes, or what is wrong with it, raised."""
    key = master_key()
    return {
        name: sum(len(chunk) for chunk in chunks) for name, chunks in sealed_file.read(path, key)
    }


def restore_backup(
    path: Path, *, url: str, data: Path, documents: Path | None, replace: bool
) -> None:
    """Bring the backup back: first read to its end, then the database, then the files.

    Raises NotBackup, OtherKey, BackupDamaged before anything is changed, and DatabaseNotEmpty
    unless `replace`.
    """
    check_backup(path)
    _require_empty(url, replace=replace)
    for name, chunks in sealed_file.read(path, master_key()):
        if name == DATABASE:
            restore(url, chunks)
        else:
            _place(_target(name, path, data, documents), chunks)


def _require_empty(url: str, *, replace: bool) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        ).fetchone()
        if not found or not found[0]:
            return
        if not replace:
            raise DatabaseNotEmpty
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("DROP EXTENSION IF EXISTS pg_trgm CASCADE")
        owner = sql.Identifier(connection.info.user)
        connection.execute(sql.SQL("CREATE SCHEMA public AUTHORIZATION {}").format(owner))


def _target(name: str, path: Path, data: Path, documents: Path | None) -> Path:
    """Where an entry goes; a name that leads elsewhere is no name of ours."""
    steps = PurePosixPath(name)
    if ".." in steps.parts or steps.is_absolute():
        raise BackupDamaged(path=path, what=f"niedozwolona nazwa {name}")
    if name in FILES:
        return data / name
    if steps.parts[0] != DOCUMENTS:
        raise BackupDamaged(path=path, what=f"nieznana pozycja {name}")
    return (documents or data / DOCUMENTS).joinpath(*steps.parts[1:])


def _place(target: Path, chunks: Iterator[bytes]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.restored")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        for chunk in chunks:
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(target)
