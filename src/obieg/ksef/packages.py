"""A fetched package: the invoices in its zip file and what `_metadata.json` says of them."""

import json
import zipfile
import zlib
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, Self

import structlog

from obieg.core.polish import file_size
from obieg.ksef.content import ContentKey
from obieg.ksef.download import fetch_package
from obieg.ksef.errors import PackageCorrupt
from obieg.ksef.metadata import InvoiceMetadata

__all__ = ["ContentKey", "PackageFile", "PackageReader", "fetch_package", "open_package"]

log = structlog.get_logger(__name__)

METADATA = "_metadata.json"
LARGEST_FILE = 10_000_000  # bytes unpacked; KSeF API 2.9 lets an invoice have 3,000,000
LARGEST_METADATA = 100_000_000  # bytes: 10,000 entries of 10 kB
LARGEST_TOTAL = 30_000_000_000  # bytes unpacked: 10,000 invoices of the largest size
MOST_FILES = 100_000  # ten times what a package of KSeF 2.9 may hold
ENCRYPTED = 0x1  # of ZipInfo.flag_bits
METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
CHUNK = 64 * 1024


class PackageFile(NamedTuple):
    """An invoice of the package: the file's name, the KSeF number it gives, and its bytes.

    What fetching again would not mend is `left_out` for the Polish reason, with no bytes.
    """

    name: str
    ksef_number: str
    content: bytes
    left_out: str = ""


class PackageReader:
    """The package at a path, read file by file; iterate it, or use it as a context manager.

    PackageCorrupt where the zip file is broken or, unpacked, larger than any package
    can be. Nothing is unpacked to the disk, and the names in it are only names.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise PackageCorrupt(what="to nie jest plik zip") from error
        files = self._zip.infolist()
        if len(files) > MOST_FILES or sum(file.file_size for file in files) > LARGEST_TOTAL:
            self.close()
            raise PackageCorrupt(what="zbyt wiele plików albo bajtów po rozpakowaniu")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._zip.close()

    def __iter__(self) -> Iterator[PackageFile]:
        """Every invoice in the order of the package: one at a time in memory."""
        for info in self._invoices():
            reason = _why_left_out(info)
            content = b"" if reason else self._read(info, LARGEST_FILE)
            yield PackageFile(info.filename, Path(info.filename).stem, content, reason)

    @cached_property
    def metadata(self) -> dict[str, InvoiceMetadata]:
        """The entries by KSeF number; parsed one by one, so that only the short form is kept."""
        try:
            info = self._zip.getinfo(METADATA)
        except KeyError:
            raise PackageCorrupt(what=f"brak pliku {METADATA}") from None
        try:
            text = self._read(info, LARGEST_METADATA).decode("utf-8-sig")
            entries = map(InvoiceMetadata.from_json, _array(text, "invoices"))
            return {entry.ksef_number: entry for entry in entries}
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise PackageCorrupt(what=f"nieczytelny plik {METADATA}") from error

    def _invoices(self) -> Iterator[zipfile.ZipInfo]:
        for info in self._zip.infolist():
            if info.filename.lower().endswith(".xml"):
                yield info
            elif info.filename != METADATA and not info.is_dir():
                log.warning("ksef.package_stranger", name=info.filename)

    def _read(self, info: zipfile.ZipInfo, limit: int) -> bytes:
        """The file's bytes; no more than its header claims are ever unpacked, nor than `limit`."""
        try:
            with self._zip.open(info) as file:
                content = file.read(min(limit, info.file_size) + 1)
        except (zipfile.BadZipFile, zlib.error, OSError) as error:
            raise PackageCorrupt(what=f"uszkodzony plik {info.filename}") from error
        except (RuntimeError, NotImplementedError, EOFError) as error:  # a password, another method
            raise PackageCorrupt(what=f"nieobsługiwany zapis pliku {info.filename}") from error
        if len(content) > limit:
            raise PackageCorrupt(what=f"plik {info.filename} większy niż dopuszcza KSeF")
        return content


def open_package(path: Path) -> PackageReader:
    """The reader of a fetched package; PackageCorrupt where it is no zip file."""
    return PackageReader(path)


def _why_left_out(info: zipfile.ZipInfo) -> str:
    """Why a file is not unpacked: it would come the same again, and must not stop the others."""
    if info.file_size > LARGEST_FILE:
        size, most = file_size(info.file_size), file_size(LARGEST_FILE)
        return f"Plik ma po rozpakowaniu {size}, a może mieć najwyżej {most}"
    if info.flag_bits & ENCRYPTED or info.compress_type not in METHODS:
        return "Plik jest w paczce zapisany z hasłem albo nieznaną metodą"
    return ""


def _array(text: str, name: str) -> Iterator[dict[str, Any]]:
    """The objects of the array `name` of the JSON object in `text`, decoded one at a time."""
    decoder = json.JSONDecoder()
    at = _skip(text, 0, "{")
    while text[at] != "}":
        key, at = decoder.raw_decode(text, at)
        at = _skip(text, at, ":")
        if key == name:
            yield from _elements(decoder, text, at)
            return
        _, at = decoder.raw_decode(text, at)
        at = _next(text, at)
    raise KeyError(name)


def _elements(decoder: json.JSONDecoder, text: str, at: int) -> Iterator[dict[str, Any]]:
    at = _skip(text, at, "[")
    while text[at] != "]":
        element, at = decoder.raw_decode(text, at)
        yield element
        at = _next(text, at)


def _skip(text: str, at: int, mark: str) -> int:
    """The place of the first thing after `mark`, which stands at `at` but for blanks."""
    at = _blank(text, at)
    if text[at] != mark:
        raise ValueError(f"expected {mark!r} at {at}")
    return _blank(text, at + 1)


def _next(text: str, at: int) -> int:
    at = _blank(text, at)
    return _blank(text, at + 1) if text[at] == "," else at


def _blank(text: str, at: int) -> int:
    while text[at] in " \t\r\n":
        at += 1
    return at
