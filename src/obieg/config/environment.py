"""What the processes of one installation share through their environment, and where it is kept."""

import os
from pathlib import Path

from obieg.config.lock import Held, hold
from obieg.config.up_errors import DatabaseUnknown
from obieg.core.files import write_once


def data_directory() -> Path:
    """OBIEG_DATA, or `var` where the command was given."""
    return Path(os.environ.get("OBIEG_DATA", "var")).resolve()


def publish(data: Path, environment: dict[str, str]) -> None:
    """Keep `environment` for commands given beside a running `obieg up`; its owner's alone."""
    path = kept(data)
    path.unlink(missing_ok=True)
    write_once(path, "".join(f"{name}={value}\n" for name, value in environment.items()))


def adopt(*, need_database: bool) -> None:
    """Take over what a running `obieg up` of this data directory published.

    Raises DatabaseUnknown when `need_database` and neither it nor DATABASE_URL says where.
    """
    data = data_directory()
    if is_up(data):
        for line in kept(data).read_text().splitlines():
            name, _, value = line.partition("=")
            os.environ.setdefault(name, value)
    if need_database and "DATABASE_URL" not in os.environ:
        raise DatabaseUnknown(directory=data)


def is_up(data: Path) -> bool:
    """Whether a supervisor runs in `data` and has come as far as publishing its environment."""
    if not kept(data).exists():
        return False
    try:
        hold(lock(data)).close()
    except Held:
        return True
    return False


def lock(data: Path) -> Path:
    return data / "up.lock"


def kept(data: Path) -> Path:
    return data / "up.env"
