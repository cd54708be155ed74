"""UPO by their links, which need no token and count against no limit: for whole batches."""

import base64
import binascii
import hashlib

import httpx

from obieg.ksef.errors import KsefUnavailable, LinkExpired, PackageCorrupt
from obieg.ksef.trust import trusted

TIMEOUT_SECONDS = 60
EXPIRED_LINK = frozenset({401, 403, 404, 410})
HASH = "x-ms-meta-hash"  # SHA-256 of the document in Base64, KSeF API 2.9, upoDownloadUrl
AS_STORED = {"Accept-Encoding": "identity"}


def fetch_upo(url: str, *, http: httpx.Client | None = None) -> bytes:
    """The UPO behind a link of an InvoiceStatus or a UpoPage, its hash checked.

    Raises LinkExpired (every status has fresh links), PackageCorrupt or KsefUnavailable.
    """
    client = http or httpx.Client(timeout=TIMEOUT_SECONDS, verify=trusted())
    try:
        answer = client.get(url, headers=AS_STORED, follow_redirects=False)
    except (httpx.TransportError, httpx.InvalidURL) as error:
        # without the cause: its text may hold the link, and the link opens the document
        raise KsefUnavailable(reason=f"UPO: {type(error).__name__}") from None
    finally:
        if http is None:
            client.close()
    if answer.status_code in EXPIRED_LINK:
        raise LinkExpired(what="UPO")
    if answer.status_code != httpx.codes.OK:
        raise KsefUnavailable(reason=f"UPO: odpowiedź {answer.status_code}")
    if not _matches(answer.content, answer.headers.get(HASH)):
        raise PackageCorrupt(what="UPO: inny skrót niż podany przez KSeF")
    return answer.content


def _matches(content: bytes, sha256: str | None) -> bool:
    if sha256 is None:
        return True
    try:
        return base64.b64decode(sha256, validate=True) == hashlib.sha256(content).digest()
    except binascii.Error:
        return False
