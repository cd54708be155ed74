"""A declaration adds up what a taxpayer and its units posted, and says what it could not see."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client as Visitor
from django.urls import reverse

from obieg.office.models import Client, Operator, UnitKind
from obieg.posting.charts import apply_template
from obieg.posting.decisions import approve
from obieg.posting.together import of_taxpayer
from tests.office.units import a_branch
from tests.posting.factories import ClientFactory, OperatorFactory, purchase
from tests.posting.papers import Row

NOVEMBER = date(2026, 11, 1)
pytestmark = pytest.mark.django_db


def posted(client: Client, net: str, operator: Operator) -> None:
    approve(purchase(client, rows=[Row("Olej napędowy", Decimal(net))]), operator=operator)


@pytest.fixture
def ewa() -> Operator:
    return OperatorFactory(owner=True)


@pytest.fixture
def head(ewa: Operator) -> Client:
    head = ClientFactory()
    posted(head, "100.00", ewa)
    return head


@pytest.fixture
def unit(head: Client, ewa: Operator) -> Client:
    unit = a_branch(head)
    apply_template(unit)
    posted(unit, "200.00", ewa)
    return unit


def test_the_registers_of_head_and_unit_are_summed(
    head: Client, unit: Client, ewa: Operator
) -> None:
    found = of_taxpayer(head, NOVEMBER, ewa)
    assert found is not None
    assert [(row.vat_rate, row.net, row.vat) for row in found.sums] == [
        ("23", Decimal("300.00"), Decimal("69.00"))
    ]
    assert (list(found.units), found.unseen) == ([unit], 0)
    assert found.balance == -sum(row.deducted for row in found.sums)


def test_a_branch_that_is_a_taxpayer_itself_is_not_added(
    head: Client, unit: Client, ewa: Operator
) -> None:
    own = a_branch(head, "Spółka córka", nip="9990000090", unit_kind=UnitKind.OWN)
    apply_template(own)
    posted(own, "400.00", ewa)
    found = of_taxpayer(head, NOVEMBER, ewa)
    assert found is not None
    assert found.sums[0].net == Decimal("300.00")


def test_nothing_is_added_without_units_or_at_a_unit(unit: Client, ewa: Operator) -> None:
    assert of_taxpayer(ClientFactory(), NOVEMBER, ewa) is None
    assert of_taxpayer(unit, NOVEMBER, ewa) is None


def test_what_one_may_not_see_is_left_out_and_told(head: Client, unit: Client) -> None:
    ola = OperatorFactory()
    ola.clients.add(head)
    found = of_taxpayer(head, NOVEMBER, ola)
    assert found is not None
    assert found.sums[0].net == Decimal("100.00")
    assert (list(found.units), found.unseen) == ([], 1)
    visitor = Visitor()
    visitor.force_login(ola)
    page = visitor.get(reverse("books-registers"), {"klient": head.pk, "okres": "2026-11"})
    assert "suma jest niepełna" in page.content.decode()


def test_the_page_leads_to_the_unit_s_registers(head: Client, unit: Client, ewa: Operator) -> None:
    visitor = Visitor()
    visitor.force_login(ewa)
    asked = {"klient": head.pk, "okres": "2026-11"}
    text = visitor.get(reverse("books-registers"), asked).content.decode()
    assert "Razem z oddziałami" in text
    assert "300,00" in text
    assert f"klient={unit.pk}&amp;okres=2026-11" in text
