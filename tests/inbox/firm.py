"""A client in a test: its invoices in KSeF, its channels, and what Obieg holds of it."""

import time
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

from ksef_emulator.control.client import Control
from obieg.core.polish import today
from obieg.inbox.by_hand import fetch_period
from obieg.inbox.channels import ensure_channels
from obieg.inbox.models import Channel, Invoice, InvoiceXml, Package, Role
from obieg.inbox.synchronise import carry_package, synchronise
from obieg.office.models import Client
from tests.ksef_emulator.invoices import fa3

SUPPLIER = "9990000012"
PATIENCE = 30  # seconds for a pass that has to wait for something
_numbers = count(1)


@dataclass
class Firm:
    client: Client
    control: Control
    files: dict[str, bytes] = field(default_factory=dict)  # by KSeF number

    def buys(self, invoices: int, **options: Any) -> list[str]:
        """Let other firms issue `invoices` to it; the KSeF numbers."""
        number = next(_numbers)
        return self.receives(
            {
                f"{number}-{place}.xml": fa3(
                    f"FV/{number}/{place}", seller=SUPPLIER, buyer=self.client.nip
                )
                for place in range(invoices)
            },
            **options,
        )

    def receives(self, files: dict[str, bytes], **options: Any) -> list[str]:
        """Put `files` into KSeF; the KSeF numbers of the accepted ones."""
        answer = self.control.put_invoices(files, **options)
        assert answer["rejected"] == []
        taken = {item["ksefNumber"]: files[item["file"]] for item in answer["accepted"]}
        self.files |= taken
        return list(taken)

    def channel(self, role: Role = Role.BUYER) -> Channel:
        ensure_channels(self.client)
        return Channel.objects.of_client(self.client).get(role=role)

    def rewind(self, position: datetime, role: Role = Role.BUYER) -> None:
        """Let the channel begin at `position`."""
        self.channel(role)
        Channel.objects.of_client(self.client).filter(role=role).update(position=position)

    def synchronise(self, role: Role = Role.BUYER) -> Channel:
        """Pass after pass, as the engine would run them, until nothing is left to do."""
        channel = self.channel(role)
        run_out(synchronise, channel.pk)
        return self.channel(role)

    def asks_for_today(self, role: Role = Role.BUYER) -> Package:
        """A package by hand with everything that was stored today."""
        (package,) = fetch_period(self.client, role, today(), today(), None)
        return package

    def carry(self, package: Package) -> Package:
        run_out(carry_package, package.pk)
        return self.packages().get(pk=package.pk)

    def packages(self) -> Any:
        return Package.objects.of_client(self.client).order_by("pk")

    def states(self) -> list[str]:
        return list(self.packages().values_list("state", flat=True))

    def invoices(self) -> Any:
        return Invoice.objects.of_client(self.client).order_by("pk")

    def numbers(self) -> list[str]:
        return list(self.invoices().values_list("ksef_number", flat=True))

    def holds_everything(self, role: Role = Role.BUYER) -> bool:
        """Whether Obieg has what KSeF shows to the firm in `role`: all, once, byte for byte."""
        shown = [row["ksefNumber"] for row in self.control.invoices(self.client.nip, role)]
        stored = InvoiceXml.objects.of_client(self.client)
        held = {row.invoice.ksef_number: bytes(row.xml) for row in stored.select_related("invoice")}
        return sorted(self.numbers()) == sorted(shown) and held == {
            number: self.files[number] for number in shown
        }

    def orders(self) -> int:
        """How many exports KSeF was asked for on its behalf."""
        return sum(
            request["method"] == "POST"
            and request["path"].endswith("/invoices/exports")
            and self.client.nip in (request["context"] or "")
            for request in self.control.requests()
        )


def run_out(step: Any, key: int) -> None:
    """Call `step` until it has nothing left to wait for; back-off and poll delays are skipped."""
    deadline = time.monotonic() + PATIENCE
    while step(key) is not None:
        assert time.monotonic() < deadline, f"never ends: {_last_errors()}"
        Package.objects.across_clients().filter(state="unreadable").update(
            changed_at=datetime.fromisoformat("2026-01-01T00:00+00:00")
        )
        time.sleep(0.01)


def _last_errors() -> list[str]:
    errors = Channel.objects.across_clients().exclude(error_text="")
    return list(errors.values_list("error_text", flat=True))
