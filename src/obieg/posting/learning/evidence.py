"""What the decided lines that share a sign say: for each possible answer, numbers to be weighed."""

import math
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from obieg.posting.learning.memory import Memory, Row
from obieg.posting.learning.signs import Signs

LATEST = 8  # decisions that count for a sign
_WEIGHTS = tuple(0.86**age for age in range(LATEST))  # an older one counts less: habits change
_TOTALS = tuple(sum(_WEIGHTS[:count]) for count in range(LATEST + 1))
_DOUBT = 0.3  # decisions that are as good as none

ALWAYS = ("all", "account", "account_rate", "account_plated")  # kinds known with the account


class Tally(NamedTuple):
    """How the latest lines with one sign were answered."""

    total: float
    weight: Mapping[object, float]  # by answer
    last: object
    answer: object  # the most frequent
    top: float  # its weight


Found = dict[str, list[list[Row]]]  # kind of sign -> for each sign the lines that have it


def found_by(signs: Signs, memory: Memory) -> Found:
    """The latest lines that share a sign with the line asked about."""
    found: Found = {}
    for kind, name in signs.single.items():
        rows = list(islice(memory.newest(kind, name), LATEST)) if name else []
        found[kind] = [rows] if rows else []
    for kind, names in signs.many.items():
        lists = (list(islice(memory.newest(kind, name), LATEST)) for name in names)
        found[kind] = [rows for rows in lists if rows]
    for kind, names in signs.asked.items():
        lists = (list(islice(memory.newest(kind, name), LATEST)) for name in names)
        found[kind] = [rows for rows in lists if rows][:1]
    return found


def found_with(account: str, signs: Signs, memory: Memory, rate: str) -> Found:
    """The latest lines of an account."""
    names = ("", account, f"{account}|{rate}", f"{account}|{signs.single['plated']}")
    return {
        kind: [rows] if (rows := list(islice(memory.newest(kind, name), LATEST))) else []
        for kind, name in zip(ALWAYS, names, strict=True)
    }


def tally(answers: Sequence[object]) -> Tally:
    """Count the answers of at least one line, the newest first."""
    last, total = answers[0], _TOTALS[len(answers)]
    if answers.count(last) == len(answers):
        return Tally(total, {last: total}, last, last, total)
    weight: dict[object, float] = {}
    for answer, factor in zip(answers, _WEIGHTS, strict=False):
        weight[answer] = weight.get(answer, 0.0) + factor
    best = max(weight, key=weight.__getitem__)
    return Tally(total, weight, last, best, weight[best])


def single_evidence(tallies: Sequence[Tally], answer: object, base: float) -> tuple[float, ...]:
    """Log odds where few, some or many lines have the sign; whether the last one says so."""
    if not tallies:
        return 0.0, 0.0, 0.0, 0.0
    total, weight, last, _, _ = tallies[0]
    odds = math.log((weight.get(answer, 0.0) + _DOUBT * base) / (total + _DOUBT) / base)
    said_last = 1.0 if last == answer else 0.0
    if total < 1.5:
        return odds, 0.0, 0.0, said_last
    return (0.0, odds, 0.0, said_last) if total < 3.5 else (0.0, 0.0, odds, said_last)


def many_evidence(tallies: Sequence[Tally], answer: object, base: float) -> tuple[float, ...]:
    """Over several signs of a kind: summed log odds, the most and the least telling one."""
    if not tallies:
        return 0.0, 0.0, 0.0, 0.0
    odds, most, least = 0.0, 0.0, 1.0
    for total, weight, *_ in tallies:
        here = weight.get(answer, 0.0)
        odds += math.log((here + _DOUBT * base) / (total + _DOUBT) / base)
        share = here / (total + 0.5)
        most, least = max(most, share), min(least, share)
    strongest = math.log((most + 0.02 * base) / base / 1.02)
    return odds / math.sqrt(len(tallies)), most, least, strongest


def kin_evidence(
    shares: Sequence[Mapping[str, float]], answer: str, base: float
) -> tuple[float, ...]:
    """What the other clients' accounts stand for: mean, most, and the mean as log odds."""
    if not shares:
        return 0.0, 0.0, 0.0
    here = [share.get(answer, 0.0) for share in shares]
    mean = sum(here) / len(here)
    return mean, max(here), math.log((mean + 0.1 * base) / base / 1.1)
