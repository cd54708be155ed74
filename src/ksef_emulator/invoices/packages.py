"""Packages: invoices and `_metadata.json` in an archive, cut into parts, each encrypted."""

import gzip
import io
import tarfile
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import IO, Protocol

from ksef_emulator.clock import iso
from ksef_emulator.crypto import aes_encrypt, sha256_base64
from ksef_emulator.invoices.filters import DATE_COLUMNS, DateType, Selection
from ksef_emulator.wire import Model
from ksef_emulator.world import World

METADATA_NAME = "_metadata.json"
BATCH = 500  # invoices read from the repository at once
COLUMNS = "invoices.id, ksef_number, meta, issue_date, invoicing, invoices.storage"
DATE_INDEX = {"issue_date": 3, "invoicing": 4, "invoices.storage": 5}
ENTRY_OVERHEAD = 200  # bytes of headers around one invoice in an archive, roughly


class Part(Model):
    """One part: sizes in bytes, hashes Base64, `blob` is where its ciphertext lies."""

    ordinal: int
    name: str
    size: int
    hash: str
    encrypted_size: int
    encrypted_hash: str
    blob: str


class Package(Model):
    """A finished package."""

    invoice_count: int
    size: int
    is_truncated: bool
    dates: dict[str, str]  # the last dates and the high water mark that apply
    compression: str
    parts: tuple[Part, ...]


class Archive(Protocol):
    """An archive being written."""

    def add(self, name: str, content: bytes) -> None:
        """Append one file."""

    def close(self) -> None:
        """Write what stands at the end."""


class ZipArchive:
    """A Zip with Deflate."""

    def __init__(self, target: IO[bytes], moment: datetime) -> None:
        self._zip = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=4)
        self._date = moment.timetuple()[:6]

    def add(self, name: str, content: bytes) -> None:
        """Append one file."""
        info = zipfile.ZipInfo(name, self._date)
        info.compress_type = zipfile.ZIP_DEFLATED
        self._zip.writestr(info, content)

    def close(self) -> None:
        """Write the central directory."""
        self._zip.close()


class TarGzArchive:
    """A tar under gzip."""

    def __init__(self, target: IO[bytes], moment: datetime) -> None:
        self._gzip = gzip.GzipFile(fileobj=target, mode="wb", mtime=0, compresslevel=4)
        self._tar = tarfile.TarFile(fileobj=self._gzip, mode="w")
        self._time = int(moment.timestamp())

    def add(self, name: str, content: bytes) -> None:
        """Append one file."""
        info = tarfile.TarInfo(name)
        info.size, info.mtime = len(content), self._time
        self._tar.addfile(info, io.BytesIO(content))

    def close(self) -> None:
        """Write the end of tar and gzip."""
        self._tar.close()
        self._gzip.close()


class _Filling:
    """A package while it grows to one of its limits."""

    def __init__(self, archive: Archive, target: IO[bytes], max_bytes: int) -> None:
        self._archive, self._target, self._max_bytes = archive, target, max_bytes
        self.metadata: list[str] = []
        self.last: tuple[object, ...] | None = None

    def take(self, row: tuple[object, ...], content: bytes | None) -> bool:
        """Add an invoice; False where it no longer fits."""
        if content is not None:
            if self.metadata and self._target.tell() + ENTRY_OVERHEAD > self._max_bytes:
                return False
            self._archive.add(f"{row[1]}.xml", content)
        self.metadata.append(str(row[2]))
        self.last = row
        return True


def build_package(
    world: World,
    reference: str,
    selection: Selection,
    *,
    key: bytes,
    iv: bytes,
    tar: bool,
    only_metadata: bool,
) -> Package:
    """Fill a package with the selected invoices up to its limits and store its parts."""
    limit = world.settings.export_max_invoices
    now = world.clock.now()
    with world.scratch() as target:
        archive = TarGzArchive(target, now) if tar else ZipArchive(target, now)
        filling = _Filling(archive, target, world.settings.export_max_bytes)
        rows = selection.rows(world, COLUMNS, limit=limit + 1)
        for row, content in _with_contents(world, rows[:limit], skip=only_metadata):
            if not filling.take(row, content):
                break
        listed = ",".join(filling.metadata)
        archive.add(METADATA_NAME, f'{{"invoices":[{listed}]}}'.encode())
        archive.close()
        size = target.tell()
        target.seek(0)
        parts = tuple(_parts(world, reference, target, key, iv, suffix="tar.gz" if tar else "zip"))
    truncated = len(filling.metadata) < len(rows)
    return Package(
        invoice_count=len(filling.metadata),
        size=size,
        is_truncated=truncated,
        dates=_dates(selection, filling.last if truncated else None),
        compression="TarGz" if tar else "Zip",
        parts=parts,
    )


def _with_contents(
    world: World, rows: list[tuple[object, ...]], *, skip: bool
) -> Iterator[tuple[tuple[object, ...], bytes | None]]:
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        contents: dict[object, bytes] = {}
        if not skip:
            places = ", ".join("?" for _ in batch)
            contents = dict(
                world.db.rows(
                    f"SELECT invoice_id, xml FROM contents WHERE invoice_id IN ({places})",  # noqa: S608  # places only
                    [row[0] for row in batch],
                )
            )
        for row in batch:
            yield row, contents.get(row[0])


def _dates(selection: Selection, last: tuple[object, ...] | None) -> dict[str, str]:
    dates = {}
    if selection.hwm is not None:
        dates["permanentStorageHwmDate"] = selection.hwm.isoformat(timespec="microseconds")
    if last is not None:
        value = last[DATE_INDEX[selection.order]]
        if selection.order == DATE_COLUMNS[DateType.ISSUE]:
            dates["lastIssueDate"] = str(value)
        elif selection.by_storage:
            dates["lastPermanentStorageDate"] = iso(int(str(value)))
        else:
            dates["lastInvoicingDate"] = iso(int(str(value)))
    return dates


def _parts(
    world: World, reference: str, archive: IO[bytes], key: bytes, iv: bytes, *, suffix: str
) -> Iterator[Part]:
    ordinal = 0
    while plain := archive.read(world.settings.export_part_bytes):
        ordinal += 1
        name = f"{reference}-{ordinal:03d}.{suffix}.aes"
        cipher = aes_encrypt(plain, key, iv)
        world.db.execute("INSERT OR REPLACE INTO blobs VALUES (?, ?)", (name, cipher))
        yield Part(
            ordinal=ordinal,
            name=name,
            size=len(plain),
            hash=sha256_base64(plain),
            encrypted_size=len(cipher),
            encrypted_hash=sha256_base64(cipher),
            blob=name,
        )
