"""What KSeF says of sessions and invoices, today and perhaps one day."""

from datetime import UTC, datetime
from typing import Any

import pytest
from ksef_client.models import SessionInvoiceStatusResponse, SessionStatusResponse

from obieg.ksef.invoice_status import InvoiceStatus
from obieg.ksef.session_status import SessionStatus


def invoice(code: int, *, status: dict[str, Any] | None = None, **more: Any) -> InvoiceStatus:
    body = {
        "ordinalNumber": 2,
        "referenceNumber": "20250626-EE-2F20AD2000-242386DF86-52",
        "invoicingDate": "2025-07-11T12:23:56.0154302+02:00",
        "invoiceHash": "mkht+3m5trnfxlTYhq3QFn74LkEO69MFNlsMAkCDSPA=",
        "status": {"code": code, "description": "Opis.", **(status or {})},
        "somethingNew": {"a": 1},
    }
    return InvoiceStatus.read(SessionInvoiceStatusResponse.from_dict({**body, **more}))


def session(code: int, **more: Any) -> SessionStatus:
    moment = "2025-07-11T12:23:56.0154302+00:00"
    body = {
        "status": {"code": code, "description": "Opis", "details": None},
        "dateCreated": moment,
        "dateUpdated": moment,
    }
    return SessionStatus.read("SO", SessionStatusResponse.from_dict({**body, **more}))


@pytest.mark.parametrize(
    ("code", "kind"),
    [(100, "pending"), (150, "pending"), (302, "pending"), (200, "accepted"), (405, "rejected"),
     (410, "rejected"), (440, "rejected"), (450, "rejected"), (500, "rejected"), (550, "rejected")],
)  # fmt: skip
def test_an_invoice_is_exactly_one_of_three(code: int, kind: str) -> None:
    status = invoice(code)
    said = {
        "pending": status.is_pending,
        "accepted": status.is_accepted,
        "rejected": status.is_rejected,
    }
    assert [name for name, holds in said.items() if holds] == [kind]


def test_a_duplicate_without_particulars_is_still_one() -> None:
    status = invoice(440, status={"details": None, "extensions": None})
    assert status.is_duplicate
    assert (status.original_ksef_number, status.details, status.text) == (None, (), "Opis")


def test_an_interruption_is_not_the_invoices_fault() -> None:
    assert [code for code in (405, 410, 430, 440, 450, 500, 550) if invoice(code).was_interrupted] \
        == [405, 500, 550]  # fmt: skip


def test_moments_are_in_utc_and_modes_may_be_new() -> None:
    status = invoice(200, invoicingMode="Telepathy", permanentStorageDate=None)
    assert status.invoiced_at == datetime(2025, 7, 11, 10, 23, 56, 15430, tzinfo=UTC)
    assert (status.invoicing_mode, status.stored_at) == ("Telepathy", None)


@pytest.mark.parametrize(
    ("code", "said"),
    [(100, "open"), (150, ""), (170, ""), (200, "done"), (302, ""), (405, "failed"),
     (415, "failed"), (440, "failed cancelled"), (445, "failed"), (500, "failed")],
)  # fmt: skip
def test_a_sessions_code_says_how_far_it_is(code: int, said: str) -> None:
    status = session(code)
    words = {
        "open": status.is_open,
        "done": status.is_done,
        "failed": status.is_failed,
        "cancelled": status.is_cancelled,
    }
    assert " ".join(word for word, holds in words.items() if holds) == said
    assert status.is_finished is (status.is_done or status.is_failed)


def test_a_session_without_counts_and_upo_has_none() -> None:
    status = session(100, upo=None, validUntil=None, invoiceCount=None)
    assert (status.invoice_count, status.upo_pages, status.valid_until) == (0, (), None)
