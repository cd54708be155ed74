"""What the client's own decisions say about a row: counts of how such rows were posted."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from obieg.inbox.models import Direction
from obieg.posting.suggestion import Case, Decision, Part, Treatment
from obieg.posting.text import normalised

ANY = ""  # any partner, or any text


class Place(NamedTuple):
    """Whose rows, and which ones."""

    partner: str
    text: str  # normalised


class Lesson(NamedTuple):
    """One thing that a decision teaches: rows of this place were posted so."""

    place: Place
    treatment: Treatment


@dataclass(frozen=True, slots=True)
class Share:
    """The treatment that a place got most often: `count` times of `total`."""

    treatment: Treatment
    count: int
    total: int


def places_of(case: Case, part: Part) -> Iterator[Place]:
    """Where decisions about `part` are remembered and looked for, the most telling place first."""
    text = normalised(part.description)
    if case.partner and text:
        yield Place(case.partner, text)
    if case.partner:
        yield Place(case.partner, ANY)
    if text:
        yield Place(ANY, text)
    if case.direction == Direction.SALE:  # most sales of a client are alike, whoever buys
        yield Place(ANY, ANY)


def lessons(case: Case, decision: Decision) -> frozenset[Lesson]:
    """What `decision` teaches; a document counts once for each lesson, however many its rows."""
    return frozenset(
        Lesson(place, treatment) for part, treatment in decision for place in places_of(case, part)
    )


class History:
    """Counts of treatments by place; those of one client and one direction."""

    def __init__(self) -> None:
        self._counts: dict[Place, Counter[Treatment]] = defaultdict(Counter)

    def add(self, lesson: Lesson, count: int) -> None:
        """Count `lesson` so many times more; less where `count` is negative, never below zero."""
        treatments = self._counts[lesson.place]
        treatments[lesson.treatment] = max(treatments[lesson.treatment] + count, 0)

    def share(self, place: Place) -> Share | None:
        """The most frequent treatment of the most frequent account there; None without decisions.

        Among equals the one that was decided first stays.
        """
        treatments = self._counts.get(place)
        if not treatments or not (total := treatments.total()):
            return None
        accounts: Counter[str] = Counter()
        for treatment, count in treatments.items():
            accounts[treatment.account] += count
        account = accounts.most_common(1)[0][0]
        of_account = Counter({t: n for t, n in treatments.items() if t.account == account})
        best, count = of_account.most_common(1)[0]
        return Share(best, count, total)
