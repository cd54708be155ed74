"""What is remembered of one client's documents of one direction."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from obieg.posting.learning.copying import form_of
from obieg.posting.learning.documents import Document, Said
from obieg.posting.learning.evidence import Found, found_by
from obieg.posting.learning.lessons import Lesson
from obieg.posting.learning.memory import Memory, Row, keys_of
from obieg.posting.learning.questions import ACCOUNT, FIELDS
from obieg.posting.learning.record import TrackRecord
from obieg.posting.learning.signs import Signs
from obieg.posting.suggestion import Shares, Treatment

COPIED = ("cost_centre", "project")  # fields whose codes may stand in the document


class Books:
    """The decided lines of a client, and counts over them; all can be taken back exactly."""

    def __init__(self) -> None:
        self.memory = Memory()
        self.record = TrackRecord()
        self.version = 0
        self._records: dict[str, TrackRecord] = defaultdict(TrackRecord)  # by partner
        self._rows: dict[int, tuple[Row, ...]] = {}  # of each lesson
        self._counts: dict[tuple[str, str], Counter[object]] = defaultdict(Counter)
        self._copied: dict[str, Counter[str]] = {name: Counter() for name in COPIED}

    def __contains__(self, key: int) -> bool:
        """Whether the lesson of this key is remembered."""
        return key in self._rows

    def __len__(self) -> int:
        """How many lessons are remembered."""
        return len(self._rows)

    @property
    def latest(self) -> int:
        """The key of the last lesson; 0 before the first."""
        return next(reversed(self._rows), 0)

    def found(self, signs: Sequence[Signs]) -> list[Found]:
        """For each line the decided lines that share its signs."""
        return [found_by(one, self.memory) for one in signs]

    def counts(self, question: str, account: str) -> Mapping[object, int]:
        """How often each answer was given to a question, at all or about lines of an account."""
        return self._counts[question, account]

    def copied(self, question: str) -> frozenset[str]:
        """The forms of the codes that this client copies from documents into a field."""
        return frozenset(self._copied.get(question, ()))

    def record_of(self, partner: str) -> TrackRecord:
        """The track record at one partner."""
        return self._records[partner]

    def take_in(self, key: int, lesson: Lesson) -> None:
        """Remember a lesson that is not remembered yet."""
        document = lesson.document
        rows = tuple(
            row_of(document, *line)
            for line in zip(
                document.lines, lesson.signs, lesson.treatments, lesson.shares, strict=True
            )
        )
        self._rows[key] = rows
        for row in rows:
            self.memory.add(row)
            self._count(row, 1)
        self._measure(lesson, 1)

    def take_back(self, key: int, lesson: Lesson) -> None:
        """Forget a lesson, as if it had never been."""
        for row in reversed(self._rows.pop(key)):
            self.memory.remove(row)
            self._count(row, -1)
        self._measure(lesson, -1)

    def _measure(self, lesson: Lesson, weight: int) -> None:
        at_partner = self._records[lesson.document.partner]
        for measured in lesson.measured:
            outcomes = list(measured.outcomes)
            self.record.add(outcomes, weight)
            at_partner.add(outcomes, weight)

    def _count(self, row: Row, weight: int) -> None:
        self.version += 1
        for name, form in row.copied.items():
            _change(self._copied[name], form, weight)
        for question in (ACCOUNT, *FIELDS):
            account = "" if question is ACCOUNT else row.treatment.account
            _change(self._counts[question.name, account], question.answer(row), weight)


def row_of(
    document: Document, said: Said, signs: Signs, treatment: Treatment, shares: Shares = ()
) -> Row:
    """A line as it is remembered."""
    codes = signs.codes
    copied = {
        name: form
        for name in COPIED
        if codes.get(form := form_of(value := getattr(treatment, name))) == value
    }
    return Row(
        document.number,
        document.issued_on,
        treatment,
        copied,
        frozenset(codes),
        tuple(keys_of(signs, treatment.account, said.rate)),
        shares,
    )


def _change(counts: Counter[Any], key: object, weight: int) -> None:
    counts[key] += weight
    if not counts[key]:
        del counts[key]
