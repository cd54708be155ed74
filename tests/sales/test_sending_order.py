"""What goes when: corrections after originals, successors after predecessors, offline when back."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from ksef_emulator.testing import Emulator
from obieg.sales.elsewhere import record_elsewhere
from obieg.sales.jobs import enqueue_sending
from obieg.sales.models import Sale
from obieg.sales.sending import send
from obieg.sales.sending.answers import is_late, waiting_text
from obieg.sales.sending.passes import schedule_due
from obieg.vault.models import Credential
from tests.sales.factories import a_ksef_number
from tests.sales.seller import Seller

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_correction_waits_for_its_originals_number(seller: Seller) -> None:
    original = seller.issue()
    correction = seller.issue(kind="KOR", corrects=original)
    queued = seller.sends(correction)
    assert (queued.online, queued.waiting) == (1, 1)
    assert seller.states() == ["ready", "ready"]
    seller.sends(original)
    assert seller.states() == ["accepted", "accepted"]
    assert seller.sale(original).acquired_at < seller.sale(correction).acquired_at


def test_a_correction_goes_once_the_number_is_written_in_by_hand(seller: Seller) -> None:
    original = seller.issue()
    correction = seller.issue(kind="KOR", corrects=original)
    seller.sends(correction)
    record_elsewhere(
        original,
        ksef_number=a_ksef_number(seller.client.nip),
        acquired_at=timezone.now(),
        actor=None,
    )
    seller.passes()
    assert seller.states() == ["accepted", "accepted"]
    assert seller.sale(original).elsewhere


def test_a_correction_of_what_is_outside_ksef_does_not_wait(seller: Seller) -> None:
    original = seller.issue(state="outside")
    seller.sends(seller.issue(kind="KOR", corrects=original))
    assert seller.states() == ["outside", "accepted"]


def test_a_new_invoice_goes_after_the_zeroing_is_accepted(seller: Seller) -> None:
    zeroing = seller.issue(xml=b"<Faktura/>")
    new = seller.issue(follows=zeroing)
    seller.sends(zeroing, new)
    assert seller.states() == ["rejected", "ready"]
    assert seller.sale(new).queued_version == 1


def test_what_was_issued_offline_goes_when_ksef_is_back(seller: Seller, ksef: Emulator) -> None:
    ksef.control.announce_outage()
    sale = seller.issue(state="waiting", offline_mode="failure", sending="send")
    schedule_due()
    wait = seller.passes_once()
    assert wait is not None
    assert seller.sale(sale).state == "waiting"
    assert "KSeF nie odpowiada" in seller.sale(sale).ksef_text
    ksef.control.end_outage()
    seller.passes()
    seller.closes()
    assert seller.sale(sale).state == "confirmed"
    assert seller.sale(sale).offline_mode == "failure"
    assert b"<TrybWysylki>Offline" in bytes(seller.sale(sale).upo.content)


def test_what_was_issued_offline_waits_for_a_person_where_a_person_sends(seller: Seller) -> None:
    sale = seller.issue(state="waiting", offline_mode="failure", sending="keep")
    schedule_due()
    seller.passes()
    assert seller.sale(sale).state == "waiting"
    seller.sends(sale)
    assert seller.sale(sale).state == "accepted"


def test_the_delay_grows_with_the_failures(seller: Seller, ksef: Emulator) -> None:
    ksef.control.announce_outage()
    send([seller.issue()], actor=None)
    waits = [seller.passes_once(failures) for failures in (0, 1, 2, 20)]
    ksef.control.end_outage()
    delays = [(wait - timezone.now()) / timedelta(seconds=30) for wait in waits if wait]
    assert [round(delay) for delay in delays] == [1, 2, 4, 60]


def test_what_was_issued_in_a_total_failure_is_never_sent(seller: Seller) -> None:
    sale = seller.issue(state="waiting", offline_mode="total_failure")
    queued = seller.sends(sale)
    ((_, error),) = queued.refused
    assert error.code == "sales.never_sent"
    enqueue_sending([sale])
    schedule_due()
    seller.passes()
    assert seller.states() == ["waiting"]


def test_a_technical_correction_replaces_a_refused_offline_document(
    seller: Seller, ksef: Emulator
) -> None:
    ksef.control.put_invoices({"a.xml": _paper(seller, "FV/5/zajęta", lines=2)})
    refused = seller.issue(number="FV/5/zajęta", state="waiting", offline_mode="offline24")
    seller.sends(refused)
    assert seller.states() == ["rejected"]
    seller.chooses("batch")
    mended = seller.issue(
        state="waiting",
        offline_mode="offline24",
        corrects_sha256=refused.sha256,
        has_attachment=True,
    )
    queued = seller.sends(mended)
    assert (queued.online, queued.batch) == (1, 0)
    assert seller.states() == ["rejected", "accepted"]


def test_a_refused_technical_correction_waits_for_a_person(seller: Seller) -> None:
    other = seller.issue(state="waiting", offline_mode="offline24")
    seller.sends(other)
    wrong = seller.issue(state="waiting", offline_mode="offline24", corrects_sha256=other.sha256)
    seller.sends(wrong)
    wrong = seller.sale(wrong)
    assert (wrong.state, wrong.queued_version) == ("waiting", None)
    assert "21167" in wrong.ksef_text


def test_without_a_credential_the_reason_stands_on_the_documents(
    seller: Seller,
) -> None:
    Credential.objects.of_client(seller.client).update(active=False)
    seller.chooses("batch")
    online, in_batch = seller.issue(), seller.issue(has_attachment=True)
    seller.sends(online, in_batch)
    assert seller.states() == ["ready", "ready"]
    for sale in seller.sales():
        assert sale.queued_version is None
        assert "nie ma poświadczenia" in sale.ksef_text


def test_without_the_right_to_write_ksefs_refusal_stands_on_the_documents(
    seller: Seller, ksef: Emulator
) -> None:
    ksef.control.add_fault("status", path="/sessions/online$", status=403)
    sale = seller.issue()
    seller.sends(sale)
    sale = seller.sale(sale)
    assert (sale.state, sale.queued_version) == ("ready", None)
    assert "odmówił dostępu" in sale.ksef_text
    seller.sends(sale)
    assert seller.states() == ["accepted"]


def test_what_cannot_be_sent_is_told_and_the_others_go(seller: Seller) -> None:
    done, draft, ready = seller.issue(), seller.issue(state="draft", number=""), seller.issue()
    seller.sends(done)
    queued = seller.sends(done, draft, ready)
    assert [error.code for _, error in queued.refused] == ["sales.not_sendable"] * 2
    assert queued.online == 1
    assert seller.sale(ready).state == "accepted"


def test_a_document_issued_anew_is_not_sent_for_an_old_request(seller: Seller) -> None:
    sale = seller.issue()
    send([sale], actor=None)
    Sale.objects.of_client(seller.client).filter(pk=sale.pk).update(version=2)
    seller.passes()
    assert seller.states() == ["ready"]


def test_many_approved_at_once_go_as_the_setting_says(seller: Seller) -> None:
    seller.chooses("batch")
    enqueue_sending(seller.issues(2))
    enqueue_sending([seller.issue()])
    ways = list(seller.sales().values_list("queued_way", flat=True))
    assert ways == ["batch", "batch", "online"]


def test_ksefs_silence_is_told_after_the_clients_patience(seller: Seller, ksef: Emulator) -> None:
    seller.logs_in()  # which would be delayed too
    ksef.control.change_settings(processingDelay=3600)
    sale = seller.issue()
    send([sale], actor=None)
    assert seller.passes_once() is not None
    sale = seller.sale(sale)
    assert sale.state == "sending"
    assert sale.reference
    assert waiting_text(sale) == "Czekamy na odpowiedź KSeF."
    assert not is_late(sale)
    assert is_late(sale, datetime.now(UTC) + timedelta(seconds=31))
    assert seller.passes_once() is not None


def _paper(seller: Seller, number: str, *, lines: int) -> bytes:
    from tests.ksef_emulator.invoices import BUYER, fa3

    return fa3(number, seller=seller.client.nip, buyer=BUYER, lines=lines)
