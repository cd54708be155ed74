"""The cipher of contents: a stream in, the same stream out."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obieg.ksef.content import ContentKey


@given(st.lists(st.binary(max_size=100), max_size=8))
def test_what_is_encrypted_in_pieces_comes_back(pieces: list[bytes]) -> None:
    key = ContentKey.new()
    assert b"".join(key.decrypt(key.encrypt(pieces))) == b"".join(pieces)


def test_another_key_does_not_decrypt() -> None:
    sealed = list(ContentKey.new().encrypt([b"x" * 1000]))
    other = ContentKey(key=bytes(32), iv=bytes(16))
    with pytest.raises(ValueError, match="padding"):
        list(other.decrypt(sealed))


def test_a_stream_is_never_held_whole() -> None:
    taken = 0

    def pieces() -> Iterator[bytes]:
        nonlocal taken
        for _ in range(100):
            taken += 1
            yield bytes(1000)

    encrypted = ContentKey.new().encrypt(pieces())
    next(encrypted)
    assert taken == 1


def test_a_key_does_not_show_itself() -> None:
    key = ContentKey.new()
    assert repr(key) == "ContentKey()"
