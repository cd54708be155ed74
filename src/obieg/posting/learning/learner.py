"""The engine behind `suggestion.Suggester`: one office's memory, its kinships, its calibration."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from obieg.posting.learning.calibration import Calibration
from obieg.posting.learning.copying import form_of
from obieg.posting.learning.evidence import Found, found_by, found_with
from obieg.posting.learning.kinship import Kinship
from obieg.posting.learning.memory import Memory, Row, keys_of
from obieg.posting.learning.questions import ACCOUNT, FIELDS, Question
from obieg.posting.learning.reasons import reason_for
from obieg.posting.learning.record import TrackRecord, Voter, results
from obieg.posting.learning.signs import Signs, signs_of
from obieg.posting.learning.weighing import Matter, candidates, probabilities, votes_on
from obieg.posting.learning.weights import weights_of
from obieg.posting.suggestion import Case, Decision, Part, Suggestion, Treatment, Weight

COPIED = ("cost_centre", "project")
UNKNOWN = 0.2  # below, `I do not know` is the better answer


@dataclass(frozen=True, slots=True)
class Answer:
    """What is believed about one part; an empty account says `I do not know`."""

    treatment: Treatment
    account_confidence: float  # from 0 to 1
    confidence: float  # of the whole treatment
    reason: str  # Polish
    beliefs: tuple[float, float] = (0.0, 0.0)  # of account and treatment, before calibration
    newness: int = 0  # which calibration


Outcomes = tuple[tuple[Voter, bool], ...]


@dataclass(frozen=True, slots=True)
class _Look:
    """A line and the decided lines that share its signs."""

    signs: Signs
    found: Found
    rate: str


@dataclass(frozen=True, slots=True)
class _Taught:
    """What a decided line changed, so that it can be taken back."""

    row: Row
    signs: Signs
    outcomes: Outcomes


@dataclass(slots=True)
class _Books:
    """What is known of one client's documents of one direction."""

    memory: Memory = field(default_factory=Memory)
    counts: dict[str, Counter[object]] = field(default_factory=lambda: defaultdict(Counter))
    decided: dict[object, list[_Taught]] = field(default_factory=dict)
    asked: dict[object, list[Answer]] = field(default_factory=dict)
    lessons: dict[object, list[tuple[Answer, bool, bool]]] = field(default_factory=dict)


class Learner:
    """A `Suggester` for all clients of an office; taking a decision back is exact."""

    def __init__(self) -> None:
        self._books: dict[tuple[int, str], _Books] = defaultdict(_Books)
        self._kinship: dict[str, Kinship] = defaultdict(Kinship)
        self._tracks: dict[str, TrackRecord] = defaultdict(TrackRecord)
        self._calibrations = {
            name: [Calibration() for _ in range(3)] for name in ("account", "posting")
        }

    def suggest(self, case: Case) -> Sequence[Suggestion]:
        """One suggestion for each part of `case`."""
        return [
            Suggestion(found.treatment, int(100 * found.confidence), found.reason)
            for found in self.answers(case)
        ]

    def answers(self, case: Case) -> Sequence[Answer]:
        """The same with both confidences."""
        books = self._books[case.client_id, case.direction]
        looked = _look(books, case, case.parts)
        answers = [self._answer(books, case, looked, index) for index in range(len(looked))]
        books.asked[_name(case)] = answers
        return answers

    def learn(self, case: Case, decision: Decision, weight: Weight = 1) -> None:
        """Take a decision in, or with weight -1 take it back."""
        books = self._books[case.client_id, case.direction]
        if weight > 0:
            self._measure(books, case, decision)
            self._remember(books, case, decision)
        else:
            self._forget(books, case)

    def _answer(self, books: _Books, case: Case, looked: Sequence[_Look], index: int) -> Answer:
        look = looked[index]
        account, sure = self._chosen(self._matter(ACCOUNT, books, case, looked, index, ""))
        if not isinstance(account, str) or sure < UNKNOWN:
            return Answer(Treatment(), 0.0, 0.0, reason_for("", look.found, case))
        belief, given = sure, []
        for question in FIELDS:
            value, share = self._chosen(self._matter(question, books, case, looked, index, account))
            given.append(value)
            belief *= share
        treatment = Treatment(account, *given[0], given[1], given[2])
        newness = 0 if not look.found["seller"] else 1 if not look.found["same"] else 2
        return Answer(
            treatment,
            self._calibrations["account"][newness].measured(sure),
            self._calibrations["posting"][newness].measured(belief),
            reason_for(account, look.found, case),
            (sure, belief),
            newness,
        )

    def _matter(
        self,
        question: Question,
        books: _Books,
        case: Case,
        looked: Sequence[_Look],
        index: int,
        account: str,
    ) -> Matter:
        look = looked[index]
        track, client = self._tracks[case.direction], case.client_id
        about = {
            "question": question,
            "codes": look.signs.codes,
            "counts": books.counts[f"{question.name}|{account}"],
            "trust": lambda vote: track.trust(client, vote),
            "account": account,
        }
        if question is ACCOUNT:
            kin = self._kinship[case.direction].shares(client, look.signs)
            others = [other.found for place, other in enumerate(looked) if place != index]
            return Matter(found=look.found, kin=kin, others=others, **about)
        known = found_with(account, look.signs, books.memory, look.rate)
        return Matter(found={**look.found, **known}, kin={}, **about)

    def _chosen(self, matter: Matter) -> tuple[object, float]:
        """The likeliest answer and how likely it is."""
        known = candidates(matter)
        if not known.answers:
            return None, 0.0
        shares = probabilities(known, weights_of(matter.question.name))
        best = max(range(len(shares)), key=shares.__getitem__)
        return known.answers[best], shares[best]

    def _measure(self, books: _Books, case: Case, decision: Decision) -> None:
        asked = books.asked.pop(_name(case), None)
        if asked is None or [part for part, _ in decision] != list(case.parts):
            return
        lessons = [
            (answer, answer.treatment.account == right.account, answer.treatment == right)
            for answer, (_, right) in zip(asked, decision, strict=True)
            if answer.treatment.account
        ]
        books.lessons[_name(case)] = lessons
        self._record(lessons, 1)

    def _record(self, lessons: Sequence[tuple[Answer, bool, bool]], weight: int) -> None:
        for answer, account, whole in lessons:
            by_account = self._calibrations["account"][answer.newness]
            by_account.record(answer.beliefs[0], right=account, weight=weight)
            posting = self._calibrations["posting"][answer.newness]
            posting.record(answer.beliefs[1], right=whole, weight=weight)

    def _remember(self, books: _Books, case: Case, decision: Decision) -> None:
        looked = _look(books, case, [part for part, _ in decision])
        outcomes = [
            self._outcomes(books, case, looked, index, treatment)
            for index, (_, treatment) in enumerate(decision)
        ]
        taught = books.decided.setdefault(_name(case), [])
        for look, outcome, (part, treatment) in zip(looked, outcomes, decision, strict=True):
            keys = tuple(keys_of(look.signs, treatment.account, part.rate))
            copied = _copied(treatment, look.signs.codes)
            row = Row(case.invoice.issue_date, treatment, copied, part.description, keys)
            taught.append(_Taught(row, look.signs, outcome))
            self._teach(books, case, taught[-1], 1)

    def _outcomes(
        self,
        books: _Books,
        case: Case,
        looked: Sequence[_Look],
        index: int,
        treatment: Treatment,
    ) -> Outcomes:
        """How the votes of the kinds of signs turned out."""
        row = Row(None, treatment, {}, "", ())
        found: list[tuple[Voter, bool]] = []
        for question in (ACCOUNT, *FIELDS):
            account = "" if question is ACCOUNT else treatment.account
            matter = self._matter(question, books, case, looked, index, account)
            found += results(votes_on(matter), question.answer(row, {}))
        return tuple(found)

    def _forget(self, books: _Books, case: Case) -> None:
        for taught in books.decided.pop(_name(case), ()):
            self._teach(books, case, taught, -1)
        self._record(books.lessons.pop(_name(case), ()), -1)

    def _teach(self, books: _Books, case: Case, taught: _Taught, weight: int) -> None:
        change = books.memory.add if weight > 0 else books.memory.remove
        change(taught.row)
        kinship = self._kinship[case.direction]
        tie = kinship.add if weight > 0 else kinship.remove
        tie(case.client_id, taught.signs, taught.row.treatment.account)
        self._tracks[case.direction].add(case.client_id, taught.outcomes, weight)
        _count(books, taught.row, weight)


def _look(books: _Books, case: Case, parts: Sequence[Part]) -> list[_Look]:
    return [
        _Look(signs, found_by(signs, books.memory), part.rate)
        for part, signs in zip(parts, signs_of(case, parts), strict=True)
    ]


def _name(case: Case) -> object:
    return case.partner, case.invoice.number, case.invoice.issue_date


def _copied(treatment: Treatment, codes: Mapping[str, str]) -> dict[str, str]:
    """For the fields whose code stands in the document: the form of the code."""
    forms = {}
    for name in COPIED:
        value = getattr(treatment, name)
        if value and codes.get(form_of(value)) == value.upper() == value:
            forms[name] = form_of(value)
    return forms


def _count(books: _Books, row: Row, weight: int) -> None:
    for question in (ACCOUNT, *FIELDS):
        account = "" if question is ACCOUNT else row.treatment.account
        counts = books.counts[f"{question.name}|{account}"]
        answer = question.answer(row, {})
        counts[answer] += weight
        if not counts[answer]:
            del counts[answer]
