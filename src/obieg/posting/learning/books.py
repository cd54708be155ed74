"""What is remembered of one client's documents of one direction."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from obieg.posting.learning.copying import form_of
from obieg.posting.learning.evidence import Found, found_by
from obieg.posting.learning.memory import Memory, Row, keys_of
from obieg.posting.learning.questions import ACCOUNT, FIELDS
from obieg.posting.learning.signs import Signs, signs_of
from obieg.posting.suggestion import Case, Part, Treatment

COPIED = ("cost_centre", "project")  # fields whose codes may stand in the document

Name = tuple[str, str, date]  # partner, number and date of issue


@dataclass(frozen=True, slots=True)
class Asked:
    """A line as it is asked about."""

    signs: Signs
    rate: str
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """What the engine keeps of a document: enough to be asked, taught and taken back."""

    client: int
    direction: str
    partner: str
    name: Name
    lines: tuple[Asked, ...]

    @classmethod
    def of(cls, case: Case, parts: Sequence[Part]) -> "Document":
        """The document with these parts."""
        lines = tuple(
            Asked(signs, part.rate, part.description)
            for part, signs in zip(parts, signs_of(case, parts), strict=True)
        )
        name = (case.partner, case.invoice.number, case.invoice.issue_date)
        return cls(case.client_id, case.direction, case.partner, name, lines)


class Books:
    """The decided lines of a client, and counts over them; all can be taken back exactly."""

    def __init__(self) -> None:
        self.memory = Memory()
        self.version = 0
        self._counts: dict[tuple[str, str], Counter[object]] = defaultdict(Counter)
        self._copied: dict[str, Counter[str]] = {name: Counter() for name in COPIED}

    def found(self, document: Document) -> list[Found]:
        """For each line the decided lines that share its signs."""
        return [found_by(line.signs, self.memory) for line in document.lines]

    def counts(self, question: str, account: str) -> Mapping[object, int]:
        """How often each answer was given to a question, at all or about lines of an account."""
        return self._counts[question, account]

    def copied(self, question: str) -> frozenset[str]:
        """The forms of the codes that this client copies from documents into a field."""
        return frozenset(self._copied.get(question, ()))

    def add(self, row: Row) -> None:
        """Remember a decided line."""
        self.memory.add(row)
        self._count(row, 1)

    def remove(self, row: Row) -> None:
        """Forget it, as if it had never been."""
        self.memory.remove(row)
        self._count(row, -1)

    def _count(self, row: Row, weight: int) -> None:
        self.version += 1
        for name, form in row.copied.items():
            _change(self._copied[name], form, weight)
        for question in (ACCOUNT, *FIELDS):
            account = "" if question is ACCOUNT else row.treatment.account
            _change(self._counts[question.name, account], question.answer(row), weight)


def row_of(document: Document, line: Asked, treatment: Treatment) -> Row:
    """The line as it is remembered."""
    codes = line.signs.codes
    copied = {
        name: form
        for name in COPIED
        if codes.get(form := form_of(value := getattr(treatment, name))) == value
    }
    keys = tuple(keys_of(line.signs, treatment.account, line.rate))
    return Row(document.name[2], treatment, copied, frozenset(codes), line.text, keys)


def _change(counts: Counter[Any], key: object, weight: int) -> None:
    counts[key] += weight
    if not counts[key]:
        del counts[key]
