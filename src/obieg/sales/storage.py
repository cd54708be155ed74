"""Where the bytes of documents and receipts are kept: the database, or files by date.

The variable OBIEG_DOCUMENTS names a directory for files; without it the database keeps the bytes.
What was kept before stays where it is.
"""

import base64
import hashlib
import os
import re
import secrets
from datetime import datetime
from pathlib import Path

from obieg.core.polish import WARSAW
from obieg.office.models import Client
from obieg.sales.errors import DocumentAltered, DocumentMissing
from obieg.sales.models import Sale, SaleXml, Upo

VARIABLE = "OBIEG_DOCUMENTS"
_UNFIT = re.compile(r"[^\w.-]+")


def kept(data: bytes, *, client: Client, name: str, at: datetime) -> dict[str, object]:
    """The columns `content` and `path` for these bytes; a file is on the disk when this returns.

    A file lies at YYYY/MM/DD/NIP/name (of a branch with an identifier, that) by Warsaw's day of
    `at`; one of a transaction that is undone stays behind unused, and a later one of that name gets
    its hash too.
    """
    directory = _directory()
    if directory is None:
        return {"content": data, "path": ""}
    day = at.astimezone(WARSAW)
    folder = Path(f"{day:%Y}", f"{day:%m}", f"{day:%d}", client.context)
    path = folder / _UNFIT.sub("_", name).lstrip(".")
    if not _write(directory / path, data):
        path = path.with_name(f"{path.stem}-{hashlib.sha256(data).hexdigest()[:16]}{path.suffix}")
        _write(directory / path, data)
    return {"content": None, "path": path.as_posix()}


def bytes_of(row: SaleXml | Upo) -> bytes:
    """The bytes of a row, exactly as they were kept.

    Raises DocumentMissing where the file cannot be read, DocumentAltered where the hash differs.
    """
    data = bytes(row.content) if row.content is not None else _read(row.path)
    if row.sha256 and digest(data) != row.sha256:
        raise DocumentAltered(path=row.path or f"nr {row.pk} w bazie")
    return data


def xml_of(sale: Sale) -> bytes:
    """The latest bytes of a document: the frozen ones, else those given as XML."""
    row = SaleXml.objects.of_client(sale.client_id).filter(sale=sale).order_by("-version").first()
    if row is None:
        raise DocumentMissing(path=f"dokumentu {sale.number or sale.pk}")
    return bytes_of(row)


def digest(data: bytes) -> str:
    """SHA-256 in Base64, as KSeF writes hashes."""
    return base64.b64encode(hashlib.sha256(data).digest()).decode()


def _directory() -> Path | None:
    named = os.environ.get(VARIABLE, "")
    return Path(named) if named else None


def _read(path: str) -> bytes:
    directory = _directory()
    if directory is None or not path:
        raise DocumentMissing(path=path)
    try:
        return (directory / path).read_bytes()
    except OSError as error:
        raise DocumentMissing(path=path) from error


def _write(path: Path, data: bytes) -> bool:
    """Whole or not at all, and lasting; False where another file has the name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{secrets.token_hex(8)}")
    try:
        with draft.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(draft)
    except FileExistsError:
        return path.read_bytes() == data
    finally:
        draft.unlink(missing_ok=True)
    for folder in (path.parent, *path.parents[1:4]):
        _flush(folder)
    return True


def _flush(folder: Path) -> None:
    """Let the names in `folder` last too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
