"""The engine that learns: what an office's decisions teach, and its answers."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import dropwhile

from obieg.posting.learning.books import Books
from obieg.posting.learning.documents import MOST_LINES, Document, Name
from obieg.posting.learning.lessons import Lesson
from obieg.posting.learning.office import Office
from obieg.posting.learning.reading import NO_ANSWER, Answer, Reading
from obieg.posting.learning.weights import Model, shipped
from obieg.posting.suggestion import Case, Decision, Shares, Suggestion, Treatment, Weight

__all__ = ["NO_ANSWER", "Answer", "Learner"]

Whose = tuple[int, str]  # client and direction


class Learner:
    """A `LearningSuggester` for all clients of an office.

    Its state follows from the lessons and their order alone, whether or not it was asked in
    between.
    """

    def __init__(self, model: Model | None = None) -> None:
        self.model = model or shipped()
        self.books: dict[Whose, Books] = defaultdict(Books)
        self.offices: dict[str, Office] = defaultdict(Office)
        self._taught: dict[Whose, dict[Name, tuple[int, Lesson]]] = defaultdict(dict)
        self._count = 0
        self._latest: Reading | None = None

    def suggest(self, case: Case) -> Sequence[Suggestion]:
        """One suggestion for each part of `case`."""
        return [
            Suggestion(found.treatment, int(100 * found.confidence), found.reason)
            for found in self.answers(case)
        ]

    def reading(self, case: Case) -> Reading:
        """The document looked at, for those who want to know more than the answers."""
        return self._read(Document.of(case, case.parts))

    def answers(self, case: Case) -> Sequence[Answer]:
        """The same, with the confidence in the account alone besides."""
        self._latest = self._read(Document.of(case, case.parts))
        return self._latest.answers

    def lesson(self, case: Case, decision: Decision, shares: Sequence[Shares] = ()) -> Lesson:
        """What a decision teaches, measured against what would have been proposed just before.

        `shares` are of each part, where parts were divided.
        """
        known = list(decision)[:MOST_LINES]
        document = Document.of(case, [part for part, _ in known])
        divided = list(shares)[:MOST_LINES] or [()] * len(known)
        return self._lesson(document, [treatment for _, treatment in known], divided)

    def learn(self, case: Case, decision: Decision, weight: Weight = 1) -> None:
        """Take a decision in, or with weight -1 take it back.

        A document decided before is decided anew; one that was never decided is not taken back.
        What the client decided after a decision that is taken back is measured again.
        """
        whose = case.client_id, case.direction
        name = Document.of(case, []).name
        if name in self._taught[whose]:
            self._take_back(whose, name)
        if weight > 0:
            self._teach(self.lesson(case, decision))

    def measured_again(self, former: Lesson) -> Lesson:
        """The lesson as it would be if it were decided now."""
        return self._lesson(former.document, former.treatments, former.shares)

    def _teach(self, lesson: Lesson) -> None:
        document = lesson.document
        whose = document.client, document.direction
        self._count += 1
        self._taught[whose][document.name] = (self._count, lesson)
        self.books[whose].take_in(self._count, lesson)
        self.offices[document.direction].count(lesson)

    def _take_back(self, whose: Whose, name: Name) -> None:
        """Undo what was decided since, then the document; decide the rest again."""
        taught = self._taught[whose]
        undone = [taught.pop(one) for one in list(dropwhile(lambda one: one != name, taught))]
        for key, lesson in reversed(undone):
            self.books[whose].take_back(key, lesson)
            self.offices[whose[1]].count(lesson, -1)
        for _, lesson in undone[1:]:
            self._teach(self.measured_again(lesson))

    def _lesson(
        self, document: Document, treatments: Sequence[Treatment], shares: Sequence[Shares]
    ) -> Lesson:
        latest = self._latest
        books = self.books[document.client, document.direction]
        if latest and latest.document == document and latest.version == books.version:
            return latest.lesson(treatments, shares)
        return self._read(document, explained=False).lesson(treatments, shares)

    def _read(self, document: Document, *, explained: bool = True) -> Reading:
        books = self.books[document.client, document.direction]
        office = self.offices[document.direction]
        return Reading(document, books, office, self.model, explained=explained)
