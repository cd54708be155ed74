"""`obieg evaluate` plays a folder in order and measures without flattering anybody."""

import csv
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from obieg.posting.evaluation.command import evaluate
from obieg.posting.evaluation.folder import NotAnEvaluationFolder, documents_in
from obieg.posting.evaluation.score import Line, score
from tests.reference import REFERENCE, needs_reference

LABELLED = REFERENCE / "labelled-office"
FIGURES = {
    *("documents", "automatic_share", "line_coverage", "line_precision"),
    *("automatic_precision", "line_accuracy", "calibration_error"),
}


def reported(folder: Path, *arguments: str) -> dict[str, object]:
    result = CliRunner().invoke(evaluate, [str(folder), "--json", *arguments])
    assert result.exit_code == 0, result.output
    found: dict[str, object] = json.loads(result.output)
    return found


def test_a_document_is_automatic_only_if_every_line_is_sure() -> None:
    documents = [
        [Line(0.95, right=True), Line(0.92, right=False)],
        [Line(0.99, right=True), Line(0.5, right=True)],
    ]
    figures = score(documents)
    assert figures["automatic_share"] == 0.5
    assert figures["automatic_precision"] == 0
    assert figures["line_coverage"] == 0.75
    assert figures["line_precision"] == pytest.approx(2 / 3, abs=1e-4)
    assert figures["line_accuracy"] == 0.75


def test_the_calibration_error_is_the_distance_of_confidence_from_truth() -> None:
    honest = [[Line(0.75, right=right)] for right in (True, True, True, False)]
    boastful = [[Line(0.95, right=right)] for right in (True, True, False, False)]
    assert score(honest)["calibration_error"] == 0
    assert score(boastful)["calibration_error"] == pytest.approx(0.45)


def test_nothing_to_score_is_no_error() -> None:
    assert score([])["automatic_share"] == 0


@needs_reference
def test_the_first_months_of_the_labelled_office_reach_the_floor() -> None:
    report = reported(LABELLED, "--limit", "1000")
    account, posting = report["account"], report["posting"]
    assert isinstance(account, dict)
    assert isinstance(posting, dict)
    assert account["automatic_share"] > 0.82
    assert account["automatic_line_precision"] > 0.975
    assert account["line_accuracy"] > 0.90
    assert account["calibration_error"] < 0.03
    assert posting["automatic_share"] > 0.78
    assert posting["automatic_line_precision"] > 0.975
    assert posting["line_accuracy"] > 0.89
    assert posting["calibration_error"] < 0.03


@needs_reference
def test_the_report_counts_from_the_third_month_overall_and_by_month() -> None:
    report = reported(LABELLED, "--limit", "700")
    assert set(report) == {"account", "posting", "ms_per_document", "months"}
    months = report["months"]
    assert isinstance(months, list)
    assert [month["month"] for month in months] == ["2026-01"]
    for figures in (report["account"], report["posting"], months[0]["account"]):
        assert isinstance(figures, dict)
        assert set(figures) >= FIGURES
    assert report["account"] == months[0]["account"]


@needs_reference
def test_a_folder_with_unpacked_invoices_is_read_like_the_archive(tmp_path: Path) -> None:
    with (LABELLED / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))[:40]
    with (tmp_path / "labels.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)
    names = sorted({row[1] for row in rows[1:]})
    with zipfile.ZipFile(LABELLED / "invoices.zip") as archive:
        archive.extractall(tmp_path / "invoices", names)
    unpacked = list(documents_in(tmp_path))
    assert len(unpacked) == len(names)
    for one, other in zip(unpacked[:-1], documents_in(LABELLED), strict=False):
        assert one == other


def test_a_folder_without_labels_is_refused_in_polish(tmp_path: Path) -> None:
    result = CliRunner().invoke(evaluate, [str(tmp_path)])
    assert result.exit_code == 1
    assert "nie nadaje się do oceny" in result.output
    with pytest.raises(NotAnEvaluationFolder):
        list(documents_in(tmp_path))


@needs_reference
def test_people_get_tables_in_polish() -> None:
    result = CliRunner().invoke(evaluate, [str(LABELLED), "--limit", "700"])
    assert "Samo konto" in result.output
    assert "Cały dekret" in result.output
    assert "razem" in result.output


def test_an_evaluation_needs_no_database() -> None:
    program = "import sys, obieg.posting.evaluation.command; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
