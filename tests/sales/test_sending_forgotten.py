"""A session that KSeF does not know is given up by a person, and nothing is sent twice."""

import pytest
from django.urls import reverse

from ksef_emulator.testing import Emulator
from obieg.office.models import Event, Operator
from obieg.office.rights import OfficeRole
from obieg.sales.models import KsefSession, Sale
from obieg.sales.sending import forgotten, send
from obieg.sales.sending.errors import SessionKnown
from tests.sales.factories import an_issuer
from tests.sales.seller import Seller, forget_calls
from tests.web.conftest import as_operator

pytestmark = pytest.mark.django_db(transaction=True)

NOWHERE = "20261121-SO-0000000000-0000000000-00"
SEND = r"/online/[^/]+/invoices$"


@pytest.fixture
def chief(seller: Seller) -> Operator:
    operator = an_issuer(seller.client)
    operator.role = OfficeRole.CHIEF
    operator.save()
    return operator


def a_forgotten_session(seller: Seller, ksef: Emulator, fault: str, **changes: object) -> Sale:
    """Its document is under way; whether KSeF has it is the fault's matter."""
    sale = seller.issue(**changes)
    ksef.control.add_fault(fault, path=SEND, nip=seller.client.nip)
    send([sale], actor=None)
    seller.passes_once()
    KsefSession.objects.of_client(seller.client).update(reference=NOWHERE)
    assert seller.passes_once() is not None
    return seller.sale(sale)


def test_it_is_not_taken_for_an_empty_one(seller: Seller, ksef: Emulator) -> None:
    sale = a_forgotten_session(seller, ksef, "cut_before")
    assert sale.state == "sending"
    assert "nie zna tej sesji" in sale.ksef_text
    assert forgotten.is_forgotten(seller.sessions().get())


def test_it_keeps_nothing_else_from_being_sent(seller: Seller, ksef: Emulator) -> None:
    sale = a_forgotten_session(seller, ksef, "cut_before")
    other = seller.issue()
    send([other], actor=None)
    for _ in range(10):
        forget_calls()
        seller.passes_once()
    assert seller.sale(other).state == "accepted"
    assert "nie zna" not in seller.sale(other).ksef_text
    assert seller.sale(sale).state == "sending"


@pytest.mark.parametrize(("mode", "state"), [("", "ready"), ("offline24", "waiting")])
def test_what_ksef_never_had_is_unsent_again(
    mode: str, state: str, seller: Seller, ksef: Emulator, chief: Operator
) -> None:
    sale = a_forgotten_session(
        seller, ksef, "cut_before", offline_mode=mode, state="waiting" if mode else "ready"
    )
    page = as_operator(chief)
    address = reverse("sales-session", args=[sale.session_id])
    act = reverse("sales-session-free", args=[sale.session_id])
    assert "oddaj dokumenty" in page.get(address).content.decode()
    assert page.post(act).status_code == 422
    assert seller.sale(sale).state == "sending"

    answer = page.post(act, {"confirmed": "on"}, follow=True).content.decode()
    assert "Niewysłane znów: 1" in answer
    assert "oddaj dokumenty" not in answer
    sale = seller.sale(sale)
    assert (sale.state, sale.queued_version) == (state, None)
    assert "Wyślij go ponownie" in sale.ksef_text
    trail = Event.objects.of_client(seller.client).filter(kind__in=("release", "give_back"))
    assert [event.actor for event in trail] == [chief, chief]

    seller.sends(sale)
    assert seller.sale(sale).state == "accepted"
    assert seller.session_states() == ["failed", "open"]
    assert len(seller.in_ksef()) == 1


def test_what_ksef_accepted_gets_its_number_and_is_not_sent_twice(
    seller: Seller, ksef: Emulator, chief: Operator
) -> None:
    sale = a_forgotten_session(seller, ksef, "cut_after")
    outcome = forgotten.give_back(sale.session, actor=chief)
    assert (outcome.accepted, outcome.released) == (1, 0)
    assert seller.states() == ["accepted"]
    assert seller.accepted() == seller.in_ksef()
    assert seller.sent_twice() == []


def test_a_session_that_ksef_knows_is_not_given_up(
    seller: Seller, ksef: Emulator, chief: Operator
) -> None:
    seller.sends(seller.issue())
    session = seller.sessions().get()
    with pytest.raises(SessionKnown):
        forgotten.give_back(session, actor=chief)
    assert seller.session_states() == ["open"]


def test_who_may_not_edit_data_of_ksef_gives_nothing_back(seller: Seller, ksef: Emulator) -> None:
    sale = a_forgotten_session(seller, ksef, "cut_before")
    clerk = as_operator(an_issuer(seller.client))
    act = reverse("sales-session-free", args=[sale.session_id])
    assert clerk.post(act, {"confirmed": "on"}).status_code == 403
    assert seller.sale(sale).state == "sending"
