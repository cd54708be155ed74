"""An answer that was lost is asked for; nothing is sent again blind."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from ksef_emulator.testing import Emulator
from obieg.ksef.sessions import InvoiceStatus
from obieg.sales.models import KsefSession
from obieg.sales.sending import answers, claiming, send
from tests.sales.seller import Seller
from tests.sales.test_sending_races import an_open_session

pytestmark = pytest.mark.django_db(transaction=True)

SEND, OPEN, CLOSE = r"/online/[^/]+/invoices$", "/sessions/online$", "/close$"


def test_a_lost_answer_to_sending_is_found_in_the_session(seller: Seller, ksef: Emulator) -> None:
    ksef.control.add_fault("cut_after", path=SEND, nip=seller.client.nip)
    seller.sends(seller.issue())
    assert seller.states() == ["accepted"]
    assert seller.accepted() == seller.in_ksef()
    assert seller.sent_twice() == []
    assert seller.session_states() == ["open"]  # it was found there: no need to close it


def test_what_never_arrived_is_sent_again_when_the_session_has_ended(
    seller: Seller, ksef: Emulator
) -> None:
    ksef.control.add_fault("cut_before", path=SEND, nip=seller.client.nip)
    seller.sends(seller.issue())
    assert seller.states() == ["accepted"]
    assert seller.accepted() == seller.in_ksef()
    assert seller.sent_twice() == []
    assert seller.session_states() == ["failed", "open"]  # the first one ended without an invoice


@pytest.mark.parametrize("status", [500, 503])
def test_an_error_of_ksef_is_not_taken_for_a_refusal(
    status: int, seller: Seller, ksef: Emulator
) -> None:
    ksef.control.add_fault("status", path=SEND, status=status, nip=seller.client.nip)
    seller.sends(seller.issue())
    assert seller.states() == ["accepted"]
    assert seller.sent_twice() == []


def test_a_lost_answer_to_opening_leaves_an_empty_session(seller: Seller, ksef: Emulator) -> None:
    ksef.control.add_fault("cut_after", path=OPEN, nip=seller.client.nip)
    seller.sends(seller.issue())
    assert seller.states() == ["accepted"]
    assert seller.session_states() == ["open"]


def test_a_lost_answer_to_closing_is_no_reason_to_wait(seller: Seller, ksef: Emulator) -> None:
    seller.sends(seller.issue())
    ksef.control.add_fault("cut_after", path=CLOSE, nip=seller.client.nip)
    seller.closes()
    assert (seller.states(), seller.session_states()) == (["confirmed"], ["done"])


def test_a_session_that_was_closed_elsewhere_is_replaced(seller: Seller, ksef: Emulator) -> None:
    first, second = seller.issues(2)
    seller.sends(first)
    session = seller.sessions().get()
    from obieg.calls.gateways import open_gateway

    with open_gateway(seller.client, purpose="próba") as gateway:
        gateway.sessions.close_online(session.reference)
    seller.sends(second)
    assert seller.states() == ["confirmed", "accepted"]
    assert seller.session_states() == ["done", "open"]
    assert seller.sent_twice() == []


def test_a_limit_of_ksef_is_waited_for(seller: Seller, ksef: Emulator) -> None:
    ksef.control.add_fault("status", path=SEND, status=429, retryAfter=300, nip=seller.client.nip)
    sale = seller.issue()
    send([sale], actor=None)
    wait = seller.passes_once()
    assert (seller.sale(sale).state, seller.sale(sale).queued_version) == ("ready", 1)
    assert wait is not None
    assert "Limit" in seller.sale(sale).ksef_text or "ograniczył" in seller.sale(sale).ksef_text
    seller.passes()
    assert seller.states() == ["accepted"]


def test_what_another_program_sent_before_is_an_acceptance(
    new_seller: Callable[[], Seller], ksef: Emulator
) -> None:
    """440 names an original; its bytes are ours."""
    seller = new_seller()
    sale = seller.issue()
    answer = ksef.control.put_invoices({"a.xml": bytes(sale.xmls.across_clients().get().content)})
    number = answer["accepted"][0]["ksefNumber"]
    seller.sends(sale)
    sale = seller.sale(sale)
    assert (sale.state, sale.ksef_number, sale.ksef_code) == ("accepted", number, 440)
    assert sale.acquired_at
    assert sale.stored_at


def test_a_duplicate_with_other_bytes_is_refused(seller: Seller, ksef: Emulator) -> None:
    from tests.ksef_emulator.invoices import BUYER, fa3

    other = fa3("FV/77/inna", seller=seller.client.nip, buyer=BUYER, lines=2)
    ksef.control.put_invoices({"a.xml": other})
    sale = seller.issue(number="FV/77/inna")
    seller.sends(sale)
    sale = seller.sale(sale)
    assert (sale.state, sale.ksef_number, sale.ksef_code) == ("rejected", "", 440)
    assert "Duplikat" in sale.ksef_text


def test_ksefs_own_words_stand_on_a_refused_document(seller: Seller) -> None:
    sale = seller.issue(xml=b"<Faktura/>")
    seller.sends(sale)
    sale = seller.sale(sale)
    assert (sale.state, sale.ksef_code) == ("rejected", 450)
    assert sale.ksef_text.startswith("Błąd weryfikacji semantyki dokumentu faktury: ")
    assert sale.reference
    assert KsefSession.objects.of_client(seller.client).get().state == "open"


def test_what_ksef_itself_broke_off_is_sent_again_but_not_for_ever(seller: Seller) -> None:
    """550 says nothing of the invoice; after three times a person has to look."""
    broken = InvoiceStatus(
        reference="20261121-EE-1",
        ordinal=1,
        number="",
        code=550,
        description="Operacja została anulowana przez system",
        details=("Spróbuj ponownie",),
        sha256="",
        invoiced_at=timezone.now(),
    )
    session = an_open_session(seller)
    sale = seller.issue()
    send([sale], actor=None)
    kept = []
    for _ in range(3):
        claimed = claiming.claim(sale.pk, session)
        answers.record(session, [(claimed, broken)], ksef=None)
        stored = seller.sale(sale)
        kept.append((stored.state, stored.ksef_code, stored.queued_version))
    assert kept == [("ready", 550, 1), ("ready", 550, 1), ("ready", 550, None)]
    assert claiming.claim(sale.pk, session) is None
    assert "Spróbuj ponownie" in stored.ksef_text
    send([sale], actor=None)
    assert claiming.claim(sale.pk, session)
