"""UPO: everything that version 4.3 says, and a Polish reason where it cannot be read."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from obieg.fa.upo import UnreadableUpo, UpoPart, read_upo
from tests.fa.xml import leaves, root_of
from tests.reference import REFERENCE, needs_reference, samples

pytestmark = needs_reference

SAMPLE = REFERENCE / "samples/upo/upo-faktura-kontekst-id-nip.xml"


def test_reads_the_ministrys_example() -> None:
    upo = read_upo(SAMPLE.read_bytes())

    (entry,) = upo.entries
    assert upo.issuer == "Ministerstwo Finansów - środowisko testowe (TE)"
    assert upo.session == "36950822-93-9D5A28BFDA-47C899773E-5C"
    assert (upo.context_type, upo.context) == ("Nip", "5265877635")
    assert (upo.token, upo.part) == ("", None)
    assert upo.authentication_digest == "kyqH+QUgP8ATWd/95IY632mP4uqibwG66Oqclq9+qno="
    assert (upo.structure, upo.form) == ("Schemat_FA(3)_v1-0E.xsd", "FA (3)")
    assert entry.seller_nip == "5265877635"
    assert entry.ksef_number == "5265877635-20250916-0200A0D6723E-C2"
    assert entry.number == "FA/XVQUD-9997622510/04/2027"
    assert entry.issue_date == date(2025, 9, 16)
    assert entry.sent_at == datetime(2025, 9, 16, 9, 5, 40, 841000, tzinfo=UTC)
    assert entry.accepted_at == datetime(2025, 9, 16, 9, 5, 41, 45000, tzinfo=UTC)
    assert entry.digest == "GZMGNVzs3krF6URKgvaw77OOeG3nJ+WGziT5xguliQ8="
    assert entry.mode == "Online"


@pytest.mark.parametrize("sample", samples("upo"), ids=lambda path: path.stem)
def test_loses_no_value(sample: Path) -> None:
    read = repr(read_upo(sample.read_bytes()))

    texts = [text for path, text in leaves(root_of(sample)) if "Data" not in path]
    assert [text for text in texts if text not in read] == []


def test_reads_which_part_of_a_long_receipt_it_is() -> None:
    part = (
        "<OpisPotwierdzenia><Strona>2</Strona><LiczbaStron>3</LiczbaStron>"
        "<ZakresDokumentowOd>10001</ZakresDokumentowOd><ZakresDokumentowDo>20001"
        "</ZakresDokumentowDo><CalkowitaLiczbaDokumentow>25000</CalkowitaLiczbaDokumentow>"
        "</OpisPotwierdzenia><NazwaStrukturyLogicznej>"
    )

    upo = read_upo(sample_with("<NazwaStrukturyLogicznej>", part))

    assert upo.part == UpoPart(page=2, pages=3, first=10001, end=20001, documents=25000)


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("<NumerFaktury>FA/XVQUD-9997622510/04/2027</NumerFaktury>", "", "pola NumerFaktury"),
        (">2025-09-16<", ">wczoraj<", "DataWystawieniaFaktury zawiera „wczoraj”"),
        ("2025-09-16T11:05:41.045+02:00", "rano", "a powinno zawierać: data i godzina"),
        ("Potwierdzenie xmlns", "Potwierdzenie ", "poprawnym dokumentem XML"),
        ("v4-3", "v4-2", "głównym elementem pliku jest „Potwierdzenie”"),
        ("Nip>5265877635", "Inny>5265877635", "XML"),
    ],
)
def test_says_in_polish_why_it_cannot_be_read(before: str, after: str, reason: str) -> None:
    with pytest.raises(UnreadableUpo, match="Nie można odczytać UPO: ") as caught:
        read_upo(sample_with(before, after))

    assert reason in str(caught.value)


@pytest.mark.parametrize("sample", samples("hostile", "fa3")[:8], ids=lambda path: path.stem)
def test_refuses_everything_else(sample: Path) -> None:
    with pytest.raises(UnreadableUpo):
        read_upo(sample.read_bytes())


def test_reads_a_receipt_larger_than_any_invoice() -> None:
    xml = SAMPLE.read_text(encoding="utf-8")
    head, entry, tail = xml.partition(xml[xml.index("<Dokument>") : xml.index("</Potwierdzenie>")])

    upo = read_upo((head + entry * 10_000 + tail).encode())

    assert len(upo.entries) == 10_000


def sample_with(before: str, after: str) -> bytes:
    xml = SAMPLE.read_text(encoding="utf-8")
    assert before in xml
    return xml.replace(before, after, 1).encode()
