"""Small files that hold secrets: made once, whole or not at all, readable by their owner only."""

import os
import secrets
from pathlib import Path


def write_once(path: Path, text: str) -> None:
    """Create `path` with mode 0600 holding `text`, whole or not at all; an existing one stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(draft)
    except FileExistsError:
        return
    finally:
        draft.unlink()
