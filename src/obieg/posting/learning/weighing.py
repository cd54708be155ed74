"""How likely each answer to a question is: evidence, weighed."""

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import mul

from obieg.posting.learning.evidence import (
    Found,
    Tally,
    kin_evidence,
    many_evidence,
    single_evidence,
    tally,
)
from obieg.posting.learning.kinship import KINDS
from obieg.posting.learning.questions import ACCOUNT, Codes, Question
from obieg.posting.learning.record import Vote, vote_evidence

Shares = Mapping[str, Sequence[Mapping[str, float]]]
CANDIDATES = 6
_STRONG = {"same": 4.0, "document": 4.0, "same_ids": 4.0, "text": 2.0}


@dataclass(frozen=True, slots=True)
class Candidates:
    """The answers that come into question, with the evidence for each, and that for none."""

    answers: tuple[object, ...]
    evidence: tuple[tuple[float, ...], ...]
    none: tuple[float, ...]
    votes: tuple[Vote, ...]


@dataclass(frozen=True, slots=True)
class Matter:
    """Everything known about one line when a question is asked."""

    question: Question
    found: Found
    codes: Codes
    kin: Shares
    counts: Mapping[object, int]  # how often each answer was given, at all
    trust: Callable[[Vote], float]
    account: str = ""
    others: Sequence[Found] = ()  # of the document's other lines


def candidates(matter: Matter) -> Candidates:
    """The most likely answers, at most `CANDIDATES`, and the evidence."""
    question = matter.question
    tallies = _tallies(question, matter)
    kin = matter.kin if question is ACCOUNT else {}
    votes = _votes(question, tallies)
    trusted = {vote: matter.trust(vote) for vote in votes}
    answers = _shortlist(tallies, kin)
    total = sum(matter.counts.values()) + 0.5 * len(matter.counts) + 0.5
    evidence = tuple(
        _evidence(
            question, matter, tallies, kin, answer, (matter.counts.get(answer, 0) + 0.5) / total
        )
        + vote_evidence(trusted, answer)
        for answer in answers
    )
    return Candidates(answers, evidence, _none(question, matter, tallies, len(answers)), votes)


def votes_on(matter: Matter) -> tuple[Vote, ...]:
    """What each kind of sign says by itself."""
    return _votes(matter.question, _tallies(matter.question, matter))


def probabilities(weighed: Candidates, weights: "Weights") -> list[float]:
    """How likely each of the answers is; what is left to one is that none of them is right."""
    scores = [sum(map(mul, weights.answer, numbers)) for numbers in weighed.evidence] + [
        sum(map(mul, weights.none, weighed.none))
    ]
    most = max(scores)
    powers = [math.exp(score - most) for score in scores]
    total = sum(powers)
    return [power / total for power in powers[:-1]]


@dataclass(frozen=True, slots=True)
class Weights:
    """What each number of the evidence is worth."""

    answer: tuple[float, ...]
    none: tuple[float, ...]


Tallies = list[tuple[str, bool, list[Tally]]]  # kind of sign, whether it is a single one


def _tallies(question: Question, matter: Matter) -> Tallies:
    codes, answer = matter.codes, question.answer
    tallies: Tallies = []
    for kinds, is_single, here in (
        (question.single, True, True),
        (question.many, False, True),
        (question.anywhere_single, True, False),
        (question.anywhere_many, False, False),
    ):
        for kind in kinds:
            lists = matter.found[kind]
            if here:
                account = matter.account
                lists = [[r for r in rows if r.treatment.account == account] for rows in lists]
            counted = [tally(rows, lambda row: answer(row, codes)) for rows in lists if rows]
            tallies.append((kind, is_single, counted))
    return tallies


def _votes(question: Question, tallies: Tallies) -> tuple[Vote, ...]:
    """What each kind of sign says by itself."""
    votes = []
    for place, (kind, _, counted) in enumerate(tallies):
        if not counted:
            continue
        best = max(counted, key=_clearness) if len(counted) > 1 else counted[0]
        answer = max(best.weight, key=best.weight.__getitem__)
        pure = len(best.weight) == 1
        clarity = (2 if pure else 0) + (best.total > 2.5)
        votes.append(Vote(question.name, f"{place}{kind}", clarity, answer))
    return tuple(votes)


def _clearness(counted: Tally) -> float:
    return max(counted.weight.values()) / (counted.total + 0.5)


def _shortlist(tallies: Tallies, kin: Shares) -> tuple[object, ...]:
    scores: dict[object, float] = defaultdict(float)
    for kind, is_single, counted in tallies:
        if not counted:
            continue
        if is_single:
            strength = _STRONG.get(kind, 2.0 if kind.startswith("seller") else 0.4)
        else:
            strength = 0.8 / len(counted)
        for total, weight, _ in counted:
            for answer, here in weight.items():
                scores[answer] += strength * here / (total + 0.5)
    for shares in kin.values():
        for share in shares:
            for answer, here in share.items():
                scores[answer] += 0.8 * here / len(shares)
    return tuple(sorted(scores, key=lambda answer: -scores[answer])[:CANDIDATES])


def _evidence(
    question: Question, matter: Matter, tallies: Tallies, kin: Shares, answer: object, base: float
) -> tuple[float, ...]:
    numbers: list[float] = []
    for _, is_single, counted in tallies:
        if is_single:
            numbers += single_evidence(counted, answer, base)
        else:
            numbers += many_evidence(counted, answer, base)
    if question is ACCOUNT:
        for kind in KINDS:
            numbers += kin_evidence(kin[kind], str(answer), base)
        numbers.append(_of_others(matter.others, answer))
    else:
        numbers.append(1.0 if answer in matter.codes.values() else 0.0)
        numbers.append(1.0 if answer == "" else 0.0)
    numbers.append(math.log(base))
    return tuple(numbers)


def _of_others(others: Sequence[Found], answer: object) -> float:
    """How the document's other lines would be posted, as far as they were seen before."""
    shares = []
    for found in others:
        for rows in found["same"]:
            total, weight, _ = tally(rows, lambda row: row.treatment.account)
            shares.append(weight.get(answer, 0.0) / total)
    return sum(shares) / len(shares) if shares else 0.0


def _none(question: Question, matter: Matter, tallies: Tallies, answers: int) -> tuple[float, ...]:
    numbers = [1.0, math.log(1 + sum(matter.counts.values())), float(answers == 1)]
    numbers.append(1.0 if matter.codes else 0.0)
    for _, is_single, counted in tallies:
        if is_single:
            total = counted[0].total if counted else 0.0
            mixed = 1 - max(counted[0].weight.values()) / total if counted else 0.0
            numbers += (float(not counted), 1 / (1 + total), mixed)
        else:
            numbers.append(float(not counted))
    return tuple(numbers)
