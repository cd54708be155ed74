"""Presigned links: storage outside the API, opened by a signature that expires."""

import hashlib
import hmac
from datetime import datetime
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ksef_emulator.clock import to_micros
from ksef_emulator.crypto import sha256_base64
from ksef_emulator.world import World


def signed_link(world: World, base_url: str, method: str, blob: str, until: datetime) -> str:
    """An address that opens `blob` to one method until a moment."""
    expires = str(to_micros(until))
    query = urlencode({"expires": expires, "sig": _signature(world, method, blob, expires)})
    return f"{base_url}/storage/{blob}?{query}"


def _signature(world: World, method: str, blob: str, expires: str) -> str:
    text = f"{method}\n{blob}\n{expires}".encode()
    return hmac.new(world.secret("links").encode(), text, hashlib.sha256).hexdigest()


def link_problem(world: World, request: Request) -> Response | None:
    """The storage's refusal of a link that is wrong or has expired."""
    blob: str = request.path_params["blob"]
    expires = request.query_params.get("expires", "")
    given = request.query_params.get("sig", "")
    right = _signature(world, request.method, blob, expires)
    if not hmac.compare_digest(given.encode(), right.encode()):
        return storage_error(403, "AuthenticationFailed")
    if world.clock.micros() > int(expires):
        return storage_error(403, "AuthenticationFailed", "Signature not valid in the time frame")
    return None


def storage_error(status: int, code: str, message: str = "") -> Response:
    """An error as object storages tell it."""
    body = (
        '<?xml version="1.0" encoding="utf-8"?>'
        f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    )
    return Response(body, status, media_type="application/xml", headers={"x-ms-error-code": code})


def link_routes(world: World) -> list[Route]:
    """Routes of the storage."""

    async def download(request: Request) -> Response:
        problem = link_problem(world, request)
        if problem is not None:
            return problem
        row = world.db.row("SELECT data FROM blobs WHERE key = ?", (request.path_params["blob"],))
        if row is None:
            return storage_error(404, "BlobNotFound")
        return _ranged(request.headers.get("range"), row[0])

    return [Route("/storage/{blob}", download, methods=["GET"])]


def _ranged(wanted: str | None, data: bytes) -> Response:
    """The blob, or the tail or slice of it that a `bytes=` range names."""
    headers = {
        "x-ms-meta-hash": sha256_base64(data),
        "Accept-Ranges": "bytes",
        "ETag": f'"{hashlib.sha256(data).hexdigest()[:16]}"',
    }
    media = "application/octet-stream"
    if not wanted or not wanted.startswith("bytes=") or "," in wanted:
        return Response(data, media_type=media, headers=headers)
    first, _, last = wanted.removeprefix("bytes=").partition("-")
    if not first.isdigit() or int(first) >= len(data):
        return storage_error(416, "InvalidRange")
    start, stop = int(first), min(int(last) if last.isdigit() else len(data), len(data) - 1)
    headers["Content-Range"] = f"bytes {start}-{stop}/{len(data)}"
    return Response(data[start : stop + 1], 206, media_type=media, headers=headers)
