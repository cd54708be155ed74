"""How likely each answer to a question is: the evidence for it, weighed."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
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
from obieg.posting.learning.memory import Row
from obieg.posting.learning.questions import ACCOUNT, Codes, Question
from obieg.posting.learning.record import Trust, Vote, vote_evidence
from obieg.posting.learning.voting import voters

Shares = Mapping[str, Sequence[Mapping[str, float]]]
Tallies = Sequence[tuple[str, bool, Sequence[Tally]]]  # kind of sign, whether it is a single one
CANDIDATES = 5
_NEGLIGIBLE = 0.02  # of the best candidate's score
_STRONG = {"same": 4.0, "document": 4.0, "same_ids": 4.0, "text": 2.0}  # for the shortlist only


@dataclass(frozen=True, slots=True)
class Matter:
    """Everything known about one line when a question is asked."""

    question: Question
    found: Found
    of_account: Found  # the same lines of the account alone, as far as they were asked for
    codes: Codes
    kin: Shares
    counts: Mapping[object, int]  # how often each answer was given, at all
    trust: Trust
    account: str = ""
    copied: frozenset[str] = frozenset()  # forms of the codes that this client copies
    others: Sequence[Found] = ()  # of the document's other lines


@dataclass(frozen=True, slots=True)
class Candidates:
    """The answers that come into question, with the evidence for each, and that for none."""

    answers: tuple[object, ...]
    evidence: tuple[tuple[float, ...], ...]
    none: tuple[float, ...]
    votes: tuple[Vote, ...]


@dataclass(frozen=True, slots=True)
class Weights:
    """What each number of the evidence is worth."""

    answer: tuple[float, ...]
    none: tuple[float, ...]


def candidates(matter: Matter) -> Candidates:
    """The most likely answers, at most `CANDIDATES`, and the evidence."""
    tallies = _tallies(matter)
    votes = _votes(matter.question, tallies)
    trusted = [(vote.answer, matter.trust.in_vote(vote)) for vote in votes]
    answers = _shortlist(tallies, matter.kin)
    total = sum(matter.counts.values()) + 0.5 * len(matter.counts) + 0.5
    bases = [(matter.counts.get(answer, 0) + 0.5) / total for answer in answers]
    evidence = tuple(
        (*_evidence(matter, tallies, answer, base), *vote_evidence(trusted, answer))
        for answer, base in zip(answers, bases, strict=True)
    )
    return Candidates(answers, evidence, _none(matter, tallies, len(answers)), votes)


def votes_on(matter: Matter) -> tuple[Vote, ...]:
    """What each kind of sign says by itself."""
    return _votes(matter.question, _tallies(matter))


def probabilities(known: Candidates, weights: Weights) -> list[float]:
    """How likely each of the answers is; what is left to one is that none of them is right."""
    scores = [sum(map(mul, weights.answer, numbers)) for numbers in known.evidence]
    scores.append(sum(map(mul, weights.none, known.none)))
    most = max(scores)
    powers = [math.exp(score - most) for score in scores]
    total = sum(powers)
    return [power / total for power in powers[:-1]]


def _tallies(matter: Matter) -> Tallies:
    question = matter.question
    answers, codes, copied = question.answers, matter.codes, matter.copied
    uncoded = copied.isdisjoint(codes)
    tallies = []
    for kinds, is_single, here in (
        (question.single, True, True),
        (question.many, False, True),
        (question.anywhere_single, True, False),
        (question.anywhere_many, False, False),
    ):
        for kind in kinds:
            lists = _of_account(matter, kind) if here else matter.found[kind]
            if copied and lists:
                lists = [kept for rows in lists if (kept := _alike(rows, copied, uncoded))]
            tallies.append((kind, is_single, [tally(answers(rows, codes)) for rows in lists]))
    return tallies


def _of_account(matter: Matter, kind: str) -> list[list[Row]]:
    """The lines with the kind's signs that were posted to the account; found once for it."""
    lists = matter.of_account.get(kind)
    if lists is None:
        account = matter.account
        lists = [
            kept
            for rows in matter.found[kind]
            if (kept := [row for row in rows if row.treatment.account == account])
        ]
        matter.of_account[kind] = lists
    return lists


def _alike(rows: list[Row], copied: frozenset[str], uncoded: bool) -> list[Row]:
    """The lines that had a code to copy just as the line asked about has or has not."""
    return [row for row in rows if uncoded is copied.isdisjoint(row.forms)]


def _votes(question: Question, tallies: Tallies) -> tuple[Vote, ...]:
    """Each kind votes by its clearest sign."""
    votes = []
    known = voters(question)
    for place, (_, _, counted) in enumerate(tallies):
        if counted:
            best = max(counted, key=_clearness) if len(counted) > 1 else counted[0]
            clarity = (2 if best.top == best.total else 0) + (best.total > 2.5)
            votes.append(Vote(place, clarity, known[place][clarity], best.answer))
    return tuple(votes)


def _clearness(counted: Tally) -> float:
    return counted.top / (counted.total + 0.5)


def _shortlist(tallies: Tallies, kin: Shares) -> tuple[object, ...]:
    scores: dict[object, float] = defaultdict(float)
    for kind, is_single, counted in tallies:
        if is_single:
            strength = _STRONG.get(kind, 2.0 if kind.startswith("seller") else 0.4)
        else:
            strength = 0.8 / (len(counted) or 1)
        for found in counted:
            for answer, weight in found.weight.items():
                scores[answer] += strength * weight / (found.total + 0.5)
    for shares in kin.values():
        for share in shares:
            for account, weight in share.items():
                scores[account] += 0.8 * weight / len(shares)
    if not scores:
        return ()
    enough = _NEGLIGIBLE * max(scores.values())
    likely = [answer for answer, score in scores.items() if score >= enough]
    return tuple(sorted(likely, key=lambda answer: -scores[answer])[:CANDIDATES])


def _evidence(matter: Matter, tallies: Tallies, answer: object, base: float) -> list[float]:
    numbers: list[float] = []
    for _, is_single, counted in tallies:
        weigh = single_evidence if is_single else many_evidence
        numbers += weigh(counted, answer, base)
    if matter.question is ACCOUNT:
        for kind in KINDS:
            numbers += kin_evidence(matter.kin[kind], str(answer), base)
        numbers.append(_of_others(matter.others, answer))
    else:
        numbers += (_flag(answer in matter.codes.values()), _flag(answer == ""))
    numbers.append(math.log(base))
    return numbers


def _of_others(others: Sequence[Found], answer: object) -> float:
    """How the document's other lines would be posted, as far as they were seen before."""
    shares = []
    for found in others:
        for rows in found["same"]:
            counted = tally(ACCOUNT.answers(rows, {}))
            shares.append(counted.weight.get(answer, 0.0) / counted.total)
    return sum(shares) / len(shares) if shares else 0.0


def _none(matter: Matter, tallies: Tallies, answers: int) -> tuple[float, ...]:
    """What speaks for an answer that was never given: signs never seen, or contradictory."""
    known = math.log(1 + sum(matter.counts.values()))
    numbers = [1.0, known, _flag(answers == 1), _flag(bool(matter.codes))]
    for _, is_single, counted in tallies:
        numbers.append(_flag(not counted))
        if is_single:
            first = counted[0] if counted else None
            numbers.append(1 / (1 + first.total) if first else 1.0)
            numbers.append(1 - first.top / first.total if first else 0.0)
    return tuple(numbers)


def _flag(holds: bool) -> float:
    return 1.0 if holds else 0.0
