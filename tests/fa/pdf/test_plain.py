"""A plain document: what was given stands on the page, as text and never as markup."""

from datetime import UTC, datetime

from obieg.fa.pdf.plain import Facts, Paragraph, Table, plain_pdf
from tests.fa.pdf.reading import reader, squeezed

AT = datetime(2026, 11, 21, 10, tzinfo=UTC)
PARTS = (
    Facts([("Klient", "Orlik sp. z o.o."), ("NIP", "999-000-00-29")]),
    Table(
        ("Co", "Jak się skończyło"),
        [("Token „główny”", "unieważniono w KSeF"), ("Klucz #let x = 1", "$ nie jest *wzorem*")],
        title="Wyłączono",
    ),
    Paragraph("Podpisy stron.", title="Na koniec"),
)


def made(**options: object) -> bytes:
    return plain_pdf("Protokół zażółcony", PARTS, foot="Obieg, 21.11.2026", **options)


def words(pdf: bytes) -> str:
    return squeezed("".join(page.extract_text() for page in reader(pdf).pages))


def test_everything_given_is_on_the_page_and_nothing_is_markup() -> None:
    said = words(made(at=AT))
    for text in (
        *("Protokół zażółcony", "999-000-00-29", "Jak się skończyło", "Token „główny”"),
        *("Klucz #let x = 1", "$ nie jest *wzorem*", "Na koniec", "Obieg, 21.11.2026", "strona 1"),
    ):
        assert squeezed(text) in said


def test_the_same_input_gives_the_same_bytes_dated_or_not() -> None:
    assert made(at=AT) == made(at=AT)
    assert made() == made()
    assert made(at=AT) != made()


def test_a_dated_one_is_for_the_archive() -> None:
    metadata = reader(made(at=AT)).root_object["/Metadata"].get_object().get_data().decode()
    assert "<pdfaid:part>3</pdfaid:part>" in metadata
    assert "pdfaid:part" not in (
        reader(made()).root_object["/Metadata"].get_object().get_data().decode()
    )


def test_a_wide_table_lies_on_its_side_and_an_empty_one_has_its_headings() -> None:
    headings = [f"Kolumna numer {place}" for place in range(12)]
    wide = Table(headings, [[f"wartość w kolumnie {place}" for place in range(12)]])
    box = reader(plain_pdf("Szeroki", [wide], foot="x")).pages[0].mediabox
    assert box.width > box.height
    assert squeezed("Brak tu") in words(plain_pdf("Pusty", [Table(("Brak tu",), [])], foot="x"))


def test_letters_that_no_font_has_are_said_to_be_replaced() -> None:
    said = words(plain_pdf("Znaki", [Paragraph("nazwa \U0001f9fe koniec")], foot="x"))
    assert squeezed("zastąpiono znakiem □") in said
    assert "XML" not in said
