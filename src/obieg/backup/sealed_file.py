"""The file of a backup: named entries in a stream, sealed piece by piece under the master key.

After a line of JSON (format, key's id, salt) come pieces: four bytes of length and AES-256-GCM of
at most a mebibyte. A piece's nonce is its number and whether it is the last, so that pieces cannot
be exchanged, left out or cut off. The key comes from the master key by HKDF with the file's salt.
"""

import json
import os
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from obieg.backup.errors import BackupDamaged, NotBackup, OtherKey
from obieg.vault.master import MasterKey

FORMAT = "obieg-backup-1"
PIECE = 1 << 20
LONGEST_HEAD = 4096
_TAG = 16
_ENTRY, _DATA, _END = b"E", b"D", b"Z"


@dataclass(frozen=True, slots=True)
class Head:
    """What the file says of itself in the open."""

    key_id: str
    salt: bytes
    made_at: str  # ISO
    version: str  # of the program

    def line(self) -> bytes:
        told = {
            "format": FORMAT,
            "key": self.key_id,
            "salt": self.salt.hex(),
            "made_at": self.made_at,
            "version": self.version,
        }
        return json.dumps(told).encode() + b"\n"


def new_head(key: MasterKey, *, made_at: str, version: str) -> Head:
    return Head(key.id, os.urandom(32), made_at, version)


def write(
    file: IO[bytes], head: Head, key: MasterKey, entries: Iterable[tuple[str, Iterable[bytes]]]
) -> None:
    """Write the head and every entry (its name, its bytes in chunks) to `file`."""
    file.write(head.line())
    cipher = _cipher(key, head)
    for number, (kind, payload) in enumerate(_pieces(entries)):
        sealed = cipher.encrypt(_nonce(number, last=kind == _END), kind + payload, head.line())
        file.write(struct.pack(">I", len(sealed)) + sealed)


def read_head(path: Path) -> Head:
    """The head of the file at `path`, or NotBackup."""
    with path.open("rb") as file:
        return _head(file, path)


def read(path: Path, key: MasterKey) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Every entry with its bytes in chunks, to be taken in order.

    Raises NotBackup, OtherKey, and BackupDamaged as soon as a piece is wrong, at the latest at the
    end. Bytes of an entry are only those of one file once the iteration has ended without an error.
    """
    with path.open("rb") as file:
        head = _head(file, path)
        if head.key_id != key.id:
            raise OtherKey(wanted=head.key_id, present=key.id)
        opened = _opened(file, path, _cipher(key, head), head.line())
        piece = next(opened)
        while piece[0] == _ENTRY:
            name = piece[1].decode()
            rest: list[tuple[bytes, bytes]] = []
            yield name, _data(opened, rest)
            if not rest:
                for _ in _data(opened, rest):
                    pass  # the caller left it: go on to the next
            piece = rest[0]
        if piece[0] != _END:
            raise BackupDamaged(path=path, what="nieznany fragment")


def _data(
    opened: Iterator[tuple[bytes, bytes]], rest: list[tuple[bytes, bytes]]
) -> Iterator[bytes]:
    for kind, payload in opened:
        if kind != _DATA:
            rest.append((kind, payload))
            return
        yield payload


def _pieces(entries: Iterable[tuple[str, Iterable[bytes]]]) -> Iterator[tuple[bytes, bytes]]:
    for name, chunks in entries:
        yield _ENTRY, name.encode()
        for chunk in chunks:
            for start in range(0, len(chunk), PIECE):
                yield _DATA, chunk[start : start + PIECE]
    yield _END, b""


def _opened(
    file: IO[bytes], path: Path, cipher: AESGCM, associated: bytes
) -> Iterator[tuple[bytes, bytes]]:
    number = 0
    while True:
        length = file.read(4)
        if len(length) != struct.calcsize(">I"):
            raise BackupDamaged(path=path, what="urwany plik")
        (size,) = struct.unpack(">I", length)
        if size > PIECE + _TAG + 1:
            raise BackupDamaged(path=path, what="zły fragment")
        plain = _decrypt(cipher, file.read(size), number, associated, path)
        yield plain[:1], plain[1:]
        if plain[:1] == _END:
            return
        number += 1


def _decrypt(cipher: AESGCM, sealed: bytes, number: int, associated: bytes, path: Path) -> bytes:
    for last in (False, True):
        try:
            plain = cipher.decrypt(_nonce(number, last=last), sealed, associated)
        except InvalidTag:
            continue
        if (plain[:1] == _END) == last:
            return plain
    raise BackupDamaged(path=path, what=f"fragment {number + 1}")


def _head(file: IO[bytes], path: Path) -> Head:
    try:
        told = json.loads(file.readline(LONGEST_HEAD))
        if told["format"] != FORMAT:
            raise NotBackup(path=path)
        return Head(told["key"], bytes.fromhex(told["salt"]), told["made_at"], told["version"])
    except (ValueError, KeyError, TypeError):
        raise NotBackup(path=path) from None


def _cipher(key: MasterKey, head: Head) -> AESGCM:
    derived = HKDF(SHA256(), 32, salt=head.salt, info=FORMAT.encode()).derive(key.key)
    return AESGCM(derived)


def _nonce(number: int, *, last: bool) -> bytes:
    return struct.pack(">BxxxQ", int(last), number)
