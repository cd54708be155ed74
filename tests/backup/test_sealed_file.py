"""A backup's file gives back what was put in, and nothing that was changed, cut or exchanged."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from obieg.backup import sealed_file
from obieg.backup.errors import BackupDamaged, NotBackup, OtherKey
from obieg.vault.master import MasterKey

KEY = MasterKey(bytes(range(32)))
ENTRIES = [("database.dump", [b"a" * 3_000_000, b"", b"b"]), ("documents/łąka.xml", [b"<x/>"])]


def seal(path: Path, entries: list[tuple[str, list[bytes]]], key: MasterKey = KEY) -> Path:
    head = sealed_file.new_head(key, made_at="2026-11-21T10:00:00", version="0.1.0")
    with path.open("wb") as file:
        sealed_file.write(file, head, key, entries)
    return path


def everything(path: Path, key: MasterKey = KEY) -> dict[str, bytes]:
    return {name: b"".join(chunks) for name, chunks in sealed_file.read(path, key)}


def pieces(path: Path) -> tuple[bytes, list[bytes]]:
    """The head, and every piece with its length."""
    content = path.read_bytes()
    head, _, rest = content.partition(b"\n")
    found = []
    while rest:
        size = 4 + int.from_bytes(rest[:4], "big")
        found.append(rest[:size])
        rest = rest[size:]
    return head + b"\n", found


def test_entries_come_back(tmp_path: Path) -> None:
    path = seal(tmp_path / "a", ENTRIES)
    assert everything(path) == {name: b"".join(chunks) for name, chunks in ENTRIES}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.lists(st.tuples(st.text(min_size=1), st.lists(st.binary())), unique_by=lambda e: e[0]))
def test_any_entries_come_back(tmp_path: Path, entries: list[tuple[str, list[bytes]]]) -> None:
    path = seal(tmp_path / "a", entries)
    assert everything(path) == {name: b"".join(chunks) for name, chunks in entries}


def test_entries_may_be_passed_over(tmp_path: Path) -> None:
    path = seal(tmp_path / "a", ENTRIES)
    assert [name for name, _ in sealed_file.read(path, KEY)] == [name for name, _ in ENTRIES]


def damaged(head: bytes, found: list[bytes]) -> Iterator[tuple[str, bytes]]:
    yield "cut before the end", head + b"".join(found[:-1])
    yield "cut in a piece", head + b"".join(found)[:-1]
    yield "two pieces exchanged", head + b"".join([found[0], found[2], found[1], *found[3:]])
    yield "a piece left out", head + b"".join([*found[:1], *found[2:]])
    flipped = bytearray(found[1])
    flipped[100] ^= 1
    yield "a bit changed", head + b"".join([found[0], bytes(flipped), *found[2:]])
    yield "head changed", head.replace(b"0.1.0", b"0.2.0") + b"".join(found)
    yield "nothing after the head", head


DAMAGES = [
    "cut before the end",
    "cut in a piece",
    "two pieces exchanged",
    "a piece left out",
    "a bit changed",
    "head changed",
    "nothing after the head",
]


@pytest.mark.parametrize("what", DAMAGES)
def test_whatever_was_done_to_it_is_found(tmp_path: Path, what: str) -> None:
    path = seal(tmp_path / "a", ENTRIES)
    path.write_bytes(dict(damaged(*pieces(path)))[what])
    with pytest.raises(BackupDamaged):
        everything(path)


def test_another_key_is_named(tmp_path: Path) -> None:
    path = seal(tmp_path / "a", ENTRIES)
    other = MasterKey(bytes(32))
    with pytest.raises(OtherKey, match=KEY.id):
        everything(path, other)


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", b"{}\n", b'{"format": "obieg-backup-9"}\n']
)
def test_another_file_is_no_backup(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a"
    path.write_bytes(content)
    with pytest.raises(NotBackup):
        everything(path)


def test_nothing_can_be_read_in_it(tmp_path: Path) -> None:
    path = seal(tmp_path / "a", [("x", ["Sekret łąki".encode() * 100])])
    assert "łąki".encode() not in path.read_bytes()
