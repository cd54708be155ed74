"""The track record of each kind of sign: how often what it said was what people decided.

At one client the number plate decides the cost centre, at another the address; the record tells
which, after a few decisions. A client's own record counts first, then the office's.
"""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

_DOUBT = 4.0  # of the client's record: as good as so many decisions of the office's
_DOUBT_HERE = 3.0  # of the record at one partner
_START = (3.0, 4.0)  # right and all, before anything is known


class Vote(NamedTuple):
    """What one kind of sign says, and how clearly (a class from 0 to 3)."""

    question: str
    kind: str
    clarity: int
    answer: object


Voter = tuple[str, str, int]
Whose = tuple[int, str]  # client and partner; 0 and "" stand for all


class TrackRecord:
    """Counts of right votes by client and partner; adding and taking out are exact opposites."""

    def __init__(self) -> None:
        self._counts: dict[tuple[Whose, Voter], list[int]] = {}

    def add(
        self, client: int, partner: str, results: Iterable[tuple[Voter, bool]], weight: int = 1
    ) -> None:
        """Count how the votes on a decided line turned out; with weight -1 take it back."""
        for voter, right in results:
            for whose in ((client, partner), (client, ""), (0, "")):
                counts = self._counts.setdefault((whose, voter), [0, 0])
                counts[0] += weight * right
                counts[1] += weight

    def trust(self, client: int, partner: str, vote: Vote) -> float:
        """The log odds that such a vote is right: at this partner, else this client, else all."""
        voter = vote[:3]
        right, known = self._counts.get(((0, ""), voter), _NOTHING)
        own_right, own_known = self._counts.get(((client, ""), voter), _NOTHING)
        here_right, here_known = self._counts.get(((client, partner), voter), _NOTHING)
        share = (right - own_right + _START[0]) / (known - own_known + _START[1])
        share = (own_right - here_right + _DOUBT * share) / (own_known - here_known + _DOUBT)
        share = (here_right + _DOUBT_HERE * share) / (here_known + _DOUBT_HERE)
        return math.log((share + 0.002) / (1.002 - share))


_NOTHING: list[int] = [0, 0]


def results(votes: Iterable[Vote], answer: object) -> tuple[tuple[Voter, bool], ...]:
    """How votes turned out when `answer` was decided."""
    return tuple((vote[:3], vote.answer == answer) for vote in votes)


def vote_evidence(trusted: Sequence[tuple[object, float]], answer: object) -> tuple[float, ...]:
    """The trust in those who say so, and in those who say otherwise: most, and in all."""
    ours = sorted((trust for said, trust in trusted if said == answer), reverse=True)
    others = [trust for said, trust in trusted if said != answer]
    most, other_most = max(ours, default=0.0), max(others, default=0.0)
    return (
        most,
        ours[1] if len(ours) > 1 else 0.0,
        sum(ours) / math.sqrt(len(ours) or 1),
        other_most,
        sum(others) / math.sqrt(len(others) or 1),
        most - other_most,
        sum(ours) / len(trusted) if trusted else 0.0,
        float(bool(ours) and not others),
    )
