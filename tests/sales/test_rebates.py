"""Rebates for a period: another percentage for each rate, amounts, and chosen goods only."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client as Visitor
from django.urls import reverse

from obieg.office.models import Client
from obieg.sales import corrections
from obieg.sales.corrections import Rebate, rebate, sold_on
from obieg.sales.errors import RebateTooLarge, RebateTwice
from obieg.sales.models import Sale
from obieg.sales.totals import totals
from tests.sales.factories import a_buyer, a_client, a_content, a_line, an_issuer
from tests.sales.test_corrections import documents, issued
from tests.web.conftest import as_operator

pytestmark = pytest.mark.django_db

TEN, FIVE = Rebate(Decimal(10)), Rebate(Decimal(5))


@pytest.fixture
def client() -> Client:
    return a_client()


@pytest.fixture
def anna(client: Client) -> Visitor:
    return as_operator(an_issuer(client))


@pytest.fixture
def sales(client: Client) -> list[Sale]:
    """Paper at 23 % on both (200 + 200 net), a book at 5 % on the second (50 net)."""
    book = a_line(description="Książka", quantity=Decimal(1), price=Decimal(50), rate="5")
    return [issued(client), issued(client, a_content(lines=(a_line(), book)))]


def sums(content: Any) -> list[tuple[str, Decimal, Decimal | None]]:
    return [(one.rate, one.net, one.tax) for one in content.correction.sums]


def test_each_rate_has_its_own_percentage(sales: list[Sale], client: Client) -> None:
    sold = sold_on(sales)
    whole = sum((one.net for one in sold.rates if one.rate == "23"), Decimal(0))
    content = rebate(sales, by_rate={"23": TEN, "5": Rebate(amount=Decimal(20))}, by_good={})
    tenth = whole / 10
    assert sums(content) == [
        ("23", -tenth, -(tenth * 23 / 100).quantize(Decimal("0.01"))),
        ("5", Decimal("-20.00"), Decimal("-1.00")),
    ]
    assert content.lines == ()
    (document,) = documents(issued(client, content))
    assert document.total == totals(content).gross


def test_a_rate_without_a_rebate_stays(sales: list[Sale]) -> None:
    content = rebate(sales, by_rate={"5": FIVE}, by_good={})
    assert sums(content) == [("5", Decimal("-2.50"), Decimal("-0.13"))]  # 2,50 zł VAT, 5 %


def test_chosen_goods_are_named_in_rows_that_agree_with_the_sums(
    sales: list[Sale], client: Client
) -> None:
    goods = sold_on(sales).goods
    place = [one.description for one in goods].index("Książka")
    content = rebate(sales, by_rate={}, by_good={place: TEN}, period="październik 2026")
    assert [(one.description, one.amount) for one in content.lines] == [
        ("Książka", Decimal("-5.00"))
    ]
    assert sums(content) == [("5", Decimal("-5.00"), Decimal("-0.25"))]
    (document,) = documents(issued(client, content))
    assert document.total == Decimal("-5.25")
    assert len(document.correction.corrected) == 2


def test_goods_sold_on_several_invoices_are_one(sales: list[Sale]) -> None:
    names = [one.description for one in sold_on(sales).goods]
    assert len(names) == len(set(names))


def test_no_more_comes_off_than_was_sold_even_in_steps(sales: list[Sale], client: Client) -> None:
    issued(client, rebate(sales[1:], by_rate={"5": Rebate(amount=Decimal(40))}, by_good={}))
    with pytest.raises(RebateTooLarge):
        rebate(sales[1:], by_rate={"5": Rebate(amount=Decimal(20))}, by_good={})


def test_one_sale_is_not_lowered_in_two_ways(sales: list[Sale]) -> None:
    with pytest.raises(RebateTwice):
        rebate(sales, by_rate={"23": TEN}, by_good={0: TEN})


def test_nothing_comes_off_twice_by_an_offer_of_all_the_rows(sales: list[Sale]) -> None:
    all_goods = {place: Rebate(Decimal(100)) for place in range(len(sold_on(sales).goods))}
    content = rebate(sales, by_rate={}, by_good=all_goods)
    left = corrections.collective(sales, percent=Decimal(100))
    assert totals(content).gross == totals(left).gross


def test_the_page_asks_and_makes_the_draft(anna: Visitor, sales: list[Sale]) -> None:
    keys = [f"s{sale.pk}" for sale in sales]
    asked = anna.post(reverse("sales-selected"), {"act": "collective", "chosen": keys})
    assert "Sprzedano netto" in asked.content.decode()
    typed = {"chosen": keys, "rate-23-percent": "2,5", "rate-5-amount": "10", "period": "X 2026"}
    answer = anna.post(reverse("sales-rebate"), typed)
    made = Sale.objects.of_client(sales[0].client_id).order_by("pk").last()
    assert made
    assert answer["Location"] == reverse("sales-edit", args=[made.pk])
    assert [one["rate"] for one in made.content["correction"]["sums"]] == ["23", "5"]


def test_what_makes_no_sense_stays_as_typed_with_the_reason(
    anna: Visitor, sales: list[Sale]
) -> None:
    chosen = {"chosen": [f"s{sale.pk}" for sale in sales]}
    for typed, told in (
        ({"rate-23-percent": "120"}, "Od 0 do 100."),
        ({"rate-23-percent": "5", "rate-23-amount": "5"}, "Wpisz procent albo kwotę."),
        ({"rate-5-amount": "999"}, "sales.rebate_too_large"),
        ({"rate-5-amount": "1", "good-0-percent": "1"}, "sales.rebate_twice"),
    ):
        answer = anna.post(reverse("sales-rebate"), {**chosen, **typed})
        assert answer.status_code == 422
        assert told in answer.content.decode()


def test_invoices_of_two_buyers_are_refused_with_the_reason(anna: Visitor, client: Client) -> None:
    other = a_content(buyer=a_buyer(nip="9990511625"))
    both = [issued(client), issued(client, other)]
    keys = [f"s{one.pk}" for one in both]
    answer = anna.post(reverse("sales-selected"), {"act": "collective", "chosen": keys})
    assert "sales.different_buyers" in answer.content.decode()
