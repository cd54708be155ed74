"""Packing: what went in comes out, in parts that KSeF takes, the same bytes every time."""

import io
import os
import tarfile
import time
import tracemalloc
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from obieg.core.errors import UserFixable
from obieg.ksef.archives import Compression
from obieg.ksef.batch import LARGEST_PART, SPECIFICATION, Packed, pack, sha256_of
from obieg.ksef.content import ContentKey
from obieg.ksef.errors import InvoiceTooLarge, PackageTooLarge, TooManyInvoices, TooManyParts
from tests.ksef.selling import files

KEY = ContentKey.new()
BOTH: list[Compression] = ["Zip", "TarGz"]
UNBOUNDED = replace(SPECIFICATION, parts=1_000_000)
names = st.text(
    st.characters(codec="utf-8", exclude_characters="/", exclude_categories=["C"]), min_size=1
).map(lambda name: f"{name[:100]}.xml")


def plain(package: Packed, key: ContentKey = KEY) -> bytes:
    """The archive, put together as KSeF does."""
    assert [part.ordinal for part in package.parts] == list(range(1, len(package.parts) + 1))
    pieces = []
    for part in package.parts:
        cipher = part.path.read_bytes()
        assert (len(cipher), sha256_of(cipher)) == (part.size, part.sha256)
        pieces.append(b"".join(key.decrypt([cipher])))
    whole = b"".join(pieces)
    assert (len(whole), sha256_of(whole)) == (package.size, package.sha256)
    return whole


def unpacked(archive: bytes, compression: Compression) -> dict[str, bytes]:
    """The files by Python's own readers; KSeF's order is that of the archive."""
    if compression == "Zip":
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            assert opened.testzip() is None
            return {info.filename: opened.read(info) for info in opened.infolist()}
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as opened:
        return {info.name: opened.extractfile(info).read() for info in opened}  # type: ignore[union-attr]


@settings(max_examples=60, deadline=None)
@given(
    documents=st.dictionaries(names, st.binary(max_size=3000), min_size=1, max_size=12),
    compression=st.sampled_from(BOTH),
    part_size=st.integers(min_value=100, max_value=20_000),
)
def test_what_was_packed_comes_out_as_it_was(
    documents: dict[str, bytes], compression: Compression, part_size: int
) -> None:
    with TemporaryDirectory() as folder:
        package = pack(
            documents.items(),
            KEY,
            Path(folder),
            compression=compression,
            part_size=part_size,
            limits=UNBOUNDED,
        )
        found = unpacked(plain(package), compression)
        full, last = package.parts[:-1], package.parts[-1]
    assert list(found.items()) == list(documents.items())
    padded = part_size // 16 * 16 + 16
    assert all(part.size == padded for part in full)
    assert 0 < last.size <= padded


@pytest.mark.parametrize("compression", BOTH)
def test_packing_again_gives_the_same_bytes(
    tmp_path: Path, compression: Compression, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = files(20)
    first = pack(documents.items(), KEY, tmp_path, compression=compression, part_size=700)
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
    first.parts[0].path.write_bytes(b"")
    again = pack(documents.items(), KEY, tmp_path, compression=compression, part_size=700)
    assert again == first
    assert unpacked(plain(again), compression) == documents
    assert len(list(tmp_path.iterdir())) == len(first.parts) > 1


def test_a_package_comes_back_from_json_as_it_was(tmp_path: Path) -> None:
    package = pack(files(3).items(), KEY, tmp_path, part_size=500)
    assert Packed.from_json(package.to_json()) == package


def test_too_many_invoices_are_too_many(tmp_path: Path) -> None:
    limits = replace(SPECIFICATION, invoices=3)
    pack(files(3).items(), KEY, tmp_path / "fits", limits=limits)
    with pytest.raises(TooManyInvoices, match="najwyżej 3 faktur"):
        pack(files(4).items(), KEY, tmp_path, limits=limits)


def test_ksefs_own_limit_is_ten_thousand(tmp_path: Path) -> None:
    with pytest.raises(TooManyInvoices):
        pack(((f"{place}.xml", b"<x/>") for place in count()), KEY, tmp_path)


def test_an_invoice_has_its_largest_size(tmp_path: Path) -> None:
    pack([("a.xml", b"<x>".ljust(1_000_000))], KEY, tmp_path)
    with pytest.raises(InvoiceTooLarge, match=r"„a.xml” ma 1000001 bajtów.*1000000"):
        pack([("a.xml", b"<x>".ljust(1_000_001))], KEY, tmp_path)


@pytest.mark.parametrize("tag", [b"<Zalacznik>", b"<tns:Zalacznik>", b"<Zalacznik\n/>"])
def test_an_attachment_lets_an_invoice_be_larger(tmp_path: Path, tag: bytes) -> None:
    pack([("a.xml", tag.ljust(3_000_000))], KEY, tmp_path)
    with pytest.raises(InvoiceTooLarge, match="3000001"):
        pack([("a.xml", tag.ljust(3_000_001))], KEY, tmp_path)


def test_too_many_parts_are_too_many_and_leave_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(TooManyParts, match="najwyżej 50 części") as error:
        pack([("a.xml", os.urandom(5_000))], KEY, tmp_path, part_size=100)
    assert isinstance(error.value, UserFixable)
    assert list(tmp_path.iterdir()) == []


def test_too_large_a_package_leaves_nothing_behind(tmp_path: Path) -> None:
    limits = replace(SPECIFICATION, package=1_000)
    with pytest.raises(PackageTooLarge):
        pack([("a.xml", os.urandom(5_000))], KEY, tmp_path, part_size=900, limits=limits)
    assert list(tmp_path.iterdir()) == []


def test_what_breaks_off_leaves_nothing_behind(tmp_path: Path) -> None:
    def broken() -> Iterator[tuple[str, bytes]]:
        yield "a.xml", os.urandom(900_000)
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        pack(broken(), KEY, tmp_path, part_size=100_000)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("wrong", ["", "a/b.xml", "x" * 129])
def test_a_name_that_would_not_come_back_is_a_mistake(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(ValueError, match="not a name"):
        pack([(wrong, b"<x/>")], KEY, tmp_path)


def test_a_name_twice_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not a name"):
        pack([("a.xml", b"<x/>"), ("a.xml", b"<y/>")], KEY, tmp_path)


def test_an_empty_package_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="needs an invoice"):
        pack([], KEY, tmp_path)


@pytest.mark.parametrize("size", [0, LARGEST_PART + 1])
def test_a_part_has_its_largest_size(tmp_path: Path, size: int) -> None:
    with pytest.raises(ValueError, match="bytes"):
        pack([("a.xml", b"<x/>")], KEY, tmp_path, part_size=size)


@pytest.mark.parametrize("compression", BOTH)
def test_a_large_package_takes_little_memory(tmp_path: Path, compression: Compression) -> None:
    content = os.urandom(900_000)
    documents = ((f"{place}.xml", content) for place in range(30))
    tracemalloc.start()
    package = pack(documents, KEY, tmp_path, compression=compression, part_size=10_000_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(package.parts) == 3
    assert peak < 8_000_000
