"""Whatever the model can hold can be printed, and each of its values is on the paper."""

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from obieg.fa.build import build
from obieg.fa.model import Buyer, Invoice, Seller
from obieg.fa.pdf import invoice_pdf
from obieg.fa.pdf.letters import legible
from obieg.fa.shape import Field, fields_of
from obieg.fa.view import view
from tests.fa.pdf.reading import text_of
from tests.fa.pdf.test_values import times_said, values_of
from tests.fa.strategies import filled, valid_invoices

BARE = Invoice(
    seller=Seller(),
    buyer=Buyer(),
    currency="PLN",
    issue_date=date(2026, 11, 21),
    number="FV 1",
    total=Decimal(0),
    kind="VAT",
)


@settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))
@given(invoice=valid_invoices(), bilingual=st.booleans())
def test_prints_every_value_of_a_valid_invoice(invoice: Invoice, *, bilingual: bool) -> None:
    xml = build(invoice)

    pdf = text_of(invoice_pdf(xml, bilingual=bilingual))

    found = Counter(values_of(view(xml)))
    said = {value for value in found if legible(value[1]) == value[1]}
    assert [value for value in said if not times_said(pdf, value)] == []


@pytest.mark.parametrize("field", fields_of(Invoice), ids=lambda field: field.name)
@settings(deadline=None, max_examples=5, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_prints_whatever_a_field_holds(field: Field, data: st.DataObject) -> None:
    invoice = replace(BARE, **{field.name: data.draw(filled(field))})

    assert invoice_pdf(build(invoice)).startswith(b"%PDF-")
