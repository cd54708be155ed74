"""What arrives is compared with what was there: originals, doubles, accounts, amounts."""

from datetime import date
from decimal import Decimal

import pytest

from obieg.office.models import Client, Operator
from obieg.posting import attention, doubles
from obieg.posting.decisions import approve
from obieg.posting.doubles import links_of, number_key
from obieg.posting.models import Dekret, Link
from obieg.posting.queue import QueueFilters, above
from tests.posting.factories import ClientFactory, OperatorFactory, purchase, sale, store_xml
from tests.posting.papers import Paper, Row
from tests.posting.typing_in import line, proposed

FUEL = Row("Olej napędowy", Decimal("200.00"))
STRANGE = Row("Usługa niezwykła", Decimal("200.00"))


def fresh(dekret: Dekret) -> Dekret:
    return Dekret.objects.of_client(dekret.client_id).get(pk=dekret.pk)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("FV 012/2026", "12/2026", True),
        ("FV/7/2026", "fv-007-2026", True),
        ("Faktura VAT nr 7/11/2026", "7/11/2026", True),
        ("FV/7/2026", "FV/8/2026", False),
        ("A/7/2026", "B/7/2026", False),
        ("FV/1/12", "FV/11/2", False),
    ],
)
def test_numbers_typed_in_different_ways_are_known_again(one: str, other: str, same: bool) -> None:
    assert (number_key(one) == number_key(other)) is same


@pytest.mark.django_db
class TestDoubles:
    def test_the_same_invoice_is_linked_warned_of_and_kept_out_of_bulk_approval(
        self, client_firm: Client, anna: Operator
    ) -> None:
        first = purchase(client_firm, number="FV 7/2026", rows=[FUEL])
        second = purchase(client_firm, number="FV/007/2026", rows=[FUEL])
        assert attention.DOUBLE in fresh(second).warnings
        assert attention.DOUBLE not in fresh(first).warnings
        assert above(anna, QueueFilters(), 90) == [first.pk]
        assert [link.other_id for link in links_of(client_firm.pk, first.invoice_id)] == [
            first.invoice_id
        ]

        (link,) = doubles.waiting(anna)
        doubles.answer(link, same=False, operator=anna)
        assert attention.DOUBLE not in fresh(second).warnings
        assert above(anna, QueueFilters(), 90) == [first.pk, second.pk]
        assert not doubles.waiting(anna).exists()

    @pytest.mark.parametrize(
        "changes",
        [
            {"number": "FV 8/2026"},
            {"seller": "9990000024"},
            {"kind": "KOR"},
        ],
    )
    def test_another_number_seller_or_kind_is_no_double(
        self, client_firm: Client, changes: dict[str, str]
    ) -> None:
        purchase(client_firm, number="FV 7/2026", rows=[FUEL])
        purchase(client_firm, **{"number": "FV 7/2026", "rows": [FUEL], **changes})
        assert not Link.objects.of_client(client_firm).filter(kind="double").exists()

    def test_a_stranger_neither_sees_nor_answers(self, client_firm: Client) -> None:
        for number in ("FV 7/2026", "FV/7/2026"):
            purchase(client_firm, number=number, rows=[FUEL])
        stranger = OperatorFactory(serving=[ClientFactory()])
        assert not doubles.waiting(stranger).exists()
        with pytest.raises(Link.DoesNotExist):
            doubles.answer(Link.objects.of_client(client_firm).get(), True, operator=stranger)


def correction(client: Client, number: str, rows: list[Row]) -> Dekret:
    """A correction of the document `number` of the usual seller."""
    paper = Paper(rows=rows, kind="KOR", number=f"KOR/{number}", buyer=client.nip)
    kind = b"<RodzajFaktury>KOR</RodzajFaktury>"
    return store_xml(client, paper.xml().replace(kind, kind + named(number).encode()))[0]


def named(number: str) -> str:
    """The element that names the corrected document."""
    return f"<DaneFaKorygowanej><NrFaKorygowanej>{number}</NrFaKorygowanej></DaneFaKorygowanej>"


@pytest.mark.django_db
class TestCorrections:
    def test_a_correction_follows_the_posting_of_its_original(
        self, client_firm: Client, anna: Operator
    ) -> None:
        original = purchase(client_firm, number="F/1", rows=[STRANGE])
        approve(original, [line(original, account="402-09", cost_centre="")], operator=anna)
        dekret = correction(client_firm, "F/1", [Row(STRANGE.text, Decimal("-50.00"))])
        (only,) = proposed(dekret)
        assert (only.account, only.net, dekret.confidence) == ("402-09", Decimal("-50.00"), 97)
        assert dekret.reason == "Korekta: jak faktura F/1, którą poprawia."
        assert dekret.state == "to_approve"
        (link,) = links_of(client_firm.pk, original.invoice_id)
        assert (link.kind, link.invoice_id) == ("correction", dekret.invoice_id)

    def test_rows_of_an_original_posted_differently_are_followed_one_by_one(
        self, client_firm: Client, anna: Operator
    ) -> None:
        rows = [STRANGE, Row("Rzecz niezwykła", Decimal("70.00"), "8")]
        original = purchase(client_firm, number="F/2", rows=rows)
        lines = [line(original, 1, account="402-09"), line(original, 2, account="401-07")]
        approve(original, lines, operator=anna)
        dekret = correction(client_firm, "F/2", [Row(rows[1].text, Decimal(-7), "8", number=2)])
        assert [found.account for found in proposed(dekret)] == ["401-07"]

    def test_a_correction_of_an_unknown_document_is_left_to_the_engine(
        self, client_firm: Client
    ) -> None:
        dekret = correction(client_firm, "NIE-MA", [Row(STRANGE.text, Decimal("-50.00"))])
        assert not links_of(client_firm.pk, dekret.invoice_id)
        assert "którą poprawia" not in dekret.reason

    @pytest.mark.parametrize(("effect", "month"), [("1", 9), ("2", 11)])
    def test_a_sales_correction_is_posted_in_the_month_that_it_names(
        self, client_firm: Client, anna: Operator, effect: str, month: int
    ) -> None:
        sold = date(2026, 9, 15)
        approve(sale(client_firm, number="S/1", issued=sold, rows=[STRANGE]), operator=anna)
        paper = Paper(
            rows=[Row(STRANGE.text, Decimal("-50.00"))],
            kind="KOR",
            number="KOR/S/1",
            seller=client_firm.nip,
            seller_name=client_firm.name,
            buyer="9990000018",
        )
        kind = b"<RodzajFaktury>KOR</RodzajFaktury>"
        said = f"<TypKorekty>{effect}</TypKorekty>{named('S/1')}".encode()
        dekret = store_xml(client_firm, paper.xml().replace(kind, kind + said), direction="sale")[0]
        assert approve(dekret, operator=anna).period == date(2026, month, 1)


def account(dekret_xml: bytes, number: str) -> bytes:
    payment = f"<Platnosc><RachunekBankowy><NrRB>{number}</NrRB></RachunekBankowy></Platnosc></Fa>"
    return dekret_xml.replace(b"</Fa>", payment.encode())


@pytest.mark.django_db
class TestWatching:
    def test_a_new_account_of_a_known_seller_is_told_once(self, client_firm: Client) -> None:
        usual, other = "11105000997603123456789123", "61109010140000071219812874"
        told = []
        for place, number in enumerate([usual, usual, other, other], 1):
            paper = Paper(buyer=client_firm.nip, number=f"R/{place}", rows=[FUEL])
            told += store_xml(client_firm, account(paper.xml(), number))
        assert [attention.ACCOUNT_CHANGED in fresh(dekret).warnings for dekret in told] == [
            False,
            False,
            True,
            False,
        ]

    def test_an_amount_far_above_the_sellers_usual_is_told(self, client_firm: Client) -> None:
        for number in range(4):
            purchase(client_firm, number=f"U/{number}", rows=[FUEL])
        big = purchase(client_firm, number="U/9", rows=[Row("Olej", Decimal("601.00"))])
        usual = purchase(client_firm, number="U/10", rows=[Row("Olej", Decimal("590.00"))])
        assert attention.UNUSUAL in fresh(big).warnings
        assert attention.UNUSUAL not in fresh(usual).warnings

    def test_a_large_invoice_without_split_payment_is_told(self, client_firm: Client) -> None:
        dear = purchase(client_firm, number="D/1", rows=[Row("Stal", Decimal("12196.00"))])
        cheap = purchase(client_firm, number="D/2", rows=[Row("Stal", Decimal("12195.12"))])
        assert attention.NO_SPLIT_PAYMENT in fresh(dear).warnings
        assert attention.NO_SPLIT_PAYMENT not in fresh(cheap).warnings

    def test_an_entry_in_a_catalogue_from_a_stranger_is_suspicious(
        self, client_firm: Client
    ) -> None:
        row = Row("Opłata za wpis do Rejestru Firm", Decimal("250.00"))
        first, second = (purchase(client_firm, number=f"W/{n}", rows=[row]) for n in (1, 2))
        assert attention.SCAM in fresh(first).warnings
        assert attention.SCAM not in fresh(second).warnings
