"""A document looked at with what its client, and the office, decided so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from obieg.posting.learning.books import Books, row_of
from obieg.posting.learning.documents import Document
from obieg.posting.learning.evidence import Found, found_with
from obieg.posting.learning.lessons import Belief, Lesson, Measured
from obieg.posting.learning.office import Office
from obieg.posting.learning.questions import ACCOUNT, FIELDS, Question
from obieg.posting.learning.reasons import UNKNOWN, reason_for
from obieg.posting.learning.record import Trust, Vote
from obieg.posting.learning.sharing import usual_shares
from obieg.posting.learning.signs import Signs, signs_of
from obieg.posting.learning.voting import written
from obieg.posting.learning.weighing import Candidates, Matter, candidates, probabilities, votes_on
from obieg.posting.learning.weights import Model
from obieg.posting.suggestion import Shares, Treatment

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
    likelihoods: tuple[float, ...] = ()  # of the answers, the account's first
    shares: Shares = ()  # where such lines were divided lately


NO_ANSWER = Answer(Treatment(), 0.0, 0.0, UNKNOWN)


class Reading:
    """The answers about a document, and what a decision about it teaches.

    Valid as long as nothing is learned of the client.
    """

    def __init__(
        self,
        document: Document,
        books: Books,
        office: Office,
        model: Model,
        *,
        explained: bool = True,
    ) -> None:
        self.document = document
        self._explained = explained  # what is only measured is read by nobody
        self.version = books.version
        self._books = books
        self._office = office
        self._model = model
        self._votes: dict[tuple[int, str, str], tuple[Vote, ...]] = {}  # line, question, account
        self._of_account: dict[tuple[int, str], Found] = {}  # line, account
        if not books.memory.size:  # nothing can be known of a client without decisions
            self.answers: Sequence[Answer] = (NO_ANSWER,) * len(document.lines)
            return
        self.answers = [self._answer(place) for place in range(len(document.lines))]

    def lesson(self, treatments: Sequence[Treatment], shares: Sequence[Shares]) -> Lesson:
        """What it teaches that the lines were posted, and divided, so."""
        measured = tuple(self._measured(place, right) for place, right in enumerate(treatments))
        return Lesson(self.document, self._signs, tuple(treatments), measured, tuple(shares))

    def candidates(self, place: int, question: Question, account: str) -> Candidates:
        """The possible answers to a question about a line, given its account, with the evidence."""
        return candidates(self._matter(place, question, account))

    @cached_property
    def _signs(self) -> tuple[Signs, ...]:
        return signs_of(self.document)

    @cached_property
    def _found(self) -> list[Found]:
        return self._books.found(self._signs)

    def _measured(self, place: int, right: Treatment) -> Measured:
        answer = self.answers[place]
        belief = None
        if given := answer.treatment.account:
            is_right = given == right.account, answer.treatment == right
            belief = Belief(answer.newness, *answer.beliefs, *is_right)
        return Measured(self._outcomes(place, right), belief)

    def _outcomes(self, place: int, right: Treatment) -> tuple[str, ...]:
        """How the votes of the kinds of signs turned out."""
        row = row_of(self.document, self.document.lines[place], self._signs[place], right)
        found = []
        for question in (ACCOUNT, *FIELDS):
            account = "" if question is ACCOUNT else right.account
            votes = self._votes.get((place, question.name, account))
            if votes is None:
                votes = votes_on(self._matter(place, question, account))
            found.append(written(question, votes, question.answer(row)))
        return tuple(found)

    def _answer(self, place: int) -> Answer:
        account, sure = self._chosen(place, ACCOUNT, "")
        if not isinstance(account, str) or sure < TOO_UNSURE:
            return NO_ANSWER
        fields = [self._chosen(place, question, account) for question in FIELDS]
        treatment = _treatment(account, *(value for value, _ in fields))
        office, found = self._office, self._found[place]
        newness = 0 if not found["seller"] else 1 if not found["same"] else 2
        likelihoods = (sure, *(share for _, share in fields))
        alone = self._model.in_account.in_answers([sure], newness)
        belief = self._model.in_treatment.in_answers(likelihoods, newness)
        by_treatment = office.by_treatment[newness].measured(belief)
        by_account = max(office.by_account[newness].measured(alone), by_treatment)
        said = self.document.lines[place]
        reason = ""
        if self._explained:
            memory = self._books.memory
            reason = reason_for(
                account, said.text, self._signs[place], found, memory, self.document
            )
        return Answer(
            treatment,
            by_account,
            by_treatment,
            reason,
            (alone, belief),
            newness,
            likelihoods,
            usual_shares(account, found),
        )

    def _chosen(self, place: int, question: Question, account: str) -> tuple[object, float]:
        """The likeliest answer and how likely it is."""
        known = self.candidates(place, question, account)
        self._votes[place, question.name, account] = known.votes
        if not known.answers:
            return None, 0.0
        shares = probabilities(known, self._model.weights[question.name])
        best = max(range(len(shares)), key=shares.__getitem__)
        return known.answers[best], shares[best]

    def _matter(self, place: int, question: Question, account: str) -> Matter:
        document, books, office = self.document, self._books, self._office
        signs, found = self._signs[place], self._found[place]
        is_account = question is ACCOUNT
        if not is_account:
            rate = document.lines[place].rate
            found = {**found, **found_with(account, signs, books.memory, rate)}
        return Matter(
            question=question,
            found=found,
            of_account=self._of_account.setdefault((place, account), {}),
            codes=signs.codes,
            kin=office.kinship.shares(document.client, signs) if is_account else {},
            counts=books.counts(question.name, account),
            trust=Trust(office.record, books.record, books.record_of(document.partner)),
            account=account,
            copied=books.copied(question.name),
            others=[one for one in self._found if one is not found] if is_account else (),
        )


def _treatment(account: str, tax: Any, cost_centre: Any, project: Any) -> Treatment:
    """The answers to all questions as one."""
    register, percent, column = tax
    return Treatment(account, register, percent, column, cost_centre, project)
