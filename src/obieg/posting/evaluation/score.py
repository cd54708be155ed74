"""The figures of an evaluation: how much is automatic, how much of it right, how honest."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

AUTOMATIC = 0.90  # confidence from which a line needs nobody
_CLASSES = 10


@dataclass(frozen=True, slots=True)
class Line:
    """A line that was proposed: with what confidence (0 to 1), and whether rightly."""

    confidence: float
    right: bool

    @property
    def covered(self) -> bool:
        """Whether it is proposed with enough confidence."""
        return self.confidence >= AUTOMATIC


Document = Sequence[Line]


def score(documents: Iterable[Document]) -> dict[str, float]:
    """The figures for these documents, shares from 0 to 1.

    `automatic_precision` is the share of automatic documents with every line right,
    `automatic_line_precision` the share of right lines among theirs.
    """
    known = [document for document in documents if document]
    lines = [line for document in known for line in document]
    covered = [line for line in lines if line.covered]
    automatic = [document for document in known if all(line.covered for line in document)]
    theirs = [line for document in automatic for line in document]
    return {
        "documents": len(known),
        "automatic_share": _share(len(automatic), len(known)),
        "line_coverage": _share(len(covered), len(lines)),
        "line_precision": _share(sum(line.right for line in covered), len(covered)),
        "automatic_precision": _share(
            sum(all(line.right for line in document) for document in automatic), len(automatic)
        ),
        "automatic_line_precision": _share(sum(line.right for line in theirs), len(theirs)),
        "line_accuracy": _share(sum(line.right for line in lines), len(lines)),
        "calibration_error": _calibration_error(lines),
    }


def _calibration_error(lines: Sequence[Line]) -> float:
    """The mean distance between confidence and truth over ten classes of confidence."""
    classes: dict[int, list[Line]] = {}
    for line in lines:
        classes.setdefault(min(int(_CLASSES * line.confidence), _CLASSES - 1), []).append(line)
    distance = sum(
        abs(sum(line.confidence for line in found) - sum(line.right for line in found))
        for found in classes.values()
    )
    return _share(distance, len(lines))


def _share(part: float, whole: int) -> float:
    return round(part / whole, 5) if whole else 0.0
