"""The official schema's check: the judgement of the index, with places and words of our own."""

from concurrent.futures import ThreadPoolExecutor
from csv import DictReader
from pathlib import Path

import pytest

from obieg.fa.finding import Severity
from obieg.fa.schema import check_schema
from tests.reference import REFERENCE, needs_reference

pytestmark = needs_reference

SCHEMAS = REFERENCE / "schemas/FA"


def index() -> list[dict[str, str]]:
    path = REFERENCE / "samples/INDEX.tsv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8") as rows:
        return [r for r in DictReader(rows, delimiter="\t") if r["schema"] in ("FA(3)", "FA(2)")]


@pytest.mark.parametrize("row", index(), ids=lambda row: row["file"])
def test_agrees_with_the_index(row: dict[str, str]) -> None:
    findings = check_schema((REFERENCE / "samples" / row["file"]).read_bytes(), schemas=SCHEMAS)

    assert (row["valid"] == "valid") is (findings == ())
    assert all(finding.severity is Severity.ERROR for finding in findings)


@pytest.mark.parametrize(
    ("stem", "code", "place", "words"),
    [
        ("01-missing-p15", "fa.xsd.missing", "Fa/P_15", "Brakuje obowiązkowego pola"),
        ("03-typo-in-element-name", "fa.xsd.unexpected", "Nazw", "Oczekiwano: Nazwa"),
        ("07-polish-nip-in-nrvatue", "fa.xsd.unexpected", "NrVatUE", "niedozwolony"),
        ("09-excessive-decimal-places", "fa.xsd.fraction_digits", "P_13_1", "„1000.123”"),
        ("11-currency-inconsistency", "fa.xsd.unexpected", "Fa/WalutaUmowna", "niedozwolony"),
        ("15-payment-date-errors", "fa.xsd.unexpected", "TerminPlatnosci", "niedozwolony"),
        ("19-empty-required-fields", "fa.xsd.too_short", "Fa/P_2", "pusta"),
        ("xsd_data_zakres-wywoluje", "fa.xsd.too_small", "Fa/P_1", "„1999-01-01”"),
        ("xsd_kwota_zapis-wywoluje", "fa.xsd.type", "Fa/P_15", "„1 234.56”"),
        ("xsd_struktura-wywoluje", "fa.xsd.unexpected", "Fa/P_6", "Oczekiwano: P_2"),
        ("xsd_wzorzec-wywoluje", "fa.xsd.pattern", "NIP", "„111-111-11-11”"),
    ],
)
def test_says_what_is_wrong_and_where(stem: str, code: str, place: str, words: str) -> None:
    findings = check_schema((REFERENCE / f"samples/fa3-schema-invalid/{stem}.xml").read_bytes())

    assert any(
        finding.code == code and finding.place.endswith(place) and words in finding.text
        for finding in findings
    ), findings


def test_finds_every_breach_at_once() -> None:
    sample = REFERENCE / "samples/fa3-schema-invalid/09-excessive-decimal-places.xml"

    places = [finding.place for finding in check_schema(sample.read_bytes())]

    assert len(places) == len(set(places)) == 6


def test_makes_a_finding_of_what_cannot_be_read() -> None:
    (finding,) = check_schema((REFERENCE / "samples/hostile/xxe-lokalny.xml").read_bytes())

    assert finding.code == "fa.doctype"


def test_passes_fa2_where_its_schema_is_not_at_hand() -> None:
    invalid = (REFERENCE / "samples/fa2/fa_2_przyklad_14.xml").read_bytes()

    assert check_schema(invalid) == ()
    assert check_schema(invalid, schemas=SCHEMAS) != ()


def test_checks_in_several_threads_without_mixing_findings() -> None:
    folder = REFERENCE / "samples/fa3-schema-invalid"
    documents = [path.read_bytes() for path in sorted(folder.glob("*.xml"))] * 20
    alone = [check_schema(xml) for xml in documents]

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(check_schema, documents)) == alone


def test_resolves_the_imports_to_the_files_beside(tmp_path: Path) -> None:
    for file in ("schemat_FA(3)_v1-0E.xsd", *(p.name for p in (SCHEMAS / "bazowe").iterdir())):
        source = next(SCHEMAS.rglob(file))
        (tmp_path / file).write_bytes(source.read_bytes())
    sample = (REFERENCE / "samples/fa3/mf-fa3-przyklad-01.xml").read_bytes()

    assert check_schema(sample, schemas=tmp_path) == ()
