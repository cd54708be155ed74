"""Ports of this machine: whether one is free, and which one to take."""

import errno
import socket
from pathlib import Path


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen there; raise PermissionError when this user may not."""
    try:
        bound_port(host, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return False
        raise
    return True


def free_port(host: str) -> int:
    return bound_port(host, 0)


def bound_port(host: str, port: int) -> int:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))
        return int(probe.getsockname()[1])


def kept_port(record: Path, host: str, preferred: int) -> int:
    """The port that `record` remembers, else `preferred`, else any free one; remembered."""
    wanted = int(record.read_text()) if record.exists() else preferred
    port = wanted if is_free(host, wanted) else free_port(host)
    record.write_text(f"{port}\n")
    return port
