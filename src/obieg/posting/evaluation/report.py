"""The report of an evaluation: as data, and as text for people."""

from collections.abc import Sequence
from typing import Any

from obieg.posting.evaluation.playing import Outcome
from obieg.posting.evaluation.score import score

FIRST_SCORED = 3  # month; before, an office has nothing to learn from

_HEADINGS = (
    ("automatic_share", "dok. automat."),
    ("automatic_precision", "całe trafne"),
    ("automatic_line_precision", "ich pozycje"),
    ("line_coverage", "pozycji pewnych"),
    ("line_precision", "trafność"),
    ("line_accuracy", "wszystkie"),
    ("calibration_error", "błąd kalibr."),
)
_TARGETS = (("account", "Samo konto"), ("posting", "Cały dekret"))


def report_of(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Figures from the third month on, overall and by month."""
    months = sorted({outcome.month for outcome in outcomes})[FIRST_SCORED - 1 :]
    scored = [outcome for outcome in outcomes if outcome.month in months]
    return {
        **_figures(scored),
        "ms_per_document": _milliseconds(scored),
        "months": [
            {"month": month, **_figures([one for one in scored if one.month == month])}
            for month in months
        ],
    }


def as_text(report: dict[str, Any]) -> str:
    """Tables for a terminal, in Polish."""
    blocks = []
    for target, title in _TARGETS:
        heading = " ".join(f"{name:>15}" for _, name in _HEADINGS)
        rows = [_row(month["month"], month[target]) for month in report["months"]] + [
            _row("razem", report[target])
        ]
        blocks.append("\n".join([title, f"{'':8}{'dok.':>6} {heading}", *rows]))
    blocks.append(f"Czas: {report['ms_per_document']:.2f} ms na dokument (propozycja i nauka).")
    return "\n\n".join(blocks)


def _row(name: str, figures: dict[str, float]) -> str:
    shares = " ".join(f"{100 * figures[key]:14.2f}%" for key, _ in _HEADINGS)
    return f"{name:8}{figures['documents']:>6} {shares}"


def _figures(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    return {
        "account": score(outcome.account for outcome in outcomes),
        "posting": score(outcome.posting for outcome in outcomes),
    }


def _milliseconds(outcomes: Sequence[Outcome]) -> float:
    if not outcomes:
        return 0.0
    return round(1000 * sum(outcome.seconds for outcome in outcomes) / len(outcomes), 3)
