"""Uploading the parts of a batch: streamed from the disk to presigned links, repeatable."""

import hashlib
import json
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import httpx

from obieg.ksef.batch import PackedPart
from obieg.ksef.errors import KsefRefused, KsefUnavailable, PartLost, UploadExpired
from obieg.ksef.trust import trusted

CHUNK = 256 * 1024
TIMEOUT_SECONDS = 60
TAKEN = frozenset({200, 201})
EXPIRED_LINK = frozenset({401, 403, 404, 410})
WRONG_REQUEST = frozenset({400, 405, 409, 411, 413, 415})


@dataclass(frozen=True, slots=True)
class PartUpload:
    """Where a part goes: the link opens the storage, so it is no more shown than a secret."""

    ordinal: int
    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class OpenedBatch:
    """A batch session that waits for its parts: 20 minutes for every one of them, together."""

    reference: str
    uploads: tuple[PartUpload, ...]

    def to_json(self) -> str:
        """For storage, so that another process can go on; it holds the links."""
        uploads = [[u.ordinal, u.method, u.url, dict(u.headers)] for u in self.uploads]
        return json.dumps({"reference": self.reference, "uploads": uploads})

    @classmethod
    def from_json(cls, text: str) -> Self:
        """What `to_json` gave."""
        stored = json.loads(text)
        return cls(stored["reference"], tuple(PartUpload(*upload) for upload in stored["uploads"]))


def upload_part(upload: PartUpload, part: PackedPart, *, http: httpx.Client | None = None) -> None:
    """Send one part; sending it once more is harmless.

    The link needs and gets no access token. Raises PartLost (pack again with the same key),
    UploadExpired (a LinkExpired: open another session), KsefRefused or KsefUnavailable.
    """
    if upload.ordinal != part.ordinal:
        raise ValueError("the link is of another part")
    _require_intact(part)
    client = http or httpx.Client(timeout=TIMEOUT_SECONDS, verify=trusted())
    try:
        answer = client.request(
            upload.method,
            upload.url,
            headers={**upload.headers, "Content-Length": str(part.size)},
            content=_chunks(part.path),
            follow_redirects=False,
        )
    except (httpx.TransportError, httpx.InvalidURL) as error:
        # without the cause: its text may hold the link, and the link opens the storage
        raise KsefUnavailable(reason=f"część {part.ordinal}: {type(error).__name__}") from None
    finally:
        if http is None:
            client.close()
    _require_taken(part, answer.status_code)


def _require_taken(part: PackedPart, status: int) -> None:
    if status in EXPIRED_LINK:
        raise UploadExpired(what=f"część {part.ordinal}")
    if status in WRONG_REQUEST:
        raise KsefRefused(ksef_code=None, text=f"część {part.ordinal}: odpowiedź {status}")
    if status not in TAKEN:
        raise KsefUnavailable(reason=f"część {part.ordinal}: odpowiedź {status}")


def _require_intact(part: PackedPart) -> None:
    """PartLost where the file is not what was packed; a wrong one would end the session."""
    digest = hashlib.sha256()
    try:
        for chunk in _chunks(part.path):
            digest.update(chunk)
    except FileNotFoundError as error:
        raise PartLost(ordinal=part.ordinal) from error
    if b64encode(digest.digest()).decode() != part.sha256:
        raise PartLost(ordinal=part.ordinal)


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
