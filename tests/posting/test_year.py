"""How good the first engine is on a year of real decisions: printed, not judged (issue 5 is)."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from zipfile import ZipFile

import pytest

from obieg.fa.parse import parse
from obieg.inbox.models import Direction
from obieg.posting.chart import Chart
from obieg.posting.history import History
from obieg.posting.proposing import case_of
from obieg.posting.rules_and_history import RulesAndHistory
from obieg.posting.suggestion import Case, Treatment
from tests.reference import REFERENCE, needs_reference

OFFICE = REFERENCE / "labelled-office"
INVOICES = 900  # about the first third of the year
WARM_UP = 300
SURE = 90  # per cent


def played() -> Iterator[tuple[str, Case, list[Treatment]]]:
    """The client, the case and the right treatment of each part, in order of receipt."""
    labels: dict[str, dict[int, dict[str, str]]] = defaultdict(dict)
    with (OFFICE / "labels.csv").open(encoding="utf-8") as table:
        for row in csv.DictReader(table, delimiter=";"):
            labels[row["file"]][int(row["line_number"])] = row
    with ZipFile(OFFICE / "invoices.zip") as archive:
        for name in list(labels)[:INVOICES]:
            case = case_of(0, Direction.PURCHASE, parse(archive.read(name)))
            rows = labels[name]
            first = next(iter(rows.values()))
            truth = [
                rows[part.source_lines[0]] if part.source_lines else first for part in case.parts
            ]
            yield first["client_nip"], case, [treatment(row) for row in truth]


def treatment(row: dict[str, str]) -> Treatment:
    return Treatment(
        account=row["account"],
        vat_register=row["vat_register"],
        deductible_percent=int(row["vat_deductible_percent"]),
        kpir_column=int(row["kpir_column"]) if row["kpir_column"] else None,
        cost_centre=row["cost_centre"],
        project=row["project"],
    )


@needs_reference
def test_what_the_engine_is_sure_of_is_nearly_always_right(
    capsys: pytest.CaptureFixture[str],
) -> None:
    engines: dict[str, RulesAndHistory] = defaultdict(
        lambda: RulesAndHistory(Chart(), [], History())
    )
    lines = accounts = sure = right = 0
    for number, (client, case, truth) in enumerate(played()):
        found = engines[client].suggest(case)
        if number >= WARM_UP:
            lines += len(truth)
            accounts += sum(
                one.treatment.account == real.account
                for one, real in zip(found, truth, strict=True)
            )
            certain = [
                pair for pair in zip(found, truth, strict=True) if pair[0].confidence >= SURE
            ]
            sure += len(certain)
            right += sum(one.treatment == real for one, real in certain)
        engines[client].learn(case, list(zip(case.parts, truth, strict=True)))
    with capsys.disabled():
        print(
            f"\n{lines} lines: account right {accounts / lines:.1%}; sure of {sure / lines:.1%},"
            f" whole posting right in {right / sure:.1%} of these"
        )
    assert accounts / lines > 0.6
    assert right / sure > 0.9
