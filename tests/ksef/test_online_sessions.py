"""Invoices sent one by one to a running KSeF: verdicts, UPO, corrections, sessions that end."""

import hashlib
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from ksef_emulator.testing import Emulator
from obieg.core.errors import Transient
from obieg.ksef.content import ContentKey
from obieg.ksef.errors import (
    CorrectionRefused,
    KsefRefused,
    LinkExpired,
    NotKsefNumber,
    SessionEnded,
    SessionFull,
    SessionSuspended,
    SessionUnknown,
    UpoMissing,
)
from obieg.ksef.forms import FORMS
from obieg.ksef.gateway import Gateway
from obieg.ksef.sessions import Sessions
from obieg.ksef.upo_links import fetch_upo
from tests.ksef.office import CLIENT, gateway_of
from tests.ksef.selling import FA3, against_schema, finished, limit_sessions, sale, verdict

KEY = ContentKey.new()
NOWHERE = "20260101-SO-0000000000-0000000000-00"


@pytest.fixture
def gateway(emulator: Emulator) -> Iterator[Gateway]:
    with gateway_of(emulator) as opened:
        yield opened


@pytest.fixture
def sessions(gateway: Gateway) -> Sessions:
    return gateway.sessions


def sha256(content: bytes) -> str:
    return b64encode(hashlib.sha256(content).digest()).decode()


def test_an_invoice_goes_from_its_bytes_to_its_upo(gateway: Gateway, sessions: Sessions) -> None:
    xml = sale("S/1/2026")
    opened = sessions.open_online(FA3, KEY)
    assert timedelta(hours=11) < opened.valid_until - datetime.now(UTC) <= timedelta(hours=12)
    sent = sessions.send(opened.reference, xml, KEY)
    status = verdict(sessions, opened.reference, sent)
    assert status.is_accepted
    assert not status.is_rejected
    assert (status.number, status.sha256, status.reference) == ("S/1/2026", sha256(xml), sent)
    assert (status.invoicing_mode, status.ordinal, status.code) == ("Online", 1, 200)
    assert status.ksef_number
    assert status.invoiced_at <= status.acquired_at <= status.stored_at  # type: ignore[operator]
    sessions.close_online(opened.reference)
    done = finished(sessions, opened.reference)
    assert done.is_done
    assert (done.invoice_count, done.successful, done.failed) == (1, 1, 0)
    by_reference = sessions.upo(opened.reference, sent)
    assert status.ksef_number.encode() in by_reference
    assert by_reference == sessions.upo_by_number(opened.reference, status.ksef_number)
    assert by_reference == fetch_upo(status.upo_url or "")
    page = done.upo_pages[0]
    assert sessions.upo_page(opened.reference, page.reference) == fetch_upo(page.url)
    assert gateway.invoice(status.ksef_number) == xml


@pytest.mark.parametrize("name", sorted(FORMS))
def test_every_form_opens_a_session(sessions: Sessions, name: str) -> None:
    assert sessions.status(sessions.open_online(FORMS[name], KEY).reference).is_open


def test_a_duplicate_names_its_original(sessions: Sessions) -> None:
    opened = sessions.open_online(FA3, KEY)
    first = sessions.send(opened.reference, sale("S/2/2026"), KEY)
    original = verdict(sessions, opened.reference, first)
    again = sessions.open_online(FA3, KEY)
    second = sessions.send(again.reference, sale("S/2/2026"), KEY)
    status = verdict(sessions, again.reference, second)
    assert status.is_duplicate
    assert status.is_rejected
    assert status.original_ksef_number == original.ksef_number
    assert status.original_session == opened.reference
    assert status.ksef_number is None


def test_a_refusal_by_the_schema_comes_in_ksefs_words(sessions: Sessions) -> None:
    opened = sessions.open_online(FA3, KEY)
    sent = sessions.send(opened.reference, against_schema(sale("S/3/2026")), KEY)
    status = verdict(sessions, opened.reference, sent)
    assert (status.code, status.is_rejected, status.was_interrupted) == (450, True, False)
    assert status.text.startswith("Błąd weryfikacji semantyki dokumentu faktury: ")
    assert "P_2x" in status.text
    with pytest.raises(UpoMissing):
        sessions.upo(opened.reference, sent)
    refused = sessions.invoices(opened.reference, failed_only=True)
    assert [entry.reference for entry in refused.entries] == [sent]


def test_a_technical_correction_follows_a_refused_offline_invoice_once(sessions: Sessions) -> None:
    refused = against_schema(sale("S/4/2026"))
    session = sessions.open_online(FA3, KEY).reference
    sent = sessions.send(session, refused, KEY, offline=True)
    assert verdict(sessions, session, sent).code == 450
    corrects = hashlib.sha256(refused).digest()
    corrected = sessions.send(session, sale("S/4/2026"), KEY, corrects=corrects)
    status = verdict(sessions, session, corrected)
    assert (status.code, status.invoicing_mode) == (200, "Offline")
    with pytest.raises(CorrectionRefused) as error:
        sessions.send(session, sale("S/5/2026"), KEY, corrects=corrects)
    assert error.value.ksef_code == 21166
    with pytest.raises(ValueError, match="32 bytes"):
        sessions.send(session, sale("S/5/2026"), KEY, corrects=sha256(refused).encode())


def test_an_accepted_invoice_is_not_corrected_technically(sessions: Sessions) -> None:
    session = sessions.open_online(FA3, KEY).reference
    xml = sale("S/6/2026")
    assert verdict(sessions, session, sessions.send(session, xml, KEY, offline=True)).is_accepted
    with pytest.raises(CorrectionRefused) as error:
        sessions.send(session, sale("S/7/2026"), KEY, corrects=hashlib.sha256(xml).digest())
    assert error.value.ksef_code == 21167


def test_a_session_closed_under_us_asks_for_another(emulator: Emulator, sessions: Sessions) -> None:
    session = sessions.open_online(FA3, KEY).reference
    sessions.send(session, sale("S/8/2026"), KEY)
    with gateway_of(emulator) as other:
        other.sessions.close_online(session)
    with pytest.raises(SessionEnded) as ended:
        sessions.send(session, sale("S/9/2026"), KEY)
    assert type(ended.value) is SessionEnded
    assert isinstance(ended.value, Transient)
    with pytest.raises(SessionEnded):
        sessions.close_online(session)
    assert finished(sessions, session).successful == 1


def test_a_session_ends_after_its_twelve_hours(emulator: Emulator, sessions: Sessions) -> None:
    session = sessions.open_online(FA3, KEY).reference
    emulator.control.advance_clock(timedelta(hours=12, minutes=1))
    with pytest.raises(SessionEnded):
        sessions.send(session, sale("S/10/2026"), KEY)
    status = finished(sessions, session)
    assert status.is_cancelled
    assert status.text == "Sesja anulowana: Nie przesłano faktur"


def test_a_full_session_asks_for_another(emulator: Emulator, sessions: Sessions) -> None:
    limit_sessions(emulator, 1)
    session = sessions.open_online(FA3, KEY).reference
    sessions.send(session, sale("S/11/2026"), KEY)
    with pytest.raises(SessionFull):
        sessions.send(session, sale("S/12/2026"), KEY)


def test_a_session_that_is_not_ours_is_unknown(sessions: Sessions) -> None:
    for ask in (sessions.status, sessions.close_online, sessions.close_batch, sessions.invoices):
        with pytest.raises(SessionUnknown):
            ask(NOWHERE)
    with pytest.raises(SessionUnknown):
        sessions.send(NOWHERE, sale("S/13/2026"), KEY)


def test_maintenance_only_suspends_a_session(emulator: Emulator, sessions: Sessions) -> None:
    session = sessions.open_online(FA3, KEY).reference
    emulator.control.change_settings(maintenance=True)
    with pytest.raises(SessionSuspended) as suspended:
        sessions.send(session, sale("S/14/2026"), KEY)
    assert not isinstance(suspended.value, SessionEnded)
    emulator.control.change_settings(maintenance=False)
    sent = sessions.send(session, sale("S/14/2026"), KEY)
    assert verdict(sessions, session, sent).is_accepted


def test_new_public_keys_are_taken_up_once(emulator: Emulator, sessions: Sessions) -> None:
    sessions.open_online(FA3, KEY)
    emulator.control.rotate_keys("SymmetricKeyEncryption", "emergency")
    emulator.control.clear_requests()
    session = sessions.open_online(FA3, KEY).reference
    asked = [request["status"] for request in emulator.control.requests()]
    assert asked == [400, 200, 201]
    assert verdict(sessions, session, sessions.send(session, sale("S/15/2026"), KEY)).is_accepted, (
        "the key in the session is the one we have"
    )


def test_an_access_token_that_ends_midway_is_renewed(
    emulator: Emulator, sessions: Sessions
) -> None:
    session = sessions.open_online(FA3, KEY).reference
    emulator.control.expire_access_tokens()
    sent = sessions.send(session, sale("S/16/2026"), KEY)
    assert verdict(sessions, session, sent).is_accepted
    assert len(sessions.invoices(session).entries) == 1


def test_a_verdict_waits_as_long_as_ksef_works(emulator: Emulator, sessions: Sessions) -> None:
    session = sessions.open_online(FA3, KEY).reference
    emulator.control.change_settings(processingDelay=30)
    sent = sessions.send(session, sale("S/17/2026"), KEY)
    status = sessions.invoice_status(session, sent)
    assert (status.is_pending, status.number, status.upo_url) == (True, "", None)
    with pytest.raises(UpoMissing):
        sessions.upo(session, sent)
    emulator.control.advance_clock(timedelta(seconds=31))
    assert verdict(sessions, session, sent).is_accepted


def test_the_invoices_of_a_session_come_in_pages(sessions: Sessions) -> None:
    session = sessions.open_online(FA3, KEY).reference
    sent = [sessions.send(session, sale(f"P/{place}"), KEY) for place in range(12)]
    first = sessions.invoices(session, page_size=10)
    assert first.continuation
    second = sessions.invoices(session, page_size=10, continuation=first.continuation)
    assert second.continuation is None
    assert [entry.reference for entry in first.entries + second.entries] == sent


def test_sessions_are_listed_by_kind_time_and_state(sessions: Sessions) -> None:
    start = datetime.now(UTC) - timedelta(minutes=1)
    empty = sessions.open_online(FA3, KEY).reference
    sessions.close_online(empty)
    used = sessions.open_online(FA3, KEY).reference
    listed = sessions.list(kind="online", since=start)
    assert [entry.reference for entry in listed.entries] == [used, empty]
    assert listed.continuation is None
    cancelled = sessions.list(kind="online", states=["Cancelled", "Failed"])
    assert [entry.reference for entry in cancelled.entries] == [empty]
    assert sessions.list(kind="batch").entries == ()
    assert sessions.list(kind="online", since=start + timedelta(days=1)).entries == ()


def test_sessions_are_listed_in_pages(sessions: Sessions) -> None:
    opened = [sessions.open_online(FA3, KEY).reference for _ in range(11)]
    first = sessions.list(kind="online", page_size=10)
    assert first.continuation
    second = sessions.list(kind="online", page_size=10, continuation=first.continuation)
    assert [entry.reference for entry in first.entries + second.entries] == opened[::-1]


def test_what_is_no_ksef_number_is_not_asked_for(emulator: Emulator, sessions: Sessions) -> None:
    with pytest.raises(NotKsefNumber):
        sessions.upo_by_number(NOWHERE, f"{CLIENT}-20261121-000000000000-00")
    assert emulator.control.requests() == []


def test_a_form_that_ksef_does_not_take_is_refused(sessions: Sessions) -> None:
    with pytest.raises(KsefRefused):
        sessions.open_online(FA3._replace(schema_version="9-9"), KEY)


def test_an_expired_link_to_a_upo_is_told_apart(emulator: Emulator, sessions: Sessions) -> None:
    session = sessions.open_online(FA3, KEY).reference
    status = verdict(sessions, session, sessions.send(session, sale("S/18/2026"), KEY))
    emulator.control.advance_clock(timedelta(hours=2))
    with pytest.raises(LinkExpired):
        fetch_upo(status.upo_url or "")
    fresh = sessions.invoice_status(session, status.reference)
    assert fetch_upo(fresh.upo_url or "").startswith(b"<")
