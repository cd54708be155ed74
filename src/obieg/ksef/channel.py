"""One context's calls to KSeF: each with its access token, and with keys wrapped for KSeF."""

import base64
from collections.abc import Callable
from typing import TypeVar

import structlog
from ksef_client.client import KsefClient
from ksef_client.models import EncryptionInfo

from obieg.ksef.content import ContentKey
from obieg.ksef.errors import AccessExpired, KsefRefused
from obieg.ksef.ports import Access
from obieg.ksef.public_keys import FOR_CONTENT, UNKNOWN_KEY, public_keys
from obieg.ksef.rates import Group
from obieg.ksef.wire import Wire

log = structlog.get_logger(__name__)
Result = TypeVar("Result")


class Channel:
    """The wire and the access of one context in one environment."""

    def __init__(self, wire: Wire, access: Access) -> None:
        self.wire = wire
        self.access = access

    def call(
        self,
        group: Group,
        operation: str,
        request: Callable[[KsefClient, str], Result],
        *,
        success: int = 200,
    ) -> Result:
        """What `request` gives with an access token, which is renewed once where it ended."""
        token = self.access.token()
        try:
            return self.wire.call(
                group, operation, lambda client: request(client, token), success=success
            )
        except AccessExpired:
            log.info("ksef.access_renewed", operation=operation)
        fresh = self.access.renew(token)
        return self.wire.call(
            group, operation, lambda client: request(client, fresh), success=success
        )

    def sealed(self, key: ContentKey, request: Callable[[EncryptionInfo], Result]) -> Result:
        """What `request` gives with `key` wrapped; KSeF's keys are asked for anew, once, where
        it no longer knows the one that was used.
        """
        try:
            return request(self._wrapped(key))
        except KsefRefused as refused:
            if refused.ksef_code != UNKNOWN_KEY:
                raise
        public_keys(self.wire).forget()
        return request(self._wrapped(key))

    def _wrapped(self, key: ContentKey) -> EncryptionInfo:
        wrapped = public_keys(self.wire).wrap(self.wire, FOR_CONTENT, key.key)
        return EncryptionInfo(
            encrypted_symmetric_key=wrapped.ciphertext,
            initialization_vector=base64.b64encode(key.iv).decode(),
            public_key_id=wrapped.public_key_id,
        )
