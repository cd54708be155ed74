"""Fetching the parts of a package: streamed to disk, checked, decrypted, joined; resumable."""

import base64
import binascii
import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import httpx

from obieg.ksef.content import ContentKey
from obieg.ksef.errors import KsefUnavailable, LinkExpired, PackageCorrupt
from obieg.ksef.exports import ExportPackage, Part
from obieg.ksef.trust import trusted

CHUNK = 256 * 1024
TIMEOUT_SECONDS = 60
AS_STORED = {"Accept-Encoding": "identity"}  # the hash is of the bytes as they are stored
EXPIRED_LINK = frozenset({401, 403, 404, 410})


def fetch_package(
    package: ExportPackage, key: ContentKey, directory: Path, *, http: httpx.Client | None = None
) -> Path:
    """The whole package as one zip file in `directory`, in constant memory.

    What an earlier, broken fetch left in `directory` and is whole is not fetched again; the caller
    removes the directory. Raises PackageCorrupt, LinkExpired (a Gone: ask for the status anew) or
    KsefUnavailable.
    """
    directory.mkdir(parents=True, exist_ok=True)
    joined = directory / "package.zip"
    if _is_joined(joined, package.parts):
        return joined
    client = http or httpx.Client(timeout=TIMEOUT_SECONDS, verify=trusted())
    try:
        encrypted = [_fetch_part(part, directory, client) for part in package.parts]
    finally:
        if http is None:
            client.close()
    draft = directory / "package.zip.draft"
    with draft.open("wb") as target:
        for part, path in zip(package.parts, encrypted, strict=True):
            _append_plain(part, path, key, target)
    draft.replace(joined)
    for path in encrypted:
        path.unlink()
    return joined


def _fetch_part(part: Part, directory: Path, client: httpx.Client) -> Path:
    path = directory / f"{part.ordinal:04d}.aes"
    if path.is_file() and _matches(_chunks(path), part.encrypted_size, part.encrypted_hash):
        return path
    draft = path.with_suffix(".draft")
    with draft.open("wb") as target:
        received = _copy(_limited(_received(part, client), part), target)
        whole = _matches(received, part.encrypted_size, part.encrypted_hash)
    if not whole:
        draft.unlink()
        raise PackageCorrupt(what=f"część {part.ordinal}: inny rozmiar lub skrót szyfrogramu")
    return draft.replace(path)


def _received(part: Part, client: httpx.Client) -> Iterator[bytes]:
    """The body of the part's link, which needs and gets no access token."""
    if part.expires_at <= datetime.now(UTC):
        raise LinkExpired(what=f"część {part.ordinal}")
    try:
        with client.stream(
            part.method, part.url, headers=AS_STORED, follow_redirects=False
        ) as answer:
            if answer.status_code in EXPIRED_LINK:
                raise LinkExpired(what=f"część {part.ordinal}")
            if answer.status_code != httpx.codes.OK:
                raise KsefUnavailable(reason=f"część {part.ordinal}: {answer.status_code}")
            yield from answer.iter_raw(CHUNK)
    except (httpx.TransportError, httpx.InvalidURL) as error:
        # without the cause: its text may hold the link, and the link opens the part
        reason = f"część {part.ordinal}: {type(error).__name__}"
        raise KsefUnavailable(reason=reason) from None


def _limited(chunks: Iterable[bytes], part: Part) -> Iterator[bytes]:
    """`chunks`, stopped where they are more than was announced, so that the disk is not filled."""
    total = 0
    for chunk in chunks:
        total += len(chunk)
        if total > part.encrypted_size:
            raise PackageCorrupt(what=f"część {part.ordinal}: dłuższa niż zapowiedziana")
        yield chunk


def _append_plain(part: Part, path: Path, key: ContentKey, target: BinaryIO) -> None:
    plain = _copy(key.decrypt(_chunks(path)), target)
    try:
        whole = _matches(plain, part.size, part.hash)
    except ValueError:  # the padding: another key, or a file that changed on the disk
        whole = False
    if not whole:
        path.unlink()
        raise PackageCorrupt(what=f"część {part.ordinal}: nie daje się odszyfrować")


def _is_joined(path: Path, parts: tuple[Part, ...]) -> bool:
    """Whether `path` is already the whole package, by the hash of every part."""
    if not path.is_file() or path.stat().st_size != sum(part.size for part in parts):
        return False
    with path.open("rb") as file:
        return all(_matches(_slice(file, part.size), part.size, part.hash) for part in parts)


def _matches(chunks: Iterable[bytes], size: int, sha256: str) -> bool:
    """Whether `chunks` are `size` bytes with the hash `sha256` (Base64)."""
    digest, total = hashlib.sha256(), 0
    for chunk in chunks:
        digest.update(chunk)
        total += len(chunk)
    try:
        return total == size and digest.digest() == base64.b64decode(sha256, validate=True)
    except binascii.Error:
        return False


def _copy(chunks: Iterable[bytes], target: BinaryIO) -> Iterator[bytes]:
    for chunk in chunks:
        target.write(chunk)
        yield chunk


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _slice(file: BinaryIO, size: int) -> Iterator[bytes]:
    while size and (chunk := file.read(min(size, CHUNK))):
        size -= len(chunk)
        yield chunk
