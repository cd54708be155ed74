"""Documents packed as a stream: the same documents give the same bytes, at any time."""

import gzip
import io
import tarfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

Compression = Literal["Zip", "TarGz"]
Document = tuple[str, bytes]

CHUNK = 256 * 1024
LEVEL = 6  # of deflate; what zip programs use


class _Drain(io.RawIOBase):
    """A file that is only written, and handed on in large chunks."""

    def __init__(self) -> None:
        self._kept = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: "ReadableBuffer") -> int:
        before = len(self._kept)
        self._kept += data
        return len(self._kept) - before

    def chunks(self, *, least: int = CHUNK) -> Iterator[bytes]:
        """What was written so far, where it is at least so many bytes."""
        if len(self._kept) >= least:
            yield bytes(self._kept)
            self._kept.clear()


def _zipped(documents: Iterable[Document]) -> Iterator[bytes]:
    drain = _Drain()
    with zipfile.ZipFile(drain, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in documents:
            entry = zipfile.ZipInfo(name)  # of 1 January 1980, whatever the day
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED, LEVEL)
            yield from drain.chunks()
    yield from drain.chunks(least=1)


def _tarred(documents: Iterable[Document]) -> Iterator[bytes]:
    drain = _Drain()
    with (
        gzip.GzipFile(
            filename="", mode="wb", compresslevel=LEVEL, fileobj=drain, mtime=0
        ) as packed,
        tarfile.open(fileobj=packed, mode="w") as archive,
    ):
        for name, content in documents:
            entry = tarfile.TarInfo(name)  # of 1 January 1970, of nobody
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
            yield from drain.chunks()
    yield from drain.chunks(least=1)


ARCHIVES: Mapping[Compression, Callable[[Iterable[Document]], Iterator[bytes]]] = {
    "Zip": _zipped,
    "TarGz": _tarred,
}
