"""The key that signs sessions: from the environment, or made once in the data directory."""

import os
import secrets
from pathlib import Path

from obieg.core.files import write_once


def secret_key(data: Path) -> str:
    """The signing key; a fresh one is kept in `data`/secret.key, readable by its owner only."""
    if given := os.environ.get("OBIEG_SECRET_KEY"):
        return given
    path = data / "secret.key"
    if not path.exists():
        write_once(path, secrets.token_urlsafe(48))
    return path.read_text().strip()
