"""Many documents go in one package, resumed where it was cut, anew only if it was never closed."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError

from ksef_emulator.testing import Emulator
from obieg.sales.sending import folders, send
from obieg.sales.sending.passes import clean_up
from tests.sales.seller import Seller

pytestmark = pytest.mark.django_db(transaction=True)

OPEN, PART, CLOSE = "/sessions/batch$", "/storage/", "/close$"


@pytest.fixture
def batching(seller: Seller) -> Seller:
    seller.chooses("batch")
    return seller


def test_a_package_is_accepted_and_confirmed_by_one_upo(batching: Seller) -> None:
    queued = batching.sends(*batching.issues(3))
    assert (queued.online, queued.batch) == (0, 3)
    assert batching.states() == ["confirmed"] * 3
    assert batching.accepted() == batching.in_ksef()
    session = batching.sessions().get()
    assert (session.state, session.kind) == ("done", "batch")
    assert (session.invoices, session.accepted, session.rejected) == (3, 3, 0)
    assert len(set(batching.sales().values_list("upo", flat=True))) == 1
    assert list(folders.sessions_on_disk()) == []


def test_a_refused_document_does_not_harm_the_others(batching: Seller) -> None:
    bad = batching.issue(xml=b"<Faktura/>")
    good = batching.issue()
    batching.sends(bad, good)
    assert batching.states() == ["rejected", "confirmed"]
    assert batching.sale(bad).ksef_code == 450


def test_a_package_without_a_good_document_ends_as_failed(batching: Seller) -> None:
    batching.sends(batching.issue(xml=b"<Faktura/>"))
    assert (batching.states(), batching.session_states()) == (["rejected"], ["failed"])


def test_an_attachment_goes_in_a_batch_whatever_the_setting(seller: Seller) -> None:
    queued = seller.sends(seller.issue(has_attachment=True), seller.issue())
    assert (queued.online, queued.batch) == (1, 1)
    kinds = set(seller.sales().values_list("queued_way", "session__kind"))
    assert kinds == {("online", "online"), ("batch", "batch")}


@pytest.mark.parametrize("fault", ["cut_before", "cut_after"])
@pytest.mark.parametrize("path", [OPEN, PART, CLOSE])
def test_every_call_may_lose_its_answer(
    path: str, fault: str, batching: Seller, ksef: Emulator
) -> None:
    ksef.control.add_fault(fault, path=path)
    batching.sends(*batching.issues(2))
    assert batching.states() == ["confirmed"] * 2
    assert batching.accepted() == batching.in_ksef()
    assert batching.sent_twice() == []


def test_lost_files_are_packed_again_for_the_open_session(batching: Seller, ksef: Emulator) -> None:
    ksef.control.add_fault("status", path=PART, status=503)
    send(batching.issues(2), actor=None)
    batching.passes_once()
    session = batching.sessions().get()
    assert session.state == "open"
    folders.discard(session.pk)
    batching.passes()
    assert batching.states() == ["confirmed"] * 2
    assert batching.sessions().count() == 1


def test_a_package_that_came_too_late_is_sent_anew(batching: Seller, ksef: Emulator) -> None:
    ksef.control.add_fault("status", path=PART, status=503)
    send(batching.issues(2), actor=None)
    batching.passes_once()
    ksef.control.set_clock(datetime.now(UTC) + timedelta(hours=1))
    batching.passes()
    assert batching.states() == ["confirmed"] * 2
    assert batching.session_states() == ["failed", "done"]
    assert batching.sent_twice() == []


def test_one_document_too_large_stays_behind(batching: Seller) -> None:
    large = batching.issue(xml=b"<Faktura>" + b"x" * 1_000_001 + b"</Faktura>")
    good = batching.issue()
    batching.sends(large, good)
    assert batching.states() == ["ready", "confirmed"]
    assert "1000000" in batching.sale(large).ksef_text
    assert batching.sale(large).queued_version is None


def test_documents_of_offline_modes_go_in_a_package_of_their_own(batching: Seller) -> None:
    online = batching.issue()
    offline = batching.issue(state="waiting", offline_mode="offline24")
    batching.sends(online, offline)
    assert batching.states() == ["confirmed"] * 2
    assert sorted(batching.sessions().values_list("offline", "invoices")) == [(False, 1), (True, 1)]
    assert b"<TrybWysylki>Offline" in bytes(batching.sale(offline).upo.content)


def test_folders_of_ended_batches_are_cleared_away(batching: Seller) -> None:
    batching.sends(batching.issue())
    folders.folder_of(batching.sessions().get().pk)
    clean_up()
    assert list(folders.sessions_on_disk()) == []


def test_an_ended_batch_keeps_no_links_for_uploading(seller: Seller) -> None:
    """They are secrets: whoever has one may put a part into the client's session."""
    seller.chooses("batch")
    send(seller.issues(2), actor=None)
    seller.passes_once()
    seller.passes()
    assert seller.session_states() == ["done"]
    assert [session.manifest for session in seller.sessions()] == [{}]
    with pytest.raises(IntegrityError, match="ended_session_keeps_no_links"):
        seller.sessions().update(manifest={"opened": {}})
