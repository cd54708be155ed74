"""PostgreSQL's own dump and restore, as streams."""

import os
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from typing import IO

from psycopg.conninfo import conninfo_to_dict

from obieg.backup.errors import DumpFailed
from obieg.config.postgres_home import find_binaries

_CHUNK = 1 << 20


def dump(url: str) -> Iterator[bytes]:
    """The database in PostgreSQL's custom format, as it was at one moment."""
    command = [_program("pg_dump"), "--format=custom", "--no-owner", "--no-acl"]
    with tempfile.TemporaryFile() as complaints:
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=complaints, env=_environment(url)
        ) as process:
            assert process.stdout is not None  # noqa: S101  asked for above
            while chunk := process.stdout.read(_CHUNK):
                yield chunk
        if process.returncode != 0:
            raise DumpFailed(program="pg_dump", text=_last_words(complaints))


def restore(url: str, chunks: Iterable[bytes]) -> None:
    """Fill an empty database with a dump, whole or not at all."""
    environment = _environment(url)
    command = [
        *(_program("pg_restore"), "--no-owner", "--no-acl", "--single-transaction"),
        *("--exit-on-error", f"--dbname={environment['PGDATABASE']}"),
    ]
    with tempfile.TemporaryFile() as complaints:
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stderr=complaints, env=environment
        ) as process:
            assert process.stdin is not None  # noqa: S101  asked for above
            _feed(process.stdin, chunks, process)
        if process.returncode != 0:
            raise DumpFailed(program="pg_restore", text=_last_words(complaints))


_VARIABLES = {  # libpq's names for the parts of an address
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
}


def _environment(url: str) -> dict[str, str]:
    """The address as variables: on a command line everybody would see its password."""
    parts = conninfo_to_dict(url)
    told = {name: str(parts[key]) for key, name in _VARIABLES.items() if parts.get(key)}
    return {**os.environ, **told}


def _feed(pipe: IO[bytes], chunks: Iterable[bytes], process: "subprocess.Popen[bytes]") -> None:
    """Hand everything over; a damaged backup ends the program before it commits."""
    try:
        for chunk in chunks:
            pipe.write(chunk)
        pipe.close()
    except BrokenPipeError:
        pass  # it has said why
    except BaseException:
        process.kill()
        raise


def _program(name: str) -> str:
    return str(find_binaries() / name)


def _last_words(complaints: IO[bytes]) -> str:
    complaints.seek(0)
    lines = complaints.read().decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "bez wyjaśnienia"
