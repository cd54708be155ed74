"""An office beside one emulator: firms with invoices, and the gateway without the rooms above."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from ksef_emulator.testing import Emulator
from obieg.ksef.content import ContentKey
from obieg.ksef.environment import Environment
from obieg.ksef.exports import ExportPackage
from obieg.ksef.gateway import Gateway
from obieg.ksef.login import authenticate
from obieg.ksef.rates import Group
from obieg.ksef.secrets import CertificateSecret, Secret, TokenSecret
from obieg.ksef.wire import Wire
from tests.ksef_emulator.certificates import Identity, seal
from tests.ksef_emulator.invoices import fa3

CLIENT = "9990000029"
SUPPLIER = "9990000012"
LONG_AGO = timedelta(days=30)


@dataclass
class Seen:
    """What came of a call."""

    operation: str
    status: int | None = None

    def came(self, status: int) -> None:
        self.status = status


class OpenMeter:
    """A meter that lets everything through and remembers it."""

    def __init__(self) -> None:
        self.calls: list[Seen] = []

    def call(self, group: Group, operation: str) -> Any:
        self.calls.append(Seen(operation))
        return nullcontext(self.calls[-1])


class LoginEachTime:
    """Access by logging in, and again when the token is rejected."""

    def __init__(self, wire: Wire, secret: Secret, nip: str) -> None:
        self._wire, self._secret, self._nip = wire, secret, nip
        self._token = ""
        self.logins = 0

    def token(self) -> str:
        return self._token or self.renew("")

    def renew(self, rejected: str) -> str:
        self.logins += 1
        self._token = authenticate(self._wire, self._secret, context=self._nip).access.token
        return self._token


def certificate_secret(identity: Identity) -> CertificateSecret:
    return CertificateSecret(
        certificate=identity.certificate.public_bytes(Encoding.DER),
        private_key=identity.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()),
    )


def emulated(emulator: Emulator) -> Environment:
    return Environment("emulator", emulator.url.removesuffix("/v2"), emulator.url)


@contextmanager
def gateway_of(
    emulator: Emulator, nip: str = CLIENT, secret: Secret | None = None
) -> Iterator[Gateway]:
    with Wire(emulated(emulator), OpenMeter()) as wire:
        yield Gateway(wire, LoginEachTime(wire, secret or certificate_secret(seal(nip)), nip))


def token_secret(emulator: Emulator, nip: str = CLIENT) -> TokenSecret:
    return TokenSecret(emulator.control.make_token(nip)["token"])


def invoices_for(emulator: Emulator, count: int, *, buyer: str = CLIENT, first: int = 1) -> dict:
    """Put `count` invoices in as the supplier's sales; KSeF numbers with their bytes."""
    files = {
        f"{place}.xml": fa3(f"FV/{buyer}/{place}", seller=SUPPLIER, buyer=buyer)
        for place in range(first, first + count)
    }
    answer = emulator.control.put_invoices(files)
    assert answer["rejected"] == []
    return {item["ksefNumber"]: files[item["file"]] for item in answer["accepted"]}


def ready_package(
    gateway: Gateway, key: ContentKey, *, window_from: datetime | None = None
) -> ExportPackage:
    reference = gateway.order_export(
        role="Subject2",
        window_from=window_from or datetime.now(UTC) - LONG_AGO,
        window_to=None,
        key=key,
    )
    for _ in range(200):
        status = gateway.export_status(reference)
        if status.state != "preparing":
            assert status.package, status
            return status.package
        time.sleep(0.02)
    raise AssertionError("the export did not end")
