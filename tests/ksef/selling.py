"""A firm that sells: its invoices, its sessions, and waiting for KSeF's verdicts."""

import datetime as dt
import time
from pathlib import Path
from typing import Any

from ksef_emulator.testing import Emulator
from obieg.core.polish import today
from obieg.ksef.batch import Packed, pack
from obieg.ksef.content import ContentKey
from obieg.ksef.forms import FORMS
from obieg.ksef.sessions import InvoiceStatus, OpenedBatch, Sessions, SessionStatus
from obieg.ksef.upload import upload_part
from tests.ksef.office import CLIENT, SUPPLIER
from tests.ksef_emulator.invoices import fa3

FA3 = FORMS["FA(3)"]
PATIENCE = 30  # seconds


def sale(number: str, *, issued: dt.date | None = None, **options: Any) -> bytes:
    """An invoice of the client's own."""
    parties = {"seller": CLIENT, "buyer": SUPPLIER, **options}
    return fa3(number, issued=issued or today(), **parties)


def against_schema(xml: bytes) -> bytes:
    """The same with an element that the schema does not know."""
    return xml.replace(b"<P_2>", b"<P_2x>").replace(b"</P_2>", b"</P_2x>")


def verdict(sessions: Sessions, session: str, invoice: str) -> InvoiceStatus:
    deadline = time.monotonic() + PATIENCE
    while (status := sessions.invoice_status(session, invoice)).is_pending:
        assert time.monotonic() < deadline, status
        time.sleep(0.01)
    return status


def finished(sessions: Sessions, session: str) -> SessionStatus:
    deadline = time.monotonic() + PATIENCE
    while not (status := sessions.status(session)).is_finished:
        assert time.monotonic() < deadline, status
        time.sleep(0.01)
    return status


def files(count: int) -> dict[str, bytes]:
    return {f"{place:05d}.xml": sale(f"W/{place}/2026") for place in range(1, count + 1)}


def packed(documents: dict[str, bytes], key: ContentKey, folder: Path, **options: Any) -> Packed:
    return pack(documents.items(), key, folder, **options)


def upload_all(opened: OpenedBatch, package: Packed) -> None:
    for upload, part in zip(opened.uploads, package.parts, strict=True):
        upload_part(upload, part)


def limit_sessions(emulator: Emulator, invoices: int) -> None:
    """Let a session of the client's take no more invoices than that."""
    from tests.ksef_emulator.ksef_user import KsefUser

    limits = {
        "maxInvoiceSizeInMB": 1,
        "maxInvoiceWithAttachmentSizeInMB": 3,
        "maxInvoices": invoices,
    }
    user = KsefUser(emulator)
    user.log_in(CLIENT)
    answer = user.post(
        "/testdata/limits/context/session",
        {
            "onlineSession": limits,
            "batchSession": limits,
            "collectiveIdentifier": {"maxInvoices": 10},
        },
    )
    assert answer.status_code == 200, answer.text
    user.close()
