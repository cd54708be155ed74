"""The master key: what wraps every other key, and is never in the database."""

import hashlib
import os
import secrets
import stat
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from obieg.core.files import write_once
from obieg.vault.command_key import key_text
from obieg.vault.errors import MasterKeyExposed, MasterKeyMalformed, MasterKeyMissing

KEY_BYTES = 32
ID_BYTES = 8


@dataclass(frozen=True, slots=True)
class MasterKey:
    """A key of 256 bits; `id` names it beside what it wrapped, and does not give it away."""

    key: bytes = field(repr=False)

    @property
    def id(self) -> str:
        """The first bytes of the key's SHA-256, as 16 hexadecimal digits."""
        return hashlib.sha256(self.key).hexdigest()[: 2 * ID_BYTES]

    @classmethod
    def parse(cls, text: str, *, source: str) -> "MasterKey":
        """The key written in `text` as 64 hexadecimal digits, or MasterKeyMalformed."""
        try:
            key = bytes.fromhex(text.strip())
        except ValueError:
            key = b""
        if len(key) != KEY_BYTES:
            raise MasterKeyMalformed(source=source) from None
        return cls(key)


def key_of_command(command: str) -> MasterKey:
    """The key that a command writes; MasterKeyCommandFailed, MasterKeyMalformed."""
    return MasterKey.parse(key_text(command), source="OBIEG_MASTER_KEY_COMMAND")


def master_key() -> MasterKey:
    """From OBIEG_MASTER_KEY_COMMAND, else OBIEG_MASTER_KEY, else the file OBIEG_MASTER_KEY_FILE,
    else OBIEG_DATA/master.key.

    Only the last is made on first use. The file must be its owner's alone (0600), or
    MasterKeyExposed is raised. Read at every use, so that no copy outlives it; only what a command
    gave is kept for a minute.
    """
    if command := os.environ.get("OBIEG_MASTER_KEY_COMMAND"):
        return key_of_command(command)
    if given := os.environ.get("OBIEG_MASTER_KEY"):
        return MasterKey.parse(given, source="OBIEG_MASTER_KEY")
    if named := os.environ.get("OBIEG_MASTER_KEY_FILE"):
        return read_key_file(Path(named))
    path = Path(settings.DATA) / "master.key"
    if not path.exists():
        write_once(path, secrets.token_hex(KEY_BYTES))
    return read_key_file(path)


def read_key_file(path: Path) -> MasterKey:
    """The key in a file; MasterKeyMissing, MasterKeyExposed, MasterKeyMalformed."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            raise MasterKeyExposed(path=path, mode=f"{mode:04o}")
        return MasterKey.parse(path.read_text(), source=str(path))
    except OSError as error:
        raise MasterKeyMissing(path=path) from error
    except UnicodeDecodeError:
        raise MasterKeyMalformed(source=str(path)) from None
