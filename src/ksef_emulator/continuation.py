"""Continuation tokens: where the next page of a list begins."""

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from ksef_emulator.errors import bad_continuation_token
from ksef_emulator.operation import Call

T = TypeVar("T")
PREFIX = b"ksef:"


def continued(call: Call, items: Sequence[T], size: int) -> tuple[Sequence[T], str | None]:
    """One page of `items` after the caller's token, and the token of the next page."""
    start = _offset(call.request.headers.get("x-continuation-token"))
    end = start + size
    return items[start:end], _token(end) if end < len(items) else None


def _token(offset: int) -> str:
    return base64.b64encode(PREFIX + str(offset).encode()).decode()


def _offset(token: str | None) -> int:
    if not token:
        return 0
    try:
        text = base64.b64decode(token, validate=True)
    except (binascii.Error, ValueError) as error:
        raise bad_continuation_token() from error
    digits = text.removeprefix(PREFIX)
    if not text.startswith(PREFIX) or not digits.isdigit():
        raise bad_continuation_token()
    return int(digits)
