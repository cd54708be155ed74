"""The track record of each kind of sign: how often what it said was what people decided.

At one client the number plate decides the cost centre, at another the address; the record tells
which, after a few decisions. A client's own record counts first, then the office's.
"""

import math
from collections.abc import Iterable, Mapping
from typing import NamedTuple

_DOUBT = 4.0  # of the client's record: as good as so many decisions of the office's
_START = (3.0, 4.0)  # right and all, before anything is known


class Vote(NamedTuple):
    """What one kind of sign says, and how clearly (a class from 0 to 3)."""

    question: str
    kind: str
    clarity: int
    answer: object


Voter = tuple[str, str, int]


class TrackRecord:
    """Counts of right votes by client; adding and taking out are exact opposites."""

    def __init__(self) -> None:
        self._counts: dict[tuple[int, Voter], list[int]] = {}

    def add(self, client: int, results: Iterable[tuple[Voter, bool]], weight: int = 1) -> None:
        """Count how the votes on a decided line turned out; with weight -1 take it back."""
        for voter, right in results:
            for whose in (client, 0):
                counts = self._counts.setdefault((whose, voter), [0, 0])
                counts[0] += weight * right
                counts[1] += weight

    def trust(self, client: int, vote: Vote) -> float:
        """The log odds that such a vote is right."""
        voter = vote[:3]
        right, known = self._counts.get((0, voter), _NOTHING)
        own_right, own_known = self._counts.get((client, voter), _NOTHING)
        office = (right - own_right + _START[0]) / (known - own_known + _START[1])
        share = (own_right + _DOUBT * office) / (own_known + _DOUBT)
        return math.log((share + 0.002) / (1.002 - share))


_NOTHING: list[int] = [0, 0]


def results(votes: Iterable[Vote], answer: object) -> tuple[tuple[Voter, bool], ...]:
    """How votes turned out when `answer` was decided."""
    return tuple((vote[:3], vote.answer == answer) for vote in votes)


def vote_evidence(trusted: Mapping[Vote, float], answer: object) -> tuple[float, ...]:
    """The trust in those who say so, and in those who say otherwise: most, and in all."""
    most, total, number = 0.0, 0.0, 0
    other_most, other_total, others = 0.0, 0.0, 0
    for vote, trust in trusted.items():
        if vote.answer == answer:
            most, total, number = max(most, trust), total + trust, number + 1
        else:
            other_most, other_total, others = (
                max(other_most, trust),
                other_total + trust,
                others + 1,
            )
    return (
        most,
        total / math.sqrt(number or 1),
        other_most,
        other_total / math.sqrt(others or 1),
        most - other_most,
        float(number and not others),
    )
