"""A client that sends: its documents in Obieg, what KSeF has of it, and the passes between."""

import base64
import hashlib
import time
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count
from typing import Any

from django.db import connection

from ksef_emulator.control.client import Control
from obieg.calls.gateways import open_gateway
from obieg.calls.models import Embargo
from obieg.core.polish import today
from obieg.ksef.errors import KsefUnavailable, LoginPending
from obieg.ksef.sessions import InvoiceStatus
from obieg.office.models import Client, Operator
from obieg.sales.models import KsefSession, Sale, SaleXml, SellerProfile
from obieg.sales.sending import Queued, send
from obieg.sales.sending.passes import send_for_client
from obieg.sales.sending.sessions import close_session
from obieg.sales.states import SaleState
from tests.ksef_emulator.invoices import BUYER, fa3

PATIENCE = 60  # seconds for passes that have to wait for something
_numbers = count(1)


@dataclass
class Seller:
    client: Client
    control: Control

    def issues(self, count: int = 1, **changes: Any) -> list[Sale]:
        """`count` documents that are issued and not sent."""
        return [self.issue(**changes) for _ in range(count)]

    def issue(
        self,
        *,
        number: str = "",
        state: str = SaleState.READY,
        issued: date | None = None,
        xml: bytes | None = None,
        **changes: Any,
    ) -> Sale:
        number = number or f"FV/{next(_numbers)}"
        issued = issued or today()
        xml = xml or fa3(number, seller=self.client.nip, buyer=BUYER, issued=issued)
        sha256 = base64.b64encode(hashlib.sha256(xml).digest()).decode()
        usual = {
            "kind": "VAT",
            "number": number,
            "issue_date": issued,
            "version": 1,
            "sha256": sha256,
            "environment": self.client.environment,
        }
        sale = Sale.objects.create(
            client=self.client, origin="xml", state=state, **{**usual, **changes}
        )
        SaleXml.objects.create(
            sale=sale, version=sale.version, sha256=sha256, size=len(xml), content=xml
        )
        return sale

    def chooses(self, transmission: str) -> None:
        SellerProfile.objects.of_client(self.client).update_or_create(
            client=self.client, defaults={"transmission": transmission}
        )

    def sends(self, *sales: Sale, actor: Operator | None = None) -> Queued:
        """Ask for sending and let the passes run until nothing is left to do."""
        queued = send(sales, actor=actor)
        self.passes()
        return queued

    def passes_once(self, failures: int = 0) -> datetime | None:
        """One pass, with the login done before it; when the next one is due."""
        self.logs_in()
        return send_for_client(self.client.pk, failures)

    def logs_in(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                with open_gateway(self.client, purpose="logowanie") as ksef:
                    ksef.rate_limits()
            except LoginPending:  # a loaded machine takes its time
                time.sleep(0.05)
            except KsefUnavailable:
                return
            else:
                return

    def passes(self) -> None:
        run_out(self.client.pk)

    def closes(self) -> None:
        """Every open session is closed, and its UPO fetched."""
        live_through(self.client.pk)

    def sales(self) -> Any:
        return Sale.objects.of_client(self.client).order_by("pk")

    def sale(self, sale: Sale) -> Sale:
        return self.sales().get(pk=sale.pk)

    def states(self) -> list[str]:
        return list(self.sales().values_list("state", flat=True))

    def sessions(self) -> Any:
        rows = KsefSession.objects.of_client(self.client).select_related("client")
        return rows.order_by("pk")

    def session_states(self) -> list[str]:
        return list(self.sessions().values_list("state", flat=True))

    def in_ksef(self) -> dict[str, str]:
        """What KSeF accepted from the client: SHA-256 by KSeF number."""
        shown = self.control.invoices(self.client.nip, "Subject1")
        return {row["ksefNumber"]: row["sha256"] for row in shown}

    def accepted(self) -> dict[str, str]:
        """What Obieg believes to be accepted: SHA-256 by KSeF number."""
        return dict(self.sales().exclude(ksef_number="").values_list("ksef_number", "sha256"))

    def sendings(self) -> list[InvoiceStatus]:
        """Everything that KSeF ever took from the client, in all its sessions."""
        found = []
        with open_gateway(self.client, purpose="porównanie") as ksef:
            for kind in ("online", "batch"):
                for session in ksef.sessions.list(kind=kind).entries:
                    forget_calls()
                    found += ksef.sessions.invoices(session.reference).entries
        return found

    def sent_twice(self) -> list[str]:
        """The bytes that KSeF was given more than once."""
        times = Counter(entry.sha256 for entry in self.sendings())
        return [sha256 for sha256, given in times.items() if given > 1]

    def requests(self, method: str, path: str) -> int:
        """How many requests it made so far that end so."""
        return sum(
            request["method"] == method
            and request["path"].endswith(path)
            and self.client.nip in (request["context"] or "")
            for request in self.control.requests()
        )


def run_out(client_id: int) -> None:
    """Pass after pass until nothing is left to wait for; delays and limits are skipped."""
    deadline = time.monotonic() + PATIENCE
    while send_for_client(client_id) is not None:
        assert time.monotonic() < deadline, f"never ends: {_state(client_id)}"
        forget_calls()
        time.sleep(0.01)


def live_through(client_id: int) -> None:
    """Everything that a client's documents go through: sent, answered, closed, confirmed."""
    run_out(client_id)
    rows = KsefSession.objects.of_client(client_id).filter(state="open", kind="online")
    for session in rows:
        close_session(session, actor=None)
    run_out(client_id)


def forget_calls() -> None:
    """As if the windows of the limits had passed."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE calls_ksefcall")  # its rows are settled: DELETE is refused
    Embargo.objects.all().delete()


def _state(client_id: int) -> Any:
    sales = Sale.objects.of_client(client_id)
    sessions = KsefSession.objects.of_client(client_id)
    return (
        list(sales.values_list("state", "reference", "queued_version", "ksef_text")),
        list(sessions.values_list("kind", "state", "ksef_code", "ksef_text")),
    )
