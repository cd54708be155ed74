"""The other parties of a client, from its documents: counted, summed, with what is usual."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client as Visitor
from django.urls import reverse

from obieg.core.calendar import Month
from obieg.inbox.models import Direction
from obieg.office.models import Client, Operator
from obieg.posting import partners
from obieg.posting.decisions import approve
from obieg.posting.models import Rule
from tests.posting.factories import ClientFactory, purchase, sale, store_xml
from tests.posting.papers import Paper, Row
from tests.posting.typing_in import line

FUEL = Row("Olej napędowy", Decimal("200.00"))
STRANGE = Row("Usługa niezwykła", Decimal("100.00"))
ORLIK = "9990000018"


@pytest.mark.django_db
class TestPartners:
    def test_a_seller_has_its_documents_sum_usual_account_and_rules(
        self, client_firm: Client, anna: Operator
    ) -> None:
        approve(purchase(client_firm, number="F/1", rows=[FUEL]), operator=anna)
        second = purchase(client_firm, number="F/2", rows=[STRANGE], issued=date(2026, 11, 5))
        approve(second, [line(second, account="402-09")], operator=anna)
        approve(purchase(client_firm, number="F/3", rows=[FUEL]), operator=anna)
        purchase(client_firm, seller="9990000024", rows=[FUEL])
        purchase(ClientFactory(), rows=[FUEL])
        Rule.objects.create(
            client=client_firm,
            name="Orlik",
            seller_nip=ORLIK,
            account="401-04",
            direction="purchase",
        )
        found = partners.partners(client_firm, Direction.PURCHASE, order="dokumenty")
        assert [partner.nip for partner in found] == [ORLIK, "9990000024"]
        orlik = found[0]
        assert (orlik.documents, orlik.total, orlik.last) == (
            3,
            Decimal("615.00"),
            date(2026, 11, 5),
        )
        assert orlik.usual == partners.Usual("401-04", 67)
        assert orlik.rules == 1

    def test_words_find_by_name_and_take_signs_literally(self, client_firm: Client) -> None:
        purchase(client_firm, seller_name="Orlik 50%", rows=[FUEL])
        assert partners.partners(client_firm, Direction.PURCHASE, ["50%"])
        assert not partners.partners(client_firm, Direction.PURCHASE, ["5_%"])

    def test_buyers_are_the_partners_of_sales(self, client_firm: Client) -> None:
        sale(client_firm)
        (buyer,) = partners.partners(client_firm, Direction.SALE)
        assert buyer.name == "Orlik sp. z o.o."

    def test_the_page_of_one_shows_documents_accounts_and_the_change_of_account(
        self, client_firm: Client, anna: Operator
    ) -> None:
        for place, number in enumerate(
            ["11105000997603123456789123", "61109010140000071219812874"]
        ):
            xml = Paper(buyer=client_firm.nip, number=f"R/{place}", rows=[FUEL]).xml()
            said = f"<Platnosc><RachunekBankowy><NrRB>{number}</NrRB></RachunekBankowy></Platnosc>"
            store_xml(client_firm, xml.replace(b"</Fa>", said.encode() + b"</Fa>"))
        visitor = Visitor()
        visitor.force_login(anna)
        address = reverse("clients-partner", args=[client_firm.pk])
        words = visitor.get(address, {"nip": ORLIK}).content.decode()
        assert "R/0" in words
        assert "61109010140000071219812874" in words
        assert "Sprzedawca zmieniał rachunek" in words
        assert words.count("<rect") == partners.MONTHS

    def test_the_list_asks_the_database_as_often_for_one_as_for_many(
        self, client_firm: Client, anna: Operator, django_assert_max_num_queries: object
    ) -> None:
        for place in range(8):
            purchase(client_firm, seller=f"DE{place}", number=f"F/{place}", rows=[FUEL])
        visitor = Visitor()
        visitor.force_login(anna)
        with django_assert_max_num_queries(14):
            page = visitor.get(reverse("clients-partners", args=[client_firm.pk]))
        assert page.content.decode().count("jeszcze nie księgowano") == 8


def test_the_bars_end_with_the_last_month_and_the_highest_fills_the_chart() -> None:
    class Document:
        def __init__(self, day: date, gross: int) -> None:
            self.issue_date, self.gross, self.currency = day, Decimal(gross), "PLN"

    documents = [Document(date(2026, 11, 3), 50), Document(date(2026, 10, 3), 100)]
    found = partners.bars(documents, Month(2026, 11), height=80, step=16)
    assert [(bar.height, bar.y) for bar in found[-2:]] == [(80, 0), (40, 40)]
    assert len(found) == partners.MONTHS
