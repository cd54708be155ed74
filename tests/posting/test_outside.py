"""What came on paper and what came from KSeF is one purchase: linked both ways, and warned of."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Visitor
from django.urls import reverse

from obieg.office.models import Client, Operator
from obieg.posting import attention, outside
from obieg.posting.desk import Desk
from obieg.posting.doubles import number_key
from obieg.posting.heeding import heed
from obieg.posting.models import Dekret, OutsidePurchase
from obieg.posting.queue import QueueFilters, above
from tests.posting.factories import ClientFactory, OperatorFactory, purchase
from tests.posting.papers import Row

FUEL = Row("Olej napędowy", Decimal("200.00"))
ISSUED = date(2026, 11, 3)


def paper(**changes: object) -> OutsidePurchase:
    """The usual purchase, as somebody typed it from paper."""
    usual = {
        "number": "FV 10/2026",
        "seller_nip": "9990000018",
        "issue_date": ISSUED,
        "gross": Decimal("246.00"),
    }
    return OutsidePurchase(**{**usual, **changes})


def fresh(dekret: Dekret) -> Dekret:
    return Dekret.objects.of_client(dekret.client_id).get(pk=dekret.pk)


@pytest.mark.parametrize(
    ("typed", "issued"),
    [
        ("1O/2026", "10/2026"),
        ("fv 010 / 2026", "FV/10/2026"),
        ("Faktura nr FV10/2026", "10/2026"),
        ("F/OO1/26", "F/001/26"),
    ],
)
def test_a_letter_for_a_zero_and_other_slips_of_typing_are_seen_through(
    typed: str, issued: str
) -> None:
    assert number_key(typed) == number_key(issued)


def test_a_letter_o_in_a_word_stays_a_letter() -> None:
    assert number_key("KOR/1/2026") != number_key("K0R/1/2026")


@pytest.mark.django_db
class TestMatching:
    def test_what_arrives_after_the_paper_is_linked_and_kept_from_bulk_approval(
        self, client_firm: Client, anna: Operator
    ) -> None:
        assert outside.enter([paper(number="1o/2026")], client_firm, operator=anna) == 0
        dekret = fresh(purchase(client_firm, number="FV/010/2026", rows=[FUEL]))
        assert attention.OUTSIDE in dekret.warnings
        assert above(anna, QueueFilters(), 60) == []
        assert "taki zakup wpisano już poza KSeF" in Desk.of(dekret).obstacles
        (entry,) = Desk.of(dekret).outside
        assert (entry.invoice_id, entry.number) == (dekret.invoice_id, "1o/2026")

    def test_what_was_in_ksef_before_the_paper_is_linked_and_warned_of(
        self, client_firm: Client, anna: Operator
    ) -> None:
        dekret = purchase(client_firm, number="FV/10/2026", rows=[FUEL])
        assert outside.enter([paper()], client_firm, operator=anna) == 1
        assert attention.OUTSIDE in fresh(dekret).warnings

    def test_a_seller_known_by_name_only_is_matched_by_the_amount(
        self, client_firm: Client, anna: Operator
    ) -> None:
        dekret = purchase(client_firm, number="FV/10/2026", rows=[FUEL])
        named = paper(seller_nip="", seller_name="ORLIK Spółka z ograniczoną odpowiedzialnością")
        cheaper = paper(seller_nip="", seller_name="Orlik", gross=Decimal("1.00"))
        assert outside.enter([named, cheaper], client_firm, operator=anna) == 1
        assert [one.pk for one in outside.entries_of(client_firm.pk, dekret.invoice_id)] == [
            named.pk
        ]

    @pytest.mark.parametrize(
        "changes",
        [
            {"number": "FV 11/2026"},
            {"seller_nip": "9990000024"},
            {"issue_date": date(2026, 11, 4), "gross": Decimal(1)},
        ],
    )
    def test_another_number_seller_or_amount_is_another_purchase(
        self, client_firm: Client, anna: Operator, changes: dict[str, object]
    ) -> None:
        outside.enter([paper(**changes)], client_firm, operator=anna)
        dekret = purchase(client_firm, number="FV/10/2026", rows=[FUEL])
        assert attention.OUTSIDE not in fresh(dekret).warnings

    def test_one_key_says_that_it_is_another_document(
        self, client_firm: Client, anna: Operator
    ) -> None:
        outside.enter([paper()], client_firm, operator=anna)
        dekret = fresh(purchase(client_firm, number="FV/10/2026", rows=[FUEL]))
        heed(dekret, attention.OUTSIDE, operator=anna)
        assert attention.OUTSIDE not in fresh(dekret).warnings
        assert outside.entries_of(client_firm.pk, dekret.invoice_id)[0].answer == "different"

    def test_a_removed_entry_warns_no_more(self, client_firm: Client, anna: Operator) -> None:
        entry = paper()
        outside.enter([entry], client_firm, operator=anna)
        dekret = purchase(client_firm, number="FV/10/2026", rows=[FUEL])
        outside.remove(entry, operator=anna)
        assert attention.OUTSIDE not in fresh(dekret).warnings

    def test_a_stranger_enters_nothing(self, client_firm: Client) -> None:
        stranger = OperatorFactory(serving=[ClientFactory()])
        with pytest.raises(Client.DoesNotExist):
            outside.enter([paper()], client_firm, operator=stranger)


def upload(visitor: Visitor, client: Client, text: str) -> object:
    file = SimpleUploadedFile("zakupy.csv", text.encode())
    return visitor.post(reverse("clients-outside-import", args=[client.pk]), {"file": file})


@pytest.mark.django_db
class TestPages:
    @pytest.fixture
    def visitor(self, anna: Operator) -> Visitor:
        visitor = Visitor()
        visitor.force_login(anna)
        return visitor

    def test_a_file_is_taken_in_whole(self, visitor: Visitor, client_firm: Client) -> None:
        text = (
            "numer;nip;sprzedawca;data;brutto;uwaga\n"
            "FV 10/2026;999-000-00-18;;03.11.2026;246,00;e-mail\n"
            "A/1;;Orlik;2026-11-04;1 234,50;\n"
        )
        assert upload(visitor, client_firm, text).status_code == 302
        entered = OutsidePurchase.objects.of_client(client_firm).order_by("pk")
        assert list(entered.values_list("number", "seller_nip", "gross")) == [
            ("FV 10/2026", "9990000018", Decimal("246.00")),
            ("A/1", "", Decimal("1234.50")),
        ]

    def test_a_file_with_a_wrong_row_is_refused_and_says_which(
        self, visitor: Visitor, client_firm: Client
    ) -> None:
        text = "numer;nip;data;brutto\nA/1;9990000018;2026-11-04;1,00\nA/2;;jutro;x\n"
        answer = upload(visitor, client_firm, text)
        assert answer.status_code == 422
        assert "wiersz 3" in answer.content.decode()
        assert not OutsidePurchase.objects.of_client(client_firm).exists()

    def test_one_is_typed_and_shown_with_its_double(
        self, visitor: Visitor, client_firm: Client
    ) -> None:
        purchase(client_firm, number="FV/10/2026", rows=[FUEL])
        typed = {"number": "fv10/2026", "seller_nip": "9990000018", "gross": "246,00"}
        address = reverse("clients-outside", args=[client_firm.pk])
        page = visitor.post(address, {**typed, "issue_date": "2026-11-03"}, follow=True)
        words = page.content.decode()
        assert "Z tego jest już w KSeF: 1 dokument." in words
        assert "dubel" in words
