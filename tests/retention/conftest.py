"""A client with documents, books, sales and letters, and the owner of the office."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone

from obieg.office.models import Client, Event, Operator
from obieg.posting.decisions import approve
from tests.posting.factories import ClientFactory, OperatorFactory, purchase, sale
from tests.posting.papers import Row
from tests.sales.factories import a_contractor, a_sale
from tests.web.conftest import browser

__all__ = ["browser"]  # a fixture of the pages' own tests


@pytest.fixture(autouse=True)
def data(tmp_path: Path, settings: pytest.FixtureRequest) -> Path:
    settings.DATA = tmp_path  # type: ignore[attr-defined]
    return tmp_path


@pytest.fixture
def ewa(db: None) -> Operator:
    return OperatorFactory(login="ewa", name="Ewa Wilk", owner=True)


@pytest.fixture
def bor(ewa: Operator) -> Client:
    """Bór: two purchases and a sale, one of them in the books, a draft, a contractor."""
    client = ClientFactory(name="Bór Jan Bór")
    fuel = [Row("Olej napędowy", Decimal(100))]
    approve(purchase(client, number="ZAKUP/1", rows=fuel), operator=ewa)
    purchase(client, number="ZAKUP/2", seller_name="Anna Malinowska Usługi")
    sale(client, number="S/1/2026")
    a_sale(client=client)
    a_contractor(client)
    return client


def end(client: Client, *, years_ago: int = 0) -> None:
    """The cooperation ended, so long ago."""
    Client.objects.of_client(client.pk).update(active=False)
    client.active = False
    Event.objects.create(
        client=client,
        thing="office.client",
        thing_id=client.pk,
        kind="end_cooperation",
        at=timezone.now() - timedelta(days=366 * years_ago),
        after={"lines": [["Klient", client.name]]},
    )
