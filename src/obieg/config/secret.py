"""The key that signs sessions: from the environment, or made once in the data directory."""

import os
import secrets
from pathlib import Path


def secret_key(data: Path) -> str:
    """The signing key; a fresh one is kept in `data`/secret.key, readable by its owner only."""
    if given := os.environ.get("OBIEG_SECRET_KEY"):
        return given
    path = data / "secret.key"
    if not path.exists():
        data.mkdir(parents=True, exist_ok=True)
        write_once(path, secrets.token_urlsafe(48))
    return path.read_text().strip()


def write_once(path: Path, text: str) -> None:
    """Create `path` with mode 0600 holding `text`, whole or not at all; an existing one stays."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()
