"""A year played in order: every document is proposed, then what people decided is learned."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from obieg.posting.evaluation.folder import Played
from obieg.posting.evaluation.score import Document, Line
from obieg.posting.learning.learner import NO_ANSWER, Answer, Learner
from obieg.posting.suggestion import Case, Part, Treatment


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one document."""

    month: str  # YYYY-MM
    account: Document
    posting: Document
    seconds: float  # to propose and to learn


def play(documents: Iterable[Played], learner: Learner) -> Iterator[Outcome]:
    """Propose each document, compare, then learn its decision."""
    for document in documents:
        started = time.perf_counter()
        answers = learner.answers(document.case)
        decision = decision_of(document.case, document.labels)
        learner.learn(document.case, decision)
        seconds = time.perf_counter() - started
        pairs = _compared(document, answers)
        yield Outcome(
            document.month,
            [
                Line(found.account_confidence, found.treatment.account == right.account)
                for found, right in pairs
            ],
            [Line(found.confidence, found.treatment == right) for found, right in pairs],
            seconds,
        )


def decision_of(case: Case, labels: dict[int, Treatment]) -> list[tuple[Part, Treatment]]:
    """How the parts were posted; a part of several lines as the first of them."""
    return [
        (part, labels[number])
        for part in case.parts
        if (number := next((n for n in part.source_lines if n in labels), None)) is not None
    ]


def _compared(document: Played, answers: Iterable[Answer]) -> list[tuple[Answer, Treatment]]:
    """Each labelled line with the answer for its part; none proposed where it has no part."""
    by_line = {
        number: answer
        for part, answer in zip(document.case.parts, answers, strict=True)
        for number in part.source_lines
    }
    return [(by_line.get(number, NO_ANSWER), right) for number, right in document.labels.items()]
