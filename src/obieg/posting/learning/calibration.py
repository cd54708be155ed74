"""Confidence that means what it says: measured on the decisions that followed the proposals."""

import math
from bisect import bisect_right
from collections.abc import Sequence

_EDGES = (
    -2.0,
    -1.0,
    -0.4,
    0.0,
    0.4,
    0.8,
    1.2,
    1.6,
    2.0,
    2.4,
    2.8,
    3.3,
    3.8,
    4.4,
    5.0,
    6.0,
)  # logit
_PRIOR = 40.0  # decisions that are as good as the belief before any was measured


class Calibration:
    """Counts of right and wrong by what the engine believed; adding and taking out are exact."""

    def __init__(self, believed: Sequence[float] = (1.0, 0.0)) -> None:
        self._slope, self._shift = believed
        self._right = [0] * (len(_EDGES) + 1)
        self._all = [0] * (len(_EDGES) + 1)

    def record(self, belief: float, *, right: bool, weight: int = 1) -> None:
        """A decision that followed a proposal."""
        place = bisect_right(_EDGES, logit(belief))
        self._all[place] += weight
        self._right[place] += weight * right

    def measured(self, belief: float) -> float:
        """How often such beliefs were right, from 0 to 1; between the middles of two classes."""
        score = logit(belief)
        place = bisect_right(_EDGES, score)
        low = _EDGES[place - 1] if place else _EDGES[0] - 1
        high = _EDGES[place] if place < len(_EDGES) else _EDGES[-1] + 1
        part = min(max((score - low) / (high - low), 0.0), 1.0) - 0.5
        beside = min(max(place + (1 if part > 0 else -1), 0), len(_EDGES))
        here = self._believed(score) + self._error(place)
        there = self._believed(score) + self._error(beside)
        return min(max(here + abs(part) * (there - here), 0.001), 0.999)

    def _error(self, place: int) -> float:
        """How much more often than believed the class was right."""
        low = _EDGES[place - 1] if place else _EDGES[0] - 1
        high = _EDGES[place] if place < len(_EDGES) else _EDGES[-1] + 1
        believed = self._believed((low + high) / 2)
        return (self._right[place] - believed * self._all[place]) / (_PRIOR + self._all[place])

    def _believed(self, score: float) -> float:
        return 1 / (1 + math.exp(-(self._slope * score + self._shift)))


def logit(share: float) -> float:
    """The log of the odds."""
    share = min(max(share, 0.0005), 0.9995)
    return math.log(share / (1 - share))
