"""Papers joined to one file lose nothing: pages, tags, bookmarks, links and XML of each."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject

from obieg.fa.pdf import Code, invoice_pdf, together, upo_pdf
from tests.fa.pdf.reading import reader, squeezed
from tests.fa.pdf.test_archive import UPO
from tests.fa.pdf.test_values import SAMPLES
from tests.reference import needs_reference

pytestmark = needs_reference

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
HARD = "Faktura (1 0 R) i (((2 0 R)) oraz <4 0 R> \\"


@pytest.fixture(scope="module")
def papers() -> list[bytes]:
    return [paper_of(path, place) for place, path in enumerate(SAMPLES[:8])]


@pytest.fixture(scope="module")
def joint(papers: list[bytes]) -> PdfReader:
    return reader(together(papers, title="8 faktur", at=AT))


def paper_of(path: Path, place: int) -> bytes:
    code = Code(f"https://qr-test.ksef.mf.gov.pl/invoice/{place}", "OFFLINE")
    return invoice_pdf(path.read_bytes(), codes=[code], note=HARD)


def test_has_the_pages_of_all_each_with_its_own_number(
    papers: list[bytes], joint: PdfReader
) -> None:
    apart = [page.extract_text() for pdf in papers for page in reader(pdf).pages]

    assert [page.extract_text() for page in joint.pages] == apart
    assert squeezed("strona 1 z 1") in squeezed(joint.pages[0].extract_text())


def test_draws_the_same_pages(papers: list[bytes], joint: PdfReader) -> None:
    apart = [page.get_contents() for pdf in papers for page in reader(pdf).pages]

    for page, alone in zip(joint.pages, apart, strict=True):
        drawn = page.get_contents()
        assert drawn is not None
        assert alone is not None
        assert drawn.get_data() == alone.get_data()


def test_carries_the_xml_of_each(joint: PdfReader) -> None:
    found = [one.get_object()["/EF"]["/F"].get_object().get_data() for one in files_of(joint)]

    assert found == [path.read_bytes() for path in SAMPLES[:8]]


def test_says_what_it_is(joint: PdfReader) -> None:
    assert joint.metadata is not None
    assert joint.metadata.title == "8 faktur"
    xmp = joint.root_object["/Metadata"].get_object().get_data().decode()
    assert re.search(r"pdfaid:part>3<", xmp)
    assert re.search(r"pdfaid:conformance>A<", xmp)
    assert f"<xmpTPg:NPages>{len(joint.pages)}<" in xmp
    assert "8 faktur" in xmp


def test_tags_lead_to_the_page_that_they_stand_on(joint: PdfReader) -> None:
    root = joint.root_object["/StructTreeRoot"]
    numbers = root["/ParentTree"]["/Nums"]
    by_key = dict(zip(numbers[::2], numbers[1::2], strict=True))

    assert len(by_key) == len(numbers) // 2  # no key twice
    for page in joint.pages:
        for element in by_key[page["/StructParents"]].get_object():
            assert page.indirect_reference in pages_of(element.get_object())
        for link in page.get("/Annots", ()):
            assert by_key[link.get_object()["/StructParent"]].get_object()["/S"] == "/Link"


def test_names_of_table_headings_are_told_apart(joint: PdfReader) -> None:
    names = joint.root_object["/StructTreeRoot"]["/IDTree"]["/Names"]
    keys = [str(name) for name in names[::2]]

    assert keys == sorted(set(keys))
    for name, heading in zip(names[::2], names[1::2], strict=True):
        assert heading.get_object()["/ID"] == name


def test_bookmarks_follow_each_other(papers: list[bytes], joint: PdfReader) -> None:
    apart = [entry for pdf in papers for entry in titles_of(reader(pdf))]

    assert titles_of(joint) == apart
    assert joint.root_object["/Outlines"]["/Count"] == len(papers)


def test_the_same_papers_give_the_same_bytes(papers: list[bytes]) -> None:
    first = together(papers[:2], title="2 faktury", at=AT)

    assert first == together(papers[:2], title="2 faktury", at=AT)


def test_every_reference_leads_somewhere(joint: PdfReader) -> None:
    seen: set[int] = set()
    waiting: list[object] = [joint.trailer]
    while waiting:
        one = waiting.pop()
        if isinstance(one, IndirectObject):
            if one.idnum in seen:
                continue
            seen.add(one.idnum)
            one = one.get_object()
            assert one is not None
        if isinstance(one, DictionaryObject):
            waiting += [one.raw_get(key) for key in one]
        elif isinstance(one, list):
            waiting += list.__iter__(one)


# long receipts are set in parts


def test_a_long_receipt_counts_its_pages_through_and_carries_its_xml_once() -> None:
    xml = receipt(700)

    found = reader(upo_pdf(xml))

    pages = [squeezed(page.extract_text()) for page in found.pages]
    assert [int(re.search(r"strona(\d+)$", page)[1]) for page in pages] == [  # type: ignore[index] # a page without it fails here
        *range(1, len(pages) + 1)
    ]
    assert squeezed("Przyjęte dokumenty: 700 dokumentów") in pages[0]
    assert squeezed("dokumenty 1–150") in pages[0]
    (attached,) = files_of(found)
    assert attached.get_object()["/EF"]["/F"].get_object().get_data() == xml
    text = "".join(pages)
    assert all(f"9997622510/{n}/2027" in text for n in range(700))


def test_what_all_entries_share_is_said_once_and_what_differs_at_each() -> None:
    alike = receipt(3)
    differing = alike.replace(
        b"<NipSprzedawcy>5265877635</NipSprzedawcy>",
        b"<NipSprzedawcy>9999999999</NipSprzedawcy>",
        1,
    )

    once = squeezed(reader(upo_pdf(alike)).pages[0].extract_text())
    each = squeezed(reader(upo_pdf(differing)).pages[0].extract_text())

    assert squeezed("NIP sprzedawcy (we wszystkich)") in once
    assert squeezed("NIP sprzedawcy (we wszystkich)") not in each
    assert "9999999999" in each


def receipt(entries: int) -> bytes:
    xml = UPO.read_text(encoding="utf-8")
    entry = xml[xml.index("<Dokument>") : xml.index("</Potwierdzenie>")]
    many = "".join(entry.replace("04/2027", f"{n}/2027") for n in range(entries))
    return xml.replace(entry, many).encode()


def files_of(pdf: PdfReader) -> list[IndirectObject]:
    return list(list.__iter__(pdf.root_object["/AF"]))


def titles_of(pdf: PdfReader) -> list[str]:
    """The titles of all bookmarks with the pages they lead to, in order."""
    found: list[str] = []

    def walk(outline: object, start: int) -> None:
        for entry in outline if isinstance(outline, list) else ():
            if isinstance(entry, list):
                walk(entry, start)
            else:
                found.append(str(entry.title))

    walk(pdf.outline, 0)
    return found


def pages_of(element: DictionaryObject) -> set[object]:
    """The pages that an element of the tree of tags, or its own content, names."""
    named = {element.raw_get("/Pg")} if "/Pg" in element else set()
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        one = kid.get_object() if isinstance(kid, IndirectObject) else kid
        if isinstance(one, DictionaryObject) and "/Pg" in one:
            named.add(one.raw_get("/Pg"))
    return named
