"""Documents that are refused, each with an error that tells the reader what is wrong."""

import pytest

from obieg.core.errors import UserFixable
from obieg.fa.document import MAX_BYTES
from obieg.fa.errors import (
    EmptyDocument,
    ForbiddenDoctype,
    MalformedXml,
    NotAnInvoice,
    TooLarge,
    UnreadableField,
    UnreadableInvoice,
    UnsupportedDocument,
    WrongEncoding,
)
from obieg.fa.parse import parse
from tests.reference import REFERENCE, needs_reference, samples

FA3 = "http://crd.gov.pl/wzor/2025/06/25/13775/"


@needs_reference
@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("xxe-lokalny", ForbiddenDoctype),
        ("bomba-entyfikacyjna", ForbiddenDoctype),
        ("13-malformed-xml", MalformedXml),
        ("kodowanie-niezgodne", WrongEncoding),
    ],
)
def test_refuses_hostile_documents(name: str, error: type[UnreadableInvoice]) -> None:
    with pytest.raises(error):
        parse((REFERENCE / f"samples/hostile/{name}.xml").read_bytes())


@needs_reference
def test_no_hostile_sample_is_forgotten() -> None:
    assert len(samples("hostile")) == 4


@needs_reference
@pytest.mark.parametrize(
    ("folder", "kind"), [("fa_rr", "faktura VAT RR"), ("pef", "faktura PEF"), ("upo", "UPO")]
)
def test_names_the_kind_of_document_that_it_does_not_read(folder: str, kind: str) -> None:
    for sample in samples(folder):
        with pytest.raises(UnsupportedDocument, match=kind):
            parse(sample.read_bytes())


@pytest.mark.parametrize(
    ("xml", "error"),
    [
        (b"", EmptyDocument),
        (b"   ", MalformedXml),
        (b"%PDF-1.7 not xml at all", MalformedXml),
        (b"<a/>" + b" " * MAX_BYTES, TooLarge),
        (b"<html><body/></html>", NotAnInvoice),
        (b"<Faktura/>", UnsupportedDocument),
        (f'<Faktura xmlns="{FA3}"><Fa>'.encode(), MalformedXml),
        (f'<Zamowienie xmlns="{FA3}"/>'.encode(), NotAnInvoice),
        (f'<!DOCTYPE Faktura><Faktura xmlns="{FA3}"/>'.encode(), ForbiddenDoctype),
        (f'<!DOCTYPE Faktura SYSTEM "x"><Faktura xmlns="{FA3}"/>'.encode(), ForbiddenDoctype),
        (f'<Faktura xmlns="{FA3}"/>'.encode("utf-16"), WrongEncoding),
        ("<Faktura>ż</Faktura>".encode("cp1250"), MalformedXml),
        ("<a>" * 300 + "</a>" * 300, MalformedXml),
    ],
)
def test_refuses_what_is_no_invoice(xml: bytes | str, error: type[UnreadableInvoice]) -> None:
    with pytest.raises(error) as caught:
        parse(xml.encode() if isinstance(xml, str) else xml)

    assert isinstance(caught.value, UserFixable)
    assert str(caught.value).endswith((".", "FA(2)."))


@pytest.mark.parametrize(
    "amount", ["1 234.56", "1,5", "NaN", "Infinity", "1e3", "1_000", "٣", "0x10", "--1"]
)
def test_takes_nothing_for_an_amount_that_is_not_one(amount: str) -> None:
    with pytest.raises(UnreadableField, match="P_15"):
        parse(minimal(P_15=amount))


@pytest.mark.parametrize("day", ["2026-13-01", "20260101", "2026-W01-1", "01.02.2026"])
def test_takes_nothing_for_a_day_that_is_not_one(day: str) -> None:
    with pytest.raises(UnreadableField, match="P_1 "):
        parse(minimal(P_1=day))


@pytest.mark.parametrize(
    ("amount", "text"), [("-0.10", "-0.10"), (" 12.5\n", "12.5"), ("2051", "2051")]
)
def test_keeps_an_amount_exactly_as_written(amount: str, text: str) -> None:
    assert str(parse(minimal(P_15=amount)).total) == text


def test_reads_through_comments_instructions_and_sections_of_characters() -> None:
    xml = minimal(P_2="A<!-- nie -->B<![CDATA[ & C]]>").replace(b"<Fa>", b"<?x y?><Fa>")

    assert parse(xml).number == "AB & C"


def test_collapses_white_space_but_keeps_the_hard_space() -> None:
    assert parse(minimal(P_2="\n  FV\t 1\u00a02 ")).number == "FV 1\u00a02"


def minimal(**fields: str) -> bytes:
    values = {
        "KodWaluty": "PLN",
        "P_1": "2026-11-21",
        "P_2": "FV 1",
        "P_15": "10",
        "RodzajFaktury": "VAT",
    } | fields
    inside = "".join(f"<{name}>{value}</{name}>" for name, value in values.items())
    return f'<Faktura xmlns="{FA3}"><Podmiot1/><Podmiot2/><Fa>{inside}</Fa></Faktura>'.encode()
