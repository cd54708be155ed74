"""A batch package: invoices packed, cut into parts and encrypted in one pass, in flat memory."""

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from obieg.ksef.archives import ARCHIVES, Compression, Document
from obieg.ksef.content import ContentKey
from obieg.ksef.errors import InvoiceTooLarge, PackageTooLarge, TooManyInvoices, TooManyParts

LARGEST_PART = 100_000_000  # bytes before encryption, KSeF API 2.9, BatchFileInfo.fileParts
LONGEST_NAME = 128  # characters, KSeF API 2.9, invoiceFileName
_ATTACHMENT = re.compile(rb"<(?:[\w.-]+:)?Zalacznik[\s/>]")


@dataclass(frozen=True, slots=True)
class Limits:
    """What KSeF takes in a package: counts, and sizes in bytes before encryption.

    Source: KSeF API 2.9, BatchFileInfo; CIRFMF/ksef-docs, limity/limity.md. A context may have
    other limits for invoices by KSeF's leave.
    """

    invoices: int = 10_000
    parts: int = 50
    package: int = 5_000_000_000
    invoice: int = 1_000_000
    invoice_with_attachment: int = 3_000_000


SPECIFICATION = Limits()


@dataclass(frozen=True, slots=True)
class PackedPart:
    """An encrypted part on the disk: its size in bytes, its SHA-256 in Base64."""

    ordinal: int
    path: Path
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Packed:
    """A package ready for sending: size and SHA-256 (Base64) of the whole before encryption."""

    compression: Compression
    size: int
    sha256: str
    parts: tuple[PackedPart, ...]

    def to_json(self) -> str:
        """For storage, so that another process can go on."""
        parts = [[part.ordinal, str(part.path), part.size, part.sha256] for part in self.parts]
        return json.dumps(
            {
                "compression": self.compression,
                "size": self.size,
                "sha256": self.sha256,
                "parts": parts,
            }
        )

    @classmethod
    def from_json(cls, text: str) -> Self:
        """What `to_json` gave."""
        stored: dict[str, Any] = json.loads(text)
        parts = tuple(
            PackedPart(ordinal, Path(path), size, sha256)
            for ordinal, path, size, sha256 in stored["parts"]
        )
        return cls(stored["compression"], stored["size"], stored["sha256"], parts)


def pack(
    documents: Iterable[Document],
    key: ContentKey,
    folder: Path,
    *,
    compression: Compression = "Zip",
    part_size: int = LARGEST_PART,
    limits: Limits = SPECIFICATION,
) -> Packed:
    """The documents (file name, XML) as encrypted parts in `folder`, read once, one at a time.

    The same documents and key give the same bytes (by the same zlib), so parts that were lost can
    be packed again for a session that is already open: compare what comes with what was stored.
    The package is cut into parts of `part_size` bytes first, each is encrypted by itself
    (CIRFMF/ksef-docs, sesja-wsadowa.md). Raises TooManyInvoices, InvoiceTooLarge, PackageTooLarge
    or TooManyParts, and ValueError for a name that KSeF would not give back as it is; what was
    written by then is removed.
    """
    if not 1 <= part_size <= LARGEST_PART:
        raise ValueError(f"a part has 1 to {LARGEST_PART} bytes")
    folder = folder.absolute()  # for another process, perhaps started elsewhere
    folder.mkdir(parents=True, exist_ok=True)
    whole = _Tally()
    archive = _limited(ARCHIVES[compression](_checked(documents, limits)), whole, limits)
    parts: list[PackedPart] = []
    with ExitStack() as unwritten:
        for ordinal, piece in enumerate(_pieces(archive, part_size), start=1):
            if ordinal > limits.parts:
                raise TooManyParts(limit=limits.parts)
            path = folder / f"{ordinal:04d}.aes"
            unwritten.callback(path.unlink, missing_ok=True)
            parts.append(_written(ordinal, key.encrypt(piece), path))
        unwritten.pop_all()
    return Packed(compression, whole.size, whole.sha256, tuple(parts))


def sha256_of(content: bytes) -> str:
    """SHA-256 in Base64, as KSeF names it."""
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


class _Tally:
    """Size and hash of what has passed."""

    def __init__(self) -> None:
        self.size = 0
        self._digest = hashlib.sha256()

    def add(self, chunk: bytes) -> None:
        self.size += len(chunk)
        self._digest.update(chunk)

    @property
    def sha256(self) -> str:
        return base64.b64encode(self._digest.digest()).decode()


def _checked(documents: Iterable[Document], limits: Limits) -> Iterator[Document]:
    names: set[str] = set()
    for name, content in documents:
        if name in names or "/" in name or not 0 < len(name) <= LONGEST_NAME:
            raise ValueError(f"not a name for a file of the package: {name!r}")
        names.add(name)
        if len(names) > limits.invoices:
            raise TooManyInvoices(limit=limits.invoices)
        _require_size(name, content, limits)
        yield name, content
    if not names:
        raise ValueError("a package needs an invoice")


def _require_size(name: str, content: bytes, limits: Limits) -> None:
    if len(content) <= limits.invoice:
        return
    attached = _ATTACHMENT.search(content) is not None
    limit = limits.invoice_with_attachment if attached else limits.invoice
    if len(content) > limit:
        raise InvoiceTooLarge(name=name, size=len(content), limit=limit)


def _limited(chunks: Iterable[bytes], tally: _Tally, limits: Limits) -> Iterator[bytes]:
    for chunk in chunks:
        tally.add(chunk)
        if tally.size > limits.package:
            raise PackageTooLarge(limit=limits.package)
        yield chunk


def _pieces(chunks: Iterable[bytes], size: int) -> Iterator[Iterator[bytes]]:
    """`chunks` in pieces of `size` bytes, the last one shorter; each is read before the next."""
    source = filter(None, chunks)
    rest = b""

    def piece() -> Iterator[bytes]:
        nonlocal rest
        wanted = size
        while wanted and (rest := rest or next(source, b"")):
            given, rest = rest[:wanted], rest[wanted:]
            wanted -= len(given)
            yield given

    while rest := rest or next(source, b""):
        yield piece()


def _written(ordinal: int, encrypted: Iterable[bytes], path: Path) -> PackedPart:
    """The part on the disk, whole or not at all: another process may be reading the old one."""
    tally = _Tally()
    draft = path.with_suffix(".draft")
    try:
        with draft.open("wb") as target:
            for chunk in encrypted:
                target.write(chunk)
                tally.add(chunk)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return PackedPart(ordinal, path, tally.size, tally.sha256)
