"""Recording KSeF's answers costs by the chunk, not by the document."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from obieg.sales.acceptance import Grant, Refusal, accept, reject
from obieg.sales.models import Sale
from tests.sales.factories import a_client, a_ksef_number, a_session
from tests.sales.seller import Seller

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller() -> Seller:
    return Seller(a_client(), control=None)  # type: ignore[arg-type] # nothing is sent


def under_way(seller: Seller, count: int) -> list[Sale]:
    session = a_session(seller.client, kind="batch")
    return seller.issues(count, state="sending", session=session, claimed_at=timezone.now())


def accepted(seller: Seller, sales: list[Sale], *, stored: bool = True) -> int:
    """The number of statements that recording took."""
    now = timezone.now()
    grants = [
        (sale, Grant(sale.ksef_number or a_ksef_number(), now, now if stored else None))
        for sale in sales
    ]
    with CaptureQueriesContext(connection) as queries:
        accept(seller.client, grants)
    return len(queries)


def test_twenty_acceptances_take_as_many_statements_as_two(seller: Seller) -> None:
    accepted(seller, under_way(seller, 1))  # what is looked up once and kept
    few, many = under_way(seller, 2), under_way(seller, 20)
    assert accepted(seller, few) == accepted(seller, many)


def test_twenty_late_moments_of_storing_take_as_many_statements_as_two(seller: Seller) -> None:
    accepted(seller, under_way(seller, 1))
    counted = []
    for count in (2, 20):
        sales = under_way(seller, count)
        accepted(seller, sales, stored=False)
        late = [seller.sale(sale) for sale in sales]
        assert {sale.invoice_id for sale in late} == {None}
        counted.append(accepted(seller, late))
        assert all(seller.sale(sale).invoice_id and seller.sale(sale).stored_at for sale in late)
    assert counted[0] == counted[1]


def test_twenty_refusals_take_as_many_statements_as_two(seller: Seller) -> None:
    counted = []
    for count in (2, 20):
        refused = [(sale, Refusal(450, "Błąd")) for sale in under_way(seller, count)]
        with CaptureQueriesContext(connection) as queries:
            reject(seller.client, refused)
        counted.append(len(queries))
    assert counted[0] == counted[1]
    assert set(seller.states()) == {"rejected"}
