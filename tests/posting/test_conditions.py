"""A rule speaks only where every condition that it gives holds."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from obieg.fa.model import ExtraDescription
from obieg.fa.model.terms import PurchaseOrder, Terms
from obieg.fa.parse import parse
from obieg.posting.conditions import matches
from obieg.posting.models import Rule
from obieg.posting.proposing import case_of
from obieg.posting.suggestion import Case
from tests.posting.papers import Paper, Row

PAPER = Paper(
    rows=[Row("Tankowanie pojazdu WA 12345", Decimal("-200.00")), Row("Myjnia", Decimal(30), "8")]
)


def case(**changes: object) -> Case:
    invoice = parse(PAPER.xml())
    first, second = invoice.lines
    coded = replace(first, gtin="5901234123457", pkwiu="47.30.Z", cn="2710 19 43", gtu="GTU_02")
    facts = (ExtraDescription(line_number=2, key="Licznik", value="nr 000-123-77 taryfa"),)
    known = replace(
        invoice,
        lines=(coded, second),
        extra=facts,
        terms=Terms(orders=(PurchaseOrder(number="ZAM/2026/0077"),)),
    )
    return case_of(1, "purchase", replace(known, **changes))


def fits(**conditions: object) -> list[bool]:
    """Whether a rule with these conditions speaks of the first and of the second row."""
    rule = Rule(direction="purchase", account="1", **conditions)
    document = case()
    return [matches(rule, document, part) for part in document.parts]


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({}, [True, True]),
        ({"seller_nip": "9990000018"}, [True, True]),
        ({"seller_nip": "9990000024"}, [False, False]),
        ({"text": "TANKOWANIE"}, [True, False]),
        ({"text": "tankowanie", "vat_rate": "8"}, [False, False]),
        ({"vat_rate": "8"}, [False, True]),
        ({"kind": "VAT"}, [True, True]),
        ({"kind": "KOR"}, [False, False]),
        ({"amount_from": Decimal("30.00")}, [True, True]),
        ({"amount_from": Decimal("30.01")}, [True, False]),  # without the sign
        ({"amount_to": Decimal("30.00")}, [False, True]),
        ({"gtin": "5901234123457"}, [True, False]),
        ({"gtin": "590123412345"}, [False, False]),
        ({"pkwiu": "47.3"}, [True, False]),
        ({"cn": "27101943"}, [True, False]),
        ({"cn": "271020"}, [False, False]),
        ({"gtu": "GTU_02"}, [True, False]),
        ({"gtu": "GTU_01"}, [False, False]),
        ({"plate": "WA12345"}, [True, False]),
        ({"plate": "wa 12345"}, [True, False]),
        ({"plate": "WA1234"}, [False, False]),
        ({"plate": "A12345"}, [False, False]),
        ({"reference": "00012377"}, [False, True]),  # said of the second row only
        ({"reference": "123"}, [False, False]),
        ({"reference": "ZAM/2026/0077"}, [True, True]),
        ({"valid_from": date(2026, 11, 3), "valid_to": date(2026, 11, 3)}, [True, True]),
        ({"valid_from": date(2026, 11, 4)}, [False, False]),
        ({"valid_to": date(2026, 11, 2)}, [False, False]),
    ],
)
def test_a_condition_holds_exactly_where_the_document_says_so(
    conditions: dict[str, object], expected: list[bool]
) -> None:
    assert fits(**conditions) == expected


def test_a_rule_of_sales_says_nothing_of_purchases() -> None:
    document = case()
    rule = Rule(direction="sale", account="1")
    assert not any(matches(rule, document, part) for part in document.parts)
