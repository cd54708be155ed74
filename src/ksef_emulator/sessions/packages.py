"""Batch packages: put together, decrypted, unpacked, processed."""

import base64
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from ksef_emulator.clock import to_micros
from ksef_emulator.crypto import UndecryptableError, aes_decrypted, sha256_base64, sha256_of
from ksef_emulator.limits.sessions import context_limits
from ksef_emulator.sessions.closing import conclude, finish
from ksef_emulator.sessions.processing import process
from ksef_emulator.sessions.records import SentInvoice, Session
from ksef_emulator.storage import PIECE
from ksef_emulator.world import World

LARGEST_FILE = 20_000_000  # bytes unpacked; anything larger is refused by size without reading on


class BadPackage(Exception):
    """The package cannot be processed; `code` is the session's status."""

    def __init__(self, code: int, *details: str) -> None:
        super().__init__(*details)
        self.code = code
        self.details = details


def process_batch(world: World, session: Session) -> None:
    """Process a closed batch to its last status."""
    try:
        if world.settings.processing_failure:
            raise BadPackage(500)  # noqa: TRY301  # ends as every bad package does
        with world.scratch() as archive:
            _assemble(world, session, archive)
            files = _files(archive, session.compression)
            names = next(files)
            _check_count(world, session, len(names))
            process(world, session, _sent(world, session, files))
    except BadPackage as error:
        finish(world, session, error.code, *error.details)
    else:
        conclude(world, session)
    finally:
        for part in session.parts:
            world.db.execute("DELETE FROM blobs WHERE key = ?", (part.blob,))


def _check_count(world: World, session: Session, count: int) -> None:
    limit = context_limits(world, session.context).batch_session.max_invoices
    if count > limit:
        raise BadPackage(420, f"Dozwolona liczba faktur w sesji to {limit}.")
    if not count:
        raise BadPackage(445)


def _assemble(world: World, session: Session, archive: IO[bytes]) -> None:
    """Write the archive, every hash checked; raises BadPackage."""
    key, iv = base64.b64decode(session.key or ""), base64.b64decode(session.iv)
    for part in session.parts:
        if sha256_of(world.db.blob_pieces(part.blob)) != part.hash:
            raise BadPackage(405, f"Skrót części {part.ordinal} nie zgadza się z zadeklarowanym.")
        try:
            archive.writelines(aes_decrypted(world.db.blob_pieces(part.blob), key, iv))
        except UndecryptableError as error:
            raise BadPackage(435) from error
    archive.seek(0)
    if sha256_of(iter(lambda: archive.read(PIECE), b"")) != session.file_hash:
        raise BadPackage(405, "Skrót paczki nie zgadza się z zadeklarowanym.")
    archive.seek(0)


def _files(archive: IO[bytes], compression: str) -> Iterator[list[str] | tuple[str, bytes]]:
    """First the list of names, then every file; raises BadPackage."""
    unpack = _untar if compression == "TarGz" else _unzip
    try:
        yield from unpack(archive)
    except (zipfile.BadZipFile, tarfile.TarError, zlib.error, OSError, EOFError) as error:
        raise BadPackage(430) from error


def _unzip(archive: IO[bytes]) -> Iterator[list[str] | tuple[str, bytes]]:
    with zipfile.ZipFile(archive) as opened:
        entries = [entry for entry in opened.infolist() if not entry.is_dir()]
        yield [entry.filename for entry in entries]
        for entry in entries:
            with opened.open(entry) as file:
                yield entry.filename, file.read(LARGEST_FILE)


def _untar(archive: IO[bytes]) -> Iterator[list[str] | tuple[str, bytes]]:
    with tarfile.open(fileobj=archive, mode="r:gz") as opened:
        entries = [entry for entry in opened.getmembers() if entry.isfile()]
        yield [entry.name for entry in entries]
        for entry in entries:
            file = opened.extractfile(entry)
            yield entry.name, file.read(LARGEST_FILE) if file else b""


def _sent(
    world: World, session: Session, files: Iterator[list[str] | tuple[str, bytes]]
) -> Iterator[tuple[SentInvoice, bytes]]:
    """Rows in the order of the archive; a batch is accepted at the moment of its opening."""
    moment = to_micros(session.created)
    for ordinal, file in enumerate(files, 1):
        name, content = file
        if isinstance(content, bytes):
            yield (
                SentInvoice(
                    session=session.reference,
                    ordinal=ordinal,
                    reference=world.numbering.reference("EE", world.clock.now()),
                    hash=sha256_base64(content),
                    invoicing=moment,
                    ready=0,
                    offline=session.offline,
                    file_name=name.rsplit("/", 1)[-1][:128],
                ),
                content,
            )
