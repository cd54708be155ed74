"""Writing FA(3): what is built is read back the same, and the official schema accepts it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from obieg.fa.build import UnknownElements, UnwritableText, build
from obieg.fa.model import Buyer, Invoice, Leaf, Seller
from obieg.fa.parse import parse
from obieg.fa.schema import check_schema
from obieg.fa.shape import Field, fields_of
from obieg.fa.view import view
from tests.fa.strategies import filled, valid_invoices
from tests.fa.xml import INVOICES, leaves, root_of
from tests.reference import needs_reference, samples

generous = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


BARE = Invoice(
    seller=Seller(),
    buyer=Buyer(),
    currency="PLN",
    issue_date=date(2026, 11, 21),
    number="FV 1",
    total=Decimal(0),
    kind="VAT",
)


@pytest.mark.parametrize("field", fields_of(Invoice), ids=lambda field: field.name)
@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_reads_back_whatever_was_built(field: Field, data: st.DataObject) -> None:
    invoice = replace(BARE, **{field.name: data.draw(filled(field))})

    assert parse(build(invoice)) == invoice


@generous
@given(valid_invoices())
def test_builds_what_the_official_schema_accepts(invoice: Invoice) -> None:
    xml = build(invoice)

    assert check_schema(xml) == ()
    assert parse(xml) == invoice


@generous
@given(valid_invoices())
def test_shows_any_invoice(invoice: Invoice) -> None:
    assert invoice.number in view(invoice).title


@needs_reference
@pytest.mark.parametrize("sample", samples(*INVOICES), ids=lambda path: path.stem)
def test_rebuilds_a_sample_to_the_same_meaning(sample: Path, tmp_path: Path) -> None:
    invoice = parse(sample.read_bytes())
    rebuilt = tmp_path / "rebuilt.xml"
    rebuilt.write_bytes(build(replace(invoice, rest=())))

    assert parse(rebuilt.read_bytes()) == replace(invoice, rest=())
    if not invoice.rest:
        assert sorted(places(rebuilt)) == sorted(places(sample))


def places(document: Path) -> list[str]:
    return [path for path, _ in leaves(root_of(document))]


@needs_reference
@pytest.mark.parametrize("sample", samples("fa3"), ids=lambda path: path.stem)
def test_rebuilds_a_valid_sample_to_a_valid_document(sample: Path) -> None:
    assert check_schema(build(parse(sample.read_bytes()))) == ()


@needs_reference
def test_refuses_characters_that_xml_cannot_carry() -> None:
    invoice = parse(samples("fa3")[0].read_bytes())

    with pytest.raises(UnwritableText, match="P_2"):
        build(replace(invoice, number="FV\x00 1"))


def test_never_leaves_out_in_silence_what_the_schema_has_no_place_for() -> None:
    odd = replace(BARE, rest=(Leaf(path="Fa/Nowe", text="1"),))

    with pytest.raises(UnknownElements, match="Fa/Nowe"):
        build(odd)
    assert parse(build(replace(odd, rest=()))) == BARE
