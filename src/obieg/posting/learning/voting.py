"""How the kinds of signs voted on a question and how that turned out, written in few characters."""

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

from obieg.posting.learning.questions import Question
from obieg.posting.learning.record import Outcome, Vote, Voter

CLARITIES = 4  # classes of `Vote.clarity`
_SILENT = "-"


@cache
def voters(question: Question) -> Sequence[Sequence[Voter]]:
    """For each kind of sign that votes on a question its voters, by clarity."""
    return tuple(
        tuple((question.name, f"{place} {kind}", clarity) for clarity in range(CLARITIES))
        for place, kind in enumerate(question.kinds)
    )


def written(question: Question, votes: Iterable[Vote], answer: object) -> str:
    """One character for each kind of sign: what it said how clearly, and whether rightly."""
    by_place = {vote.place: str(2 * vote.clarity + (vote.answer == answer)) for vote in votes}
    return "".join(by_place.get(place, _SILENT) for place in range(len(question.kinds)))


@lru_cache(maxsize=2_000)
def read(question: Question, votes: str) -> Sequence[Outcome]:
    """What `written` gave; nothing where a former version had other kinds of signs."""
    known = voters(question)
    if len(votes) != len(known):
        return ()
    return tuple(
        (by_clarity[int(vote) // 2], vote in "1357")
        for by_clarity, vote in zip(known, votes, strict=True)
        if vote != _SILENT
    )
