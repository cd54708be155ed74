"""What intake asks of the database grows with chunks, not with documents."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from obieg.inbox.signals import invoices_stored
from obieg.office.models import Client
from tests.posting.factories import RECEIVED, arrival_of
from tests.posting.papers import Paper, Row

FUEL = Row("Olej napędowy", Decimal("200.00"))
USUAL = "11105000997603123456789123"


def papers(client: Client, count: int, prefix: str) -> list[bytes]:
    """Invoices with an account, every tenth a double, every tenth a correction."""
    found = []
    for place in range(count):
        number = f"{prefix}/{place - 1 if place % 10 == 5 else place}"
        kind = "KOR" if place % 10 == 7 else "VAT"
        paper = Paper(rows=[FUEL], kind=kind, number=number, buyer=client.nip)
        named = f"<DaneFaKorygowanej><NrFaKorygowanej>{prefix}/{place - 3}</NrFaKorygowanej>"
        said = f"<RodzajFaktury>KOR</RodzajFaktury>{named}</DaneFaKorygowanej>".encode()
        xml = paper.xml().replace(b"<RodzajFaktury>KOR</RodzajFaktury>", said)
        account = f"<Platnosc><RachunekBankowy><NrRB>{USUAL}</NrRB></RachunekBankowy></Platnosc>"
        found.append(xml.replace(b"</Fa>", account.encode() + b"</Fa>"))
    return found


def statements(client: Client, count: int, prefix: str) -> int:
    """How many statements the rooms above make of `count` stored documents."""
    arrivals = [arrival_of(client, xml, "purchase") for xml in papers(client, count, prefix)]
    with CaptureQueriesContext(connection) as asked:
        invoices_stored.send(sender=None, client=client, arrivals=arrivals, received_at=RECEIVED)
    return len(asked)


@pytest.mark.django_db
def test_ten_times_the_documents_ask_no_more_of_the_database(client_firm: Client) -> None:
    statements(client_firm, 20, "A")  # what is read once
    assert statements(client_firm, 300, "B") <= statements(client_firm, 30, "C") + 2
