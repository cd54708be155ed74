"""What the list of sales asks PostgreSQL, and by which index it answers."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from obieg.office.models import Client, Operator
from obieg.sales.listing import OWN, Selection, page_of
from obieg.sales.models import Sale
from tests.sales.factories import BUYER_NIP, ISSUED, a_client, an_issuer

pytestmark = pytest.mark.django_db

MANY = 8000
FIRMS = ("Bór", "Cis", "Dąb", "Grab", "Jawor", "Klon", "Lipa", "Modrzew")


@pytest.fixture
def client() -> Client:
    """With so many documents that reading all of them is no choice."""
    client = a_client()
    Sale.objects.bulk_create(_sale(client, nr) for nr in range(MANY))
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('sale_search')")  # as autovacuum does
        cursor.execute("ANALYZE sales_sale")
    return client


def _sale(client: Client, nr: int) -> Sale:
    name = f"{FIRMS[nr % len(FIRMS)]} {nr} sp. z o.o."
    nip = BUYER_NIP if nr == 7 else f"5{nr:09d}"
    return Sale(
        client=client,
        origin="form",
        kind="VAT",
        state="rejected" if nr % 1600 == 0 else "outside",
        number=f"FV/{nr}",
        sha256=f"{nr:044d}",
        issue_date=ISSUED,
        buyer_name=name,
        buyer_nip=nip,
        search=f"{name} {nip}".casefold(),
    )


@pytest.fixture
def anna(client: Client) -> Operator:
    return an_issuer(client)


def indexes(operator: Operator, wanted: Selection) -> tuple[int, set[str]]:
    """How many documents a page shows, and the indexes of all its questions about own sales."""
    with CaptureQueriesContext(connection) as asked:
        page = page_of(operator, wanted)
    found = set()
    for query in asked.captured_queries:
        if 'FROM "sales_sale"' not in query["sql"]:
            continue
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN " + query["sql"].replace("%", "%%"), ())
            plan = "\n".join(row[0] for row in cursor.fetchall())
        assert "Seq Scan on sales_sale" not in plan
        found |= set(
            re.findall(r"Index (?:Only )?Scan (?:Backward )?(?:using|on) (sale_\w+)", plan)
        )
    return page.count, found


@pytest.mark.parametrize("words", ["jawor 404 SP.", BUYER_NIP])
def test_a_buyer_is_found_by_name_or_nip_through_the_index(anna: Operator, words: str) -> None:
    count, used = indexes(anna, Selection(source=OWN, buyer=words))
    assert count == 1
    assert used == {"sale_search"}


def test_refused_documents_are_found_without_reading_the_others(anna: Operator) -> None:
    count, used = indexes(anna, Selection(states=("rejected",)))
    assert count == 5
    assert used == {"sale_rejected"}


def test_a_number_inside_is_no_beginning_of_a_nip(anna: Operator) -> None:
    assert page_of(anna, Selection(source=OWN, buyer=BUYER_NIP[2:])).count == 0
