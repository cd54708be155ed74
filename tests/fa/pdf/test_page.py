"""What stands on the paper, and how it behaves with too much, too long and too strange texts."""

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from obieg.fa.errors import UnreadableInvoice
from obieg.fa.pdf import Code, invoice_pdf
from obieg.fa.pdf.compiler import typeset
from obieg.fa.pdf.english import ENGLISH, VALUES
from obieg.fa.pdf.letters import PRINTABLE, SUBSTITUTED, legible
from obieg.fa.view import view
from obieg.fa.view.labels import LABELS
from tests.fa.pdf.reading import reader, squeezed, text_of
from tests.fa.pdf.test_values import SAMPLES, all_sections
from tests.reference import REFERENCE, needs_reference, samples

pytestmark = needs_reference

FA3 = REFERENCE / "samples/fa3"
KSEF = "9999999999-20260201-0123456789AB-CD"
LINK = "https://qr-test.ksef.mf.gov.pl/invoice/1111111111/01-02-2026/UtQp9Gpc51y-u3xApZjIjgk"
PRODUCT = "lodówka Zimnotech mk1"


def test_shows_the_amount_due_where_it_differs_from_the_total() -> None:
    text = page("mf-fa3-przyklad-26")

    assert "Do zapłaty 36,50 zł" in text
    assert "Należność ogółem 31,50 zł" in text


def test_says_paid_where_nothing_is_left_to_pay() -> None:
    text = page("mf-fa3-przyklad-01")

    assert "Zapłacono 27.01.2026" in text
    assert "Do zapłaty" not in text


def test_says_what_is_left_after_partial_payments() -> None:
    text = page("mf-fa3-przyklad-08")

    assert "Należność ogółem 15 000,00 zł" in text
    assert "Zapłacono: 10 000,00 zł · Pozostaje do zapłaty: 5 000,00 zł" in text
    assert "30 Dzień od: Otrzymanie faktury" in text


def test_shows_a_correction_by_states_and_their_difference() -> None:
    text = page("mf-fa3-przyklad-02")

    states = [text.index(title) for title in ("Stan przed korektą", "Stan po korekcie", "Różnice")]
    assert states == sorted(states)
    assert "Do zwrotu 200,00 zł" in text
    assert "9999999999-20230908-8BEF280C8D35-4D" in text


def test_names_the_ksef_numbers_of_the_advances() -> None:
    assert "9999999999-20230908-8BEF280C8D35-4D" in page("mf-fa3-przyklad-14")


def test_says_loudly_what_the_law_wants_to_be_said() -> None:
    xml = sample_with("<P_18A>2</P_18A>", "<P_18A>1</P_18A>")

    (text,) = pages(invoice_pdf(xml))

    assert (
        "\nMechanizm podzielonej płatności" in text or "Mechanizm podzielonej płatności\n" in text
    )


def test_puts_the_note_under_the_title() -> None:
    pdf = invoice_pdf(sample("mf-fa3-przyklad-01"), note="Wystawiona w trybie offline24")

    assert "FV2026/02/150\nWystawiona w trybie offline24\n" in pages(pdf)[0]


def test_draws_codes_with_their_labels_beneath() -> None:
    codes = [Code(LINK, "OFFLINE"), Code(LINK + "/" + "a" * 430, "CERTYFIKAT")]

    pdf = invoice_pdf(sample("mf-fa3-przyklad-01"), codes=codes)

    (text,) = pages(pdf)
    assert text.index("OFFLINE") < text.index("CERTYFIKAT")
    links = [note.get_object()["/A"]["/URI"] for note in reader(pdf).pages[0]["/Annots"]]
    assert links == [code.link for code in codes]


def test_numbers_the_pages_and_repeats_the_heading_of_the_table() -> None:
    first, *others = pages(invoice_pdf(with_rows(60), ksef_number=KSEF))

    assert f"strona 1 z {len(others) + 1}" in first
    assert f"strona 2 z {len(others) + 1}" in others[0]
    assert all("Nazwa towaru lub usługi" in text for text in (first, others[0]))
    assert all(KSEF in text for text in others)


@pytest.mark.parametrize(
    "stem", [f"mf-fa3-przyklad-{number:02}" for number in (1, 2, 5, 8, 9, 10, 12, 14, 15, 26)]
)
def test_fits_ordinary_invoices_on_a_page(stem: str) -> None:
    pdf = invoice_pdf(sample(stem), ksef_number=KSEF, codes=[Code(LINK, KSEF)])

    assert len(reader(pdf).pages) == 1


def test_sets_a_thousand_rows_in_seconds() -> None:
    xml = with_rows(1_000)
    started = time.monotonic()

    text = text_of(invoice_pdf(xml))

    assert time.monotonic() - started < 20
    assert all(squeezed(f"{PRODUCT} nr {number}!") in text for number in range(1_000))


@pytest.mark.parametrize(
    "hostile",
    [
        '#panic("x")',
        "*a* _b_ `c` $d$ = e @f [g] \\h // i /* j */",
        '"); #import "x.typ"',
        "#sys.inputs.xml",
        "<label> {{ }} %s",
    ],
)
def test_prints_markup_as_it_was_written(hostile: str) -> None:
    escaped = hostile.replace("&", "&amp;").replace("<", "&lt;")

    assert squeezed(hostile) in text_of(invoice_pdf(sample_with(PRODUCT, escaped)))


def test_wraps_words_that_never_end() -> None:
    endless = "x" * 500

    pdf = invoice_pdf(sample_with(PRODUCT, endless))

    assert endless in text_of(pdf)
    assert max(line.count("x") for line in pages(pdf)[0].split("\n")) < 100


def test_breaks_a_row_that_is_longer_than_a_page() -> None:
    endless = "bardzo długi opis " * 500

    found = pages(invoice_pdf(sample_with(PRODUCT, endless)))

    assert sum(text.count("bardzo") for text in found) == 500


def test_prints_cyrillic_and_greek() -> None:
    words = "Кириллица Ελληνικά č ş ő № € ½"

    text = text_of(invoice_pdf(sample_with(PRODUCT, words)))

    assert squeezed(words) in text
    assert squeezed(SUBSTITUTED) not in text


def test_says_where_letters_had_to_be_replaced() -> None:
    text = text_of(invoice_pdf(sample_with(PRODUCT, "漢字 zażółć 😀 \ue000")))

    assert "□□zażółć□□" in text
    assert squeezed(SUBSTITUTED) in text


def test_has_every_letter_that_it_promises() -> None:
    promised = [chr(code) for code in range(32, 0x10000) if not 0xD800 <= code < 0xE000]
    letters = " ".join(c for c in promised if legible(c) == c)

    assert len(letters) > 1_500, PRINTABLE
    invoice_pdf(sample_with(PRODUCT, letters.replace("&", "&amp;").replace("<", "&lt;")))


def test_writes_english_beside_polish() -> None:
    text = pages(invoice_pdf(sample("mf-fa3-przyklad-04"), bilingual=True))[0]

    for words in ("Faktura / Invoice", "Sprzedawca / Seller", "Do zapłaty / Amount due"):
        assert words in text
    assert "przelew / bank transfer" in text
    assert "/ page 1 of" in text


def test_knows_english_for_every_label() -> None:
    shown = [view(path.read_bytes()) for path in SAMPLES]
    found = {section.title for one in shown for section in all_sections(one.sections)}
    found |= set(LABELS.values())

    own = {title for title in found if title.startswith(("Blok danych", "Podmiot trzeci "))}
    assert found - own - set(ENGLISH) == set()
    assert all(ENGLISH.values())
    assert all(VALUES.values())


@pytest.mark.parametrize("path", samples("hostile", "pef", "upo"), ids=lambda path: path.stem)
def test_refuses_what_is_no_invoice(path: Path) -> None:
    with pytest.raises(UnreadableInvoice):
        invoice_pdf(path.read_bytes())


def test_lets_no_template_error_pass_as_missing_letters() -> None:
    with pytest.raises(RuntimeError):
        typeset("invoice.typ", {}, at=datetime(2026, 1, 1, tzinfo=UTC), xml=b"<x/>")


def sample(stem: str) -> bytes:
    return (FA3 / f"{stem}.xml").read_bytes()


def sample_with(before: str, after: str) -> bytes:
    """The Ministry's first example with a piece of it replaced."""
    xml = sample("mf-fa3-przyklad-01").decode()
    assert before in xml
    return xml.replace(before, after, 1).encode()


def with_rows(count: int) -> bytes:
    """The Ministry's first example with its first row `count` times more."""
    xml = sample("mf-fa3-przyklad-01").decode()
    row = xml[xml.index("<FaWiersz>") : xml.index("</FaWiersz>")] + "</FaWiersz>"
    rows = "".join(row.replace(PRODUCT, f"{PRODUCT} nr {n}!") for n in range(count))
    return xml.replace(row, rows, 1).encode()


def page(stem: str) -> str:
    (text,) = pages(invoice_pdf(sample(stem)))
    return text.replace(" \n", " ")


def pages(pdf: bytes) -> list[str]:
    """The text of each page, its hard spaces made soft."""
    return [one.extract_text().replace("\N{NO-BREAK SPACE}", " ") for one in reader(pdf).pages]
