"""The engine behind `suggestion.Suggester`: what an office's decisions teach, and its answers."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from obieg.posting.learning.books import Asked, Books, Document, Name, row_of
from obieg.posting.learning.calibration import Calibration
from obieg.posting.learning.evidence import Found, found_with
from obieg.posting.learning.kinship import Kinship
from obieg.posting.learning.memory import Row
from obieg.posting.learning.questions import ACCOUNT, FIELDS, Question
from obieg.posting.learning.reasons import UNKNOWN, reason_for
from obieg.posting.learning.record import TrackRecord, Vote, Voter, results
from obieg.posting.learning.weighing import Matter, candidates, probabilities, votes_on
from obieg.posting.learning.weights import belief_in, weights_of
from obieg.posting.suggestion import Case, Decision, Suggestion, Treatment, Weight

TOO_UNSURE = 0.2  # belief below which `I do not know` is the better answer


@dataclass(frozen=True, slots=True)
class Answer:
    """What is believed about one line; an empty account says `I do not know`."""

    treatment: Treatment
    account_confidence: float  # from 0 to 1
    confidence: float  # of the whole treatment
    reason: str  # Polish
    beliefs: tuple[float, float] = (0.0, 0.0)  # in account and treatment, before calibration
    newness: int = 0  # 0 a partner never seen, 1 a new text of a known one, 2 seen before


NO_ANSWER = Answer(Treatment(), 0.0, 0.0, UNKNOWN)


@dataclass(frozen=True, slots=True)
class _Reading:
    """A document looked at: valid while the books have not changed."""

    document: Document
    version: int
    found: list[Found]
    votes: dict[tuple[int, str, str], tuple[Vote, ...]]  # by line, question and account
    answers: list[Answer]


@dataclass(frozen=True, slots=True)
class _Taught:
    """What a decided document changed, so that it can be taken back."""

    document: Document
    treatments: tuple[Treatment, ...]
    rows: tuple[Row, ...]
    outcomes: tuple[tuple[Voter, bool], ...]
    answers: tuple[Answer, ...]


class _Direction:
    """What is known of the purchases, or of the sales, of all clients."""

    def __init__(self) -> None:
        self.books: dict[int, Books] = defaultdict(Books)
        self.taught: dict[int, dict[Name, _Taught]] = defaultdict(dict)
        self.kinship = Kinship()
        self.record = TrackRecord()
        self.by_account = [Calibration() for _ in range(3)]  # by newness
        self.by_treatment = [Calibration() for _ in range(3)]


class Learner:
    """A `Suggester` for all clients of an office.

    Its state follows from the decisions and their order alone, whether or not it was asked in
    between; taking one back replays what the client decided since.
    """

    def __init__(self) -> None:
        self._directions: dict[str, _Direction] = defaultdict(_Direction)
        self._latest: _Reading | None = None

    def suggest(self, case: Case) -> Sequence[Suggestion]:
        """One suggestion for each part of `case`."""
        return [
            Suggestion(found.treatment, int(100 * found.confidence), found.reason)
            for found in self.answers(case)
        ]

    def answers(self, case: Case) -> Sequence[Answer]:
        """The same, with the confidence in the account alone besides."""
        self._latest = self._read(Document.of(case, case.parts))
        return self._latest.answers

    def learn(self, case: Case, decision: Decision, weight: Weight = 1) -> None:
        """Take a decision in, or with weight -1 take it back.

        A document decided before is decided anew; one that was never decided is not taken back.
        """
        document = Document.of(case, [part for part, _ in decision])
        taught = self._directions[case.direction].taught[case.client_id]
        if document.name in taught:
            self._take_back(document)
        if weight > 0:
            self._teach(document, tuple(treatment for _, treatment in decision))

    def _take_back(self, document: Document) -> None:
        """Undo what was decided since, then the document; decide the rest again."""
        taught = self._directions[document.direction].taught[document.client]
        later = []
        while (undone := taught[next(reversed(taught))]).document.name != document.name:
            self._undo(undone)
            later.append(undone)
        self._undo(undone)
        for again in reversed(later):
            self._teach(again.document, again.treatments)

    def _teach(self, document: Document, treatments: tuple[Treatment, ...]) -> None:
        reading = self._reading(document)
        rows = tuple(map(row_of, [document] * len(treatments), document.lines, treatments))
        outcomes = tuple(
            outcome
            for place, treatment in enumerate(treatments)
            for outcome in self._outcomes(reading, place, treatment)
        )
        taught = _Taught(document, treatments, rows, outcomes, tuple(reading.answers))
        known = self._directions[document.direction]
        known.taught[document.client][document.name] = taught
        for row in rows:
            known.books[document.client].add(row)
        self._spread(known, taught, 1)

    def _undo(self, taught: _Taught) -> None:
        document = taught.document
        known = self._directions[document.direction]
        del known.taught[document.client][document.name]
        for row in reversed(taught.rows):
            known.books[document.client].remove(row)
        self._spread(known, taught, -1)

    def _spread(self, known: _Direction, taught: _Taught, weight: Weight) -> None:
        """Tell kinship, track record and calibration, or take it back."""
        client, lines = taught.document.client, taught.document.lines
        known.record.add(client, taught.document.partner, taught.outcomes, weight)
        tie = known.kinship.add if weight > 0 else known.kinship.remove
        for line, right, answer in zip(lines, taught.treatments, taught.answers, strict=True):
            tie(client, line.signs, right.account)
            if answer.treatment.account:
                known.by_account[answer.newness].record(
                    answer.beliefs[0],
                    right=answer.treatment.account == right.account,
                    weight=weight,
                )
                known.by_treatment[answer.newness].record(
                    answer.beliefs[1], right=answer.treatment == right, weight=weight
                )

    def _outcomes(
        self, reading: _Reading, place: int, treatment: Treatment
    ) -> Sequence[tuple[Voter, bool]]:
        """How the votes of the kinds of signs turned out."""
        found: list[tuple[Voter, bool]] = []
        row = row_of(reading.document, reading.document.lines[place], treatment)
        for question in (ACCOUNT, *FIELDS):
            account = "" if question is ACCOUNT else treatment.account
            votes = reading.votes.get((place, question.name, account))
            if votes is None:
                votes = votes_on(self._matter(reading, place, question, account))
            found += results(votes, question.answer(row))
        return found

    def _reading(self, document: Document) -> _Reading:
        """What was read just now, or read again."""
        books = self._directions[document.direction].books[document.client]
        latest = self._latest
        if latest and latest.document == document and latest.version == books.version:
            return latest
        return self._read(document)

    def _read(self, document: Document) -> _Reading:
        books = self._directions[document.direction].books[document.client]
        reading = _Reading(document, books.version, books.found(document), {}, [])
        reading.answers.extend(self._answer(reading, place) for place in range(len(document.lines)))
        return reading

    def _answer(self, reading: _Reading, place: int) -> Answer:
        account, sure = self._chosen(reading, place, ACCOUNT, "")
        if not isinstance(account, str) or sure < TOO_UNSURE:
            return NO_ANSWER
        fields = [self._chosen(reading, place, question, account) for question in FIELDS]
        treatment = _treatment(account, *(value for value, _ in fields))
        known, found = self._directions[reading.document.direction], reading.found[place]
        newness = 0 if not found["seller"] else 1 if not found["same"] else 2
        alone = belief_in("account").in_answers([sure], newness)
        belief = belief_in("treatment").in_answers([sure, *(p for _, p in fields)], newness)
        by_treatment = known.by_treatment[newness].measured(belief)
        by_account = max(known.by_account[newness].measured(alone), by_treatment)
        line = reading.document.lines[place]
        reason = reason_for(account, line.text, found, reading.document.direction)
        return Answer(treatment, by_account, by_treatment, reason, (alone, belief), newness)

    def _chosen(
        self, reading: _Reading, place: int, question: Question, account: str
    ) -> tuple[object, float]:
        """The likeliest answer and how likely it is."""
        known = candidates(self._matter(reading, place, question, account))
        reading.votes[place, question.name, account] = known.votes
        if not known.answers:
            return None, 0.0
        shares = probabilities(known, weights_of(question.name))
        best = max(range(len(shares)), key=shares.__getitem__)
        return known.answers[best], shares[best]

    def _matter(self, reading: _Reading, place: int, question: Question, account: str) -> Matter:
        document, line = reading.document, reading.document.lines[place]
        known = self._directions[document.direction]
        books = known.books[document.client]
        is_account = question is ACCOUNT
        found = reading.found[place]
        return Matter(
            question=question,
            found=found if is_account else {**found, **_with(account, line, books)},
            codes=line.signs.codes,
            kin=known.kinship.shares(document.client, line.signs) if is_account else {},
            counts=books.counts(question.name, account),
            trust=lambda vote: known.record.trust(document.client, document.partner, vote),
            account=account,
            copied=books.copied(question.name),
            others=[other for other in reading.found if other is not found] if is_account else (),
        )


def _treatment(account: str, tax: Any, cost_centre: Any, project: Any) -> Treatment:
    """The answers to all questions as one."""
    register, percent, column = tax
    return Treatment(account, register, percent, column, cost_centre, project)


def _with(account: str, line: Asked, books: Books) -> Found:
    return found_with(account, line.signs, books.memory, line.rate)
