"""A document goes to KSeF once, and what KSeF says of it stands on it."""

import pytest

from tests.sales.seller import Seller

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_document_is_accepted_with_ksefs_number_and_dates(seller: Seller) -> None:
    sale = seller.issue()
    queued = seller.sends(sale)
    assert (queued.online, queued.batch, queued.refused) == (1, 0, ())
    sale = seller.sale(sale)
    assert sale.state == "accepted"
    assert seller.in_ksef() == {sale.ksef_number: sale.sha256}
    assert sale.acquired_at
    assert sale.stored_at
    assert (sale.ksef_code, sale.ksef_text) == (200, "Sukces")


def test_its_upo_confirms_it_when_the_session_is_closed(seller: Seller) -> None:
    first, second = seller.issues(2)
    seller.sends(first, second)
    seller.closes()
    assert seller.states() == ["confirmed", "confirmed"]
    assert seller.session_states() == ["done"]
    upo = seller.sale(first).upo
    assert upo == seller.sale(second).upo
    assert seller.sale(first).ksef_number.encode() in bytes(upo.content)
