"""The whole labelled office played in order: the table of its months, and the aims of issue 5.

The folder is the reference data's, or the one that OBIEG_LABELLED names.
"""

import os
import sys
from pathlib import Path

from bench.table import Result, at_least, at_most
from obieg.posting.evaluation.folder import documents_in
from obieg.posting.evaluation.playing import play
from obieg.posting.evaluation.report import as_text, report_of
from obieg.posting.learning.learner import Learner

REFERENCE = Path(__file__).parents[2] / "shared" / "reference" / "labelled-office"
AIMS = {  # per cent
    ("account", "automatic_share"): 87,
    ("account", "automatic_line_precision"): 98.5,
    ("posting", "automatic_share"): 80,
    ("posting", "automatic_line_precision"): 97.5,
}
NAMES = {
    "account": "konto",
    "posting": "cały dekret",
    "automatic_share": "dokumenty automatyczne",
    "automatic_line_precision": "ich pozycje trafne",
}
CALIBRATION = 2  # per cent
AIM_MS = 5


def run(_scratch: Path) -> list[Result]:
    """What `obieg evaluate` measures."""
    folder = Path(os.environ.get("OBIEG_LABELLED", REFERENCE))
    report = report_of(list(play(documents_in(folder), Learner())))
    print(as_text(report), file=sys.stderr)
    return [
        *(
            at_least(f"{NAMES[what]}: {NAMES[figure]}", 100 * report[what][figure], aim, unit="%")
            for (what, figure), aim in AIMS.items()
        ),
        *(
            at_most(
                f"{NAMES[what]}: błąd kalibracji",
                100 * report[what]["calibration_error"],
                CALIBRATION,
                unit="%",
            )
            for what in ("account", "posting")
        ),
        at_most("propozycja i nauka dokumentu", report["ms_per_document"], AIM_MS, unit="ms"),
    ]
