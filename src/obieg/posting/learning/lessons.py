"""A lesson: a decided document, and how what the engine thought of it turned out.

It is measured once, when the decision is made, and kept with it; whoever reads the lessons again
has the same state, without asking anything anew.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from obieg.posting.learning.documents import Document
from obieg.posting.learning.questions import ACCOUNT, FIELDS
from obieg.posting.learning.record import Outcome
from obieg.posting.learning.signs import Signs, signs_of
from obieg.posting.learning.voting import read
from obieg.posting.suggestion import Share, Shares, Treatment


@dataclass(frozen=True, slots=True)
class Belief:
    """What was believed about a line before it was decided, and whether rightly."""

    newness: int  # 0 a partner never seen, 1 a new text of a known one, 2 seen before
    in_account: float  # before calibration
    in_treatment: float
    account_right: bool
    treatment_right: bool


@dataclass(frozen=True, slots=True)
class Measured:
    """How a line's proposal turned out."""

    votes: tuple[str, ...]  # for each question a character for each kind of sign
    belief: Belief | None  # none where nothing was proposed

    @property
    def outcomes(self) -> Iterator[Outcome]:
        """How each kind of sign that said something turned out."""
        for question, votes in zip((ACCOUNT, *FIELDS), self.votes, strict=True):
            yield from read(question, votes)


@dataclass(frozen=True, slots=True)
class Lesson:
    """A decided document: its lines, how they were posted, and what was measured."""

    document: Document
    signs: tuple[Signs, ...]
    treatments: tuple[Treatment, ...]
    measured: tuple[Measured, ...]
    shares: tuple[Shares, ...]  # of each line; empty where it was not divided

    def to_json(self) -> dict[str, Any]:
        """For storing; client and direction are not in it."""
        return {
            "document": self.document.to_json(),
            "shares": {
                place: [[one.treatment, str(one.net), str(one.vat)] for one in shares]
                for place, shares in enumerate(self.shares)
                if shares
            },
            "treatments": self.treatments,
            "measured": [
                [one.votes, _belief_to_json(one.belief) if one.belief else None]
                for one in self.measured
            ],
        }

    @classmethod
    def from_json(cls, client: int, direction: str, stored: Mapping[str, Any]) -> "Lesson":
        """What `to_json` gave."""
        document = Document.from_json(client, direction, stored["document"])
        return cls(
            document,
            signs_of(document),
            tuple(Treatment(*one) for one in stored["treatments"]),
            tuple(
                Measured(tuple(votes), Belief(*belief) if belief else None)
                for votes, belief in stored["measured"]
            ),
            tuple(
                tuple(
                    Share(Treatment(*treatment), Decimal(net), Decimal(vat))
                    for treatment, net, vat in stored["shares"].get(str(place), ())
                )
                for place in range(len(document.lines))
            ),
        )


def _belief_to_json(belief: Belief) -> list[Any]:
    return [
        belief.newness,
        belief.in_account,
        belief.in_treatment,
        int(belief.account_right),
        int(belief.treatment_right),
    ]
