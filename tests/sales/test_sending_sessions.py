"""One session a client, kept open and reused; UPO for the whole of it, or for one document."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from ksef_emulator.testing import Emulator
from obieg.core.errors import UserFixable
from obieg.fa.upo import read_upo
from obieg.office.models import Operator
from obieg.sales.models import KsefSession
from obieg.sales.sending.passes import schedule_due
from obieg.sales.sending.sessions import close_session, close_sessions_of
from obieg.sales.sending.upo import fetch_upo
from obieg.sales.storage import bytes_of
from tests.ksef_emulator.invoices import BUYER, fa3
from tests.posting.factories import OperatorFactory
from tests.sales.factories import a_ksef_number
from tests.sales.seller import Seller

pytestmark = pytest.mark.django_db(transaction=True)


def open_sessions(seller: Seller) -> list[KsefSession]:
    return list(KsefSession.objects.of_client(seller.client).filter(state="open"))


@pytest.fixture
def sender() -> Operator:
    return OperatorFactory()


def test_the_session_is_reused(seller: Seller, sender: Operator) -> None:
    seller.sends(seller.issue(), actor=sender)
    seller.sends(*seller.issues(2))
    (session,) = open_sessions(seller)
    assert session.opened_by == sender
    assert set(seller.sales().values_list("session", flat=True)) == {session.pk}


def test_it_is_closed_by_hand_and_closing_twice_is_closing_once(seller: Seller) -> None:
    seller.sends(seller.issue())
    (session,) = open_sessions(seller)
    assert close_session(session, actor=None).state == "closing"
    assert close_session(session, actor=None).state == "closing"
    assert open_sessions(seller) == []
    seller.passes()
    assert close_session(session, actor=None).state == "done"


def test_it_is_closed_at_the_logout_of_who_opened_it(seller: Seller, sender: Operator) -> None:
    seller.sends(seller.issue(), actor=sender)
    assert close_sessions_of(OperatorFactory()) == 0
    assert close_sessions_of(sender) == 1
    seller.passes()
    assert seller.session_states() == ["done"]


@pytest.mark.parametrize(
    "change",
    [{"used_at": timedelta(minutes=-31)}, {"valid_until": timedelta(minutes=14)}],
    ids=["idle", "before its 12 hours end"],
)
def test_it_is_closed_by_itself(seller: Seller, change: dict[str, timedelta]) -> None:
    seller.sends(seller.issue())
    schedule_due()
    assert seller.session_states() == ["open"]
    moments = {name: timezone.now() + shift for name, shift in change.items()}
    seller.sessions().update(**moments)
    schedule_due()
    seller.passes()
    assert (seller.session_states(), seller.states()) == (["done"], ["confirmed"])


def test_a_session_that_ran_out_is_replaced(seller: Seller, ksef: Emulator) -> None:
    seller.sends(seller.issue())
    ksef.control.set_clock(datetime.now(UTC) + timedelta(hours=13))
    seller.sends(seller.issue(issued=(datetime.now(UTC)).date()))
    assert seller.states() == ["confirmed", "accepted"]
    assert seller.sent_twice() == []


def test_the_upo_of_one_document_before_the_session_is_closed(seller: Seller) -> None:
    first, second = seller.issues(2)
    seller.sends(first, second)
    upo = fetch_upo(first, actor=None)
    assert fetch_upo(first, actor=None) == upo
    (entry,) = read_upo(bytes_of(upo)).entries
    assert entry.ksef_number == seller.sale(first).ksef_number
    assert seller.states() == ["confirmed", "accepted"]
    seller.closes()
    assert seller.states() == ["confirmed", "confirmed"]
    assert seller.sale(first).upo == upo
    session_upo = fetch_upo(seller.sessions().get(), actor=None)
    assert session_upo == seller.sale(second).upo
    assert len(read_upo(bytes_of(session_upo)).entries) == 2


def test_a_upo_that_cannot_be_is_explained(seller: Seller) -> None:
    sale = seller.issue()
    outside = seller.issue(
        state="accepted", elsewhere=True, ksef_number=a_ksef_number(seller.client.nip)
    )
    for asked, code in ((sale, "sales.no_upo_yet"), (outside, "sales.upo_elsewhere")):
        with pytest.raises(UserFixable) as told:
            fetch_upo(asked, actor=None)
        assert told.value.code == code
    seller.sends(sale)
    with pytest.raises(UserFixable) as told:
        fetch_upo(seller.sessions().get(), actor=None)
    assert told.value.code == "sales.no_upo_yet"


def test_the_upo_of_what_another_program_sent_as_a_session(seller: Seller, ksef: Emulator) -> None:
    """440 names the session that took the original, and that session gives the UPO."""
    from obieg.calls.gateways import open_gateway
    from obieg.ksef.content import ContentKey
    from obieg.ksef.forms import FORMS

    sale = seller.issue()
    key = ContentKey.new()
    with open_gateway(seller.client, purpose="inny program") as gateway:
        session = gateway.sessions.open_online(FORMS["FA(3)"], key)
        gateway.sessions.send(session.reference, bytes_of(sale.xmls.across_clients().get()), key)
    seller.sends(sale)
    assert seller.sale(sale).accepted_in == session.reference
    assert fetch_upo(sale, actor=None)
    assert seller.states() == ["confirmed"]


def test_documents_and_receipts_are_kept_as_files_where_the_office_wants_it(
    seller: Seller, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setenv("OBIEG_DOCUMENTS", str(tmp_path))
    seller.sends(seller.issue())
    seller.closes()
    upo = seller.sale(seller.sales().get()).upo
    assert upo.content is None
    assert (tmp_path / upo.path).read_bytes() == bytes_of(upo)


def test_lost_bytes_stop_only_their_document(seller: Seller) -> None:
    lost, good = seller.issues(2)
    lost.xmls.across_clients().update(content=b"inne")
    seller.sends(lost, good)
    assert seller.states() == ["ready", "accepted"]
    assert "kopii zapasowej" in seller.sale(lost).ksef_text
    seller.chooses("batch")
    seller.sends(lost, another := seller.issue())
    assert seller.states() == ["ready", "accepted", "confirmed"]
    assert seller.sale(another).state == "confirmed"


def test_a_form_of_another_seller_is_refused(seller: Seller) -> None:
    foreign = fa3("FV/1", seller=BUYER, buyer=seller.client.nip)
    seller.sends(seller.issue(xml=foreign))
    sale = seller.sales().get()
    assert (sale.state, sale.ksef_code) == ("rejected", 410)
