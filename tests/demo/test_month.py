"""The invented month is what real KSeF would accept, and the same for the same seed and day."""

from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import ksef_client
import pytest
from lxml import etree

from obieg.core.ksef_number import is_ksef_number
from obieg.core.nip import is_nip
from obieg.demo.world.documents import Document
from obieg.demo.world.month import World
from obieg.demo.world.sums import gross_of, sums_of
from obieg.demo.world.xml import NAMESPACE, xml_of
from obieg.fa.check import check_invoice
from obieg.fa.parse import parse

TODAY = date(2026, 11, 21)
SCHEMAS = Path(ksef_client.__file__).parent / "documents/fa3/schemas"
FA = {"fa": NAMESPACE}


@pytest.fixture(scope="module")
def world() -> World:
    return World.of()


@pytest.fixture(scope="module")
def month(world: World) -> list[Document]:
    return world.month(TODAY)


@pytest.fixture(scope="module")
def trees(month: list[Document]) -> list[etree._Element]:
    return [etree.fromstring(xml_of(document)) for document in month]


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    class Local(etree.Resolver):
        def resolve(self, url: str, public_id: str, context: object) -> object:
            path = SCHEMAS / url.rsplit("/", 1)[-1]
            return self.resolve_filename(str(path), context) if path.exists() else None

    parser = etree.XMLParser()
    parser.resolvers.add(Local())
    return etree.XMLSchema(etree.parse(SCHEMAS / "schemat_FA(3)_v1-0E.xsd", parser))


def test_the_office_has_150_clients_with_invented_nips(world: World) -> None:
    numbers = {client.firm.nip for client in world.clients}
    assert len(numbers) == 150
    assert all(is_nip(number) and number.startswith("999") for number in numbers)


def test_no_nip_is_given_twice(world: World) -> None:
    firms = [client.firm.nip for client in world.clients]
    firms += [s.firm.nip for sellers in world.suppliers.values() for s in sellers]
    firms += [buyer.nip for buyer in world.buyers]
    assert len(firms) == len(set(firms))


def test_bank_accounts_have_right_check_digits(world: World) -> None:
    number = world.clients[0].firm.account
    assert len(number) == 26
    assert int(f"{number[2:]}2521{number[:2]}") % 97 == 1


def test_a_month_holds_4500_sales_and_7500_purchases(month: list[Document]) -> None:
    assert Counter(d.direction for d in month) == {"purchase": 7500, "sale": 4500}


def test_every_kind_and_rate_occurs(month: list[Document]) -> None:
    assert {d.kind for d in month} == {"VAT", "KOR", "ZAL", "ROZ", "UPR"}
    rates = {line.rate for d in month for line in d.lines}
    assert rates == {"23", "8", "5", "0 WDT", "zw", "oo", "np II"}
    assert {d.currency for d in month} == {"PLN", "EUR"}


def test_every_invoice_is_valid_by_the_schema(
    trees: list[etree._Element], schema: etree.XMLSchema
) -> None:
    invalid = [tree for tree in trees if not schema.validate(tree)]
    assert not invalid, schema.error_log.last_error


def test_sums_are_right_to_the_grosz(trees: list[etree._Element]) -> None:
    for tree in trees:
        parts = tree.xpath(
            "//fa:Fa/*[starts-with(local-name(), 'P_13_') or"
            " (starts-with(local-name(), 'P_14_') and not(contains(local-name(), 'W')))]/text()",
            namespaces=FA,
        )
        total = tree.findtext(".//fa:Fa/fa:P_15", namespaces=FA)
        assert sum(map(Decimal, parts)) == Decimal(total)


def test_lines_are_quantity_times_price_less_the_discount(month: list[Document]) -> None:
    for document in month:
        for line in document.lines:
            exact = line.quantity * line.price - line.discount
            assert abs(exact - line.amount) <= Decimal("0.005")


def test_tax_is_the_base_times_the_rate(month: list[Document]) -> None:
    for document in month:
        for rate, (net, tax) in sums_of(document).items():
            expected = net * int(rate) / 100 if rate.isdigit() else 0
            assert abs(tax - expected) < Decimal("0.02")


def test_corrections_name_a_right_ksef_number(month: list[Document]) -> None:
    corrections = [d.corrected for d in month if d.kind == "KOR"]
    assert corrections
    assert all(c and is_ksef_number(c.ksef_number) for c in corrections)


def test_corrections_come_by_difference_and_before_and_after(month: list[Document]) -> None:
    corrections = [d for d in month if d.kind == "KOR"]
    assert {any(line.before for line in d.lines) for d in corrections} == {True, False}


def test_a_settlement_is_the_remainder(month: list[Document]) -> None:
    for document in month:
        if document.kind == "ROZ":
            assert gross_of(sums_of(document)) > 0
            assert document.advance > 0


def test_the_amount_to_pay_differs_where_a_balance_is_carried(
    month: list[Document], trees: list[etree._Element]
) -> None:
    assert sum(d.balance is not None for d in month) > 50
    for document, tree in zip(month, trees, strict=True):
        to_pay = tree.findtext(".//fa:DoZaplaty", namespaces=FA)
        assert (to_pay is not None) == (document.balance is not None)


def test_split_payment_is_marked_over_15000(trees: list[etree._Element]) -> None:
    marked = [t for t in trees if t.findtext(".//fa:P_18A", namespaces=FA) == "1"]
    assert marked
    assert all(Decimal(t.findtext(".//fa:P_15", namespaces=FA)) > 15000 for t in marked)


def test_numbers_are_unique_by_seller_and_kind(month: list[Document]) -> None:
    assert len({(d.seller.nip, d.kind, d.number) for d in month}) == len(month)


def test_no_invoice_is_dated_outside_the_month(month: list[Document]) -> None:
    assert max(d.issued for d in month) == TODAY
    assert min(d.issued for d in month) == date(2026, 10, 23)


def test_the_same_seed_and_day_give_the_same_bytes(month: list[Document]) -> None:
    again = World.of().month(TODAY)
    assert [xml_of(d) for d in again[::50]] == [xml_of(d) for d in month[::50]]


def test_every_line_is_posted(month: list[Document]) -> None:
    for document in month:
        assert {line.number for line in document.lines} <= set(document.truth)


def test_firms_exempt_from_vat_deduct_none(month: list[Document]) -> None:
    exempt = [d for d in month if d.direction == "purchase" and d.client.vat_period == "exempt"]
    assert {t.deductible_percent for d in exempt for t in d.truth.values()} == {0}


def test_our_own_checks_find_nothing_wrong(month: list[Document]) -> None:
    found = {
        finding.code
        for document in month[::10]
        for finding in check_invoice(parse(xml_of(document)), today=document.issued)
    }
    assert not found
