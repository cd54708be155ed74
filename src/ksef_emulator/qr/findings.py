"""What a verification found: one sentence for each thing that was looked at."""

import base64
import binascii
from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; `text` is Polish and says how it stands."""

    good: bool
    text: str


class BadLink(ValueError):
    """The address is not one that a QR code of an invoice could hold; the message says why."""


def from_base64url(text: str) -> bytes:
    """The bytes behind Base64URL without padding; raises BadLink."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadLink("Skrót lub podpis w adresie nie jest zapisany w Base64URL.") from error


def file_hash(text: str) -> str:
    """The SHA-256 in the address as KSeF keeps it (Base64); raises BadLink."""
    digest = from_base64url(text)
    if len(digest) != 32:
        raise BadLink("Skrót w adresie nie jest skrótem SHA-256.")
    return base64.b64encode(digest).decode()
