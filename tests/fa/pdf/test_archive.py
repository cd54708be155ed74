"""The file as an archive keeps it: PDF/A-3a, tagged, with its XML, the same at every making."""

import re
import threading
from io import BytesIO
from pathlib import Path

import pytest
import segno
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from obieg.fa.pdf import Code, UnreadableLogo, invoice_pdf, upo_pdf
from obieg.fa.upo import UnreadableUpo
from tests.fa.pdf.reading import reader, squeezed, text_of
from tests.fa.pdf.test_values import SAMPLES
from tests.reference import REFERENCE, needs_reference, samples

pytestmark = needs_reference

SAMPLE = REFERENCE / "samples/fa3/mf-fa3-przyklad-04.xml"
UPO = REFERENCE / "samples/upo/upo-faktura-kontekst-id-nip.xml"
KSEF = "9999999999-20260201-0123456789AB-CD"
CODE = Code("https://qr-test.ksef.mf.gov.pl/invoice/1111111111/01-02-2026/UtQp9Gpc51y", KSEF)
SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 3"><rect width="9" height="3"/></svg>'
)


def png() -> bytes:
    picture = BytesIO()
    segno.make("logo").save(picture, kind="png")
    return picture.getvalue()


PNG = png()


@pytest.fixture(scope="module")
def made() -> PdfReader:
    return reader(invoice_pdf(SAMPLE.read_bytes(), ksef_number=KSEF, codes=[CODE], logo=SVG))


def test_claims_pdf_a_3a_and_pdf_ua(made: PdfReader) -> None:
    metadata = made.root_object["/Metadata"].get_object().get_data().decode()

    assert re.search(r"pdfaid:part>3<", metadata)
    assert re.search(r"pdfaid:conformance>A<", metadata)
    assert re.search(r"pdfuaid:part>1<", metadata)


def test_is_tagged_and_polish(made: PdfReader) -> None:
    root = made.root_object

    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/Lang"].startswith("pl")
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    (intent,) = root["/OutputIntents"]
    assert intent.get_object()["/S"] == "/GTS_PDFA1"


def test_has_a_structure_that_a_reader_can_follow(made: PdfReader) -> None:
    kinds = set(kinds_of(made.root_object["/StructTreeRoot"]))

    assert {"/H1", "/H2", "/Table", "/THead", "/TH", "/TBody", "/TR", "/TD", "/Figure"} <= kinds


def test_knows_its_title_and_issuer(made: PdfReader) -> None:
    assert made.metadata is not None
    assert made.metadata.title == "Faktura FV2026/02/150"
    assert made.metadata.author == "ABC AGD sp. z o. o."


def test_embeds_every_font(made: PdfReader) -> None:
    for page in made.pages:
        for font in page["/Resources"]["/Font"].values():
            (inner,) = font.get_object()["/DescendantFonts"]
            described = inner.get_object()["/FontDescriptor"].get_object()
            assert {"/FontFile2", "/FontFile3"} & set(described)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_carries_the_very_bytes_of_its_xml(sample: Path) -> None:
    xml = sample.read_bytes()

    found = reader(invoice_pdf(xml, ksef_number=KSEF))

    (associated,) = found.root_object["/AF"]
    assert found.attachments == {f"{KSEF}.xml": [xml]}
    assert associated.get_object()["/AFRelationship"] == "/Source"


def test_keeps_the_mark_of_byte_order_of_the_xml() -> None:
    xml = b"\xef\xbb\xbf" + SAMPLE.read_bytes()

    assert reader(invoice_pdf(xml)).attachments == {"faktura.xml": [xml]}


def test_makes_the_same_bytes_of_the_same_invoice() -> None:
    xml = SAMPLE.read_bytes()

    assert invoice_pdf(xml, codes=[CODE]) == invoice_pdf(xml, codes=[CODE])


def test_works_in_threads_without_mixing_documents() -> None:
    xmls = [path.read_bytes() for path in SAMPLES[:12]]
    alone = [invoice_pdf(xml) for xml in xmls]
    made: dict[int, list[bytes]] = {}

    def work(thread: int) -> None:
        made[thread] = [invoice_pdf(xml) for xml in xmls]

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [made[n] for n in range(4)] == [alone] * 4


@pytest.mark.parametrize(
    "logo", [PNG, SVG, b'<?xml version="1.0"?>\n' + SVG], ids=["PNG", "SVG", "XML"]
)
def test_draws_a_logo(logo: bytes) -> None:
    kinds = list(
        kinds_of(reader(invoice_pdf(SAMPLE.read_bytes(), logo=logo)).root_object["/StructTreeRoot"])
    )

    assert kinds.count("/Figure") == 1


@pytest.mark.parametrize(
    "logo",
    [
        b"nothing",
        PNG[:50],
        b"\xff\xd8\xff broken",
        b"<svg",
        b'<svg xmlns="http://www.w3.org/2000/svg"><image href="/etc/hostname"/></svg>',
        PNG + b"\0" * 500_000,
    ],
    ids=["text", "cut", "JPEG", "SVG", "file", "large"],
)
def test_refuses_a_broken_logo_in_polish(logo: bytes) -> None:
    with pytest.raises(UnreadableLogo, match="Nie można odczytać logo"):
        invoice_pdf(SAMPLE.read_bytes(), logo=logo)


# receipts


@pytest.mark.parametrize("sample", samples("upo"), ids=lambda path: path.stem)
def test_prints_a_receipt_with_its_xml(sample: Path) -> None:
    xml = sample.read_bytes()

    pdf = upo_pdf(xml)

    text = text_of(pdf)
    for value in (
        "Ministerstwo Finansów",
        "36950822-93-9D5A28BFDA-47C899773E-5C",
        "kyqH+QUgP8ATWd/95IY632mP4uqibwG66Oqclq9+qno=",
        "5265877635-20250916-0200A0D6723E-C2",
        "FA/XVQUD-9997622510/04/2027",
        "16.09.2025 11:05:40",
        "16.09.2025 11:05:41",
        "GZMGNVzs3krF6URKgvaw77OOeG3nJ+WGziT5xguliQ8=",
    ):
        assert squeezed(value) in text
    assert list(reader(pdf).attachments.values()) == [[xml]]


def test_prints_every_entry_of_a_session() -> None:
    xml = UPO.read_text(encoding="utf-8")
    entry = xml[xml.index("<Dokument>") : xml.index("</Potwierdzenie>")]
    many = "".join(entry.replace("04/2027", f"{n}/2027") for n in range(300))

    pdf = upo_pdf(xml.replace(entry, many).encode())

    text = text_of(pdf)
    whole = sum(
        page.extract_text().count("5265877635-20250916-0200A0D6723E-C2")
        for page in reader(pdf).pages
    )
    assert whole == 300  # none is broken over lines
    assert all(f"9997622510/{n}/2027" in text for n in range(300))
    assert "300dokumentów" in text


def test_refuses_an_invoice_as_a_receipt() -> None:
    with pytest.raises(UnreadableUpo):
        upo_pdf(SAMPLE.read_bytes())


def kinds_of(node: object) -> list[str]:
    """The kinds of all elements of the structure tree."""
    found: list[str] = []
    waiting = [node]
    while waiting:
        one = waiting.pop()
        one = one.get_object() if hasattr(one, "get_object") else one
        if isinstance(one, DictionaryObject):
            if "/S" in one:
                found.append(str(one["/S"]))
            waiting.append(one.get("/K"))
        elif isinstance(one, list):
            waiting += one
    return found
