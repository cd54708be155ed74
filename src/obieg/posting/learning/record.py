"""The track record of each kind of sign: how often what it said was what people decided.

At one client the number plate decides the cost centre, at another the address; the record tells
which, after a few decisions. A client's own record counts first, then the office's.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

_DOUBT = 4.0  # of the client's record: as good as so many decisions of the office's
_DOUBT_HERE = 3.0  # of the record at one partner
_START = (3.0, 4.0)  # right and all, before anything is known


class Vote(NamedTuple):
    """What one kind of sign says, and how clearly (a class from 0 to 3)."""

    place: int  # among the kinds of the question
    clarity: int
    voter: "Voter"
    answer: object


Voter = tuple[str, str, int]  # question, kind of sign, clarity
Outcome = tuple[Voter, bool]  # whether it was right


class TrackRecord:
    """Counts of right votes; adding and taking out are exact opposites."""

    def __init__(self) -> None:
        self.counts: dict[Voter, tuple[int, int]] = {}  # how often right, and how often it spoke

    def add(self, outcomes: Iterable[Outcome], weight: int = 1) -> None:
        """Count how the votes on a decided line turned out; with weight -1 take it back."""
        counts = self.counts
        for voter, right in outcomes:
            rightly, known = counts.get(voter, _NOTHING)
            counts[voter] = (rightly + weight * right, known + weight)


@dataclass(frozen=True, slots=True)
class Trust:
    """The records that tell how far to trust a vote on a line."""

    office: TrackRecord
    client: TrackRecord
    partner: TrackRecord  # of the client's

    def in_vote(self, vote: Vote) -> float:
        """The log odds that such a vote is right: at this partner, else this client, else all."""
        voter = vote.voter
        right, known = self.office.counts.get(voter, _NOTHING)
        own_right, own_known = self.client.counts.get(voter, _NOTHING)
        here_right, here_known = self.partner.counts.get(voter, _NOTHING)
        share = (right - own_right + _START[0]) / (known - own_known + _START[1])
        share = (own_right - here_right + _DOUBT * share) / (own_known - here_known + _DOUBT)
        share = (here_right + _DOUBT_HERE * share) / (here_known + _DOUBT_HERE)
        return math.log((share + 0.002) / (1.002 - share))


_NOTHING = (0, 0)


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
        1.0 if ours and not others else 0.0,
    )
