"""`obieg show`: text, JSON and a page, without a database."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner
from pypdf import PdfReader

from obieg.fa.command import show
from tests.fa.xml import INVOICES, amounts, root_of
from tests.reference import REFERENCE, needs_reference, samples

pytestmark = needs_reference

SAMPLE = REFERENCE / "samples/fa3/mf-fa3-przyklad-26.xml"


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(show, arguments)
    return result.exit_code, result.stdout, result.stderr


def test_shows_an_invoice_as_text() -> None:
    code, out, _ = run(str(SAMPLE), "--ksef", "9999999999-20260201-0123456789AB-CD")

    assert code == 0
    assert out.startswith("Faktura FA/2026/02/999\n")
    assert "Napój Owocowy 1.5l" in out
    assert "9999999999-20260201-0123456789AB-CD" in out


@pytest.mark.parametrize("sample", samples(*INVOICES), ids=lambda path: path.stem)
def test_writes_the_model_as_json_with_amounts_as_strings(sample: Path) -> None:
    code, out, _ = run(str(sample), "--json")

    facts = json.loads(out, parse_float=lambda text: pytest.fail(f"a float: {text}"))
    assert code == 0
    assert [Decimal(facts["total"])] == amounts(root_of(sample), "P_15")
    assert all(isinstance(group["net"], str) for group in facts.get("sums", ()))


def test_writes_a_page_that_stands_alone(tmp_path: Path) -> None:
    page = tmp_path / "faktura.html"

    code, _, err = run(str(SAMPLE), "--html", str(page))

    html = page.read_text(encoding="utf-8")
    assert (code, err) == (0, f"Zapisano {page}\n")
    assert html.startswith("<!doctype html>")
    assert "<style>" in html
    assert "http" not in html
    assert "Napój Owocowy 1.5l" in html


def test_writes_a_pdf_with_the_ksef_number(tmp_path: Path) -> None:
    path = tmp_path / "faktura.pdf"
    number = "9999999999-20260201-0123456789AB-CD"

    code, _, err = run(str(SAMPLE), "--pdf", str(path), "--ksef", number)

    text = PdfReader(path).pages[0].extract_text()
    assert (code, err) == (0, f"Zapisano {path}\n")
    assert "Napój Owocowy 1.5l" in text
    assert number in text


@pytest.mark.parametrize("sample", samples("hostile", "pef", "upo"), ids=lambda path: path.stem)
def test_says_in_polish_why_a_file_cannot_be_read(sample: Path) -> None:
    code, out, err = run(str(sample))

    assert (code, out) == (1, "")
    assert err.startswith(f"{sample}: ")
    assert "[fa." in err
