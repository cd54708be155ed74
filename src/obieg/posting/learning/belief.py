"""From the likelihoods of the single answers to the belief in an account and in a treatment.

The answers about one line are not independent, and a partner never seen deserves less belief; how
much was measured with the weights. `calibration` then corrects what an office's own year shows.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from obieg.posting.learning.calibration import logit


@dataclass(frozen=True, slots=True)
class Belief:
    """Weights of a logistic model; lists by newness have three numbers."""

    shift: tuple[float, ...]  # by newness
    slope: tuple[float, ...]  # by newness: of all answers together
    each: tuple[float, ...]  # of each answer's likelihood, the account's first
    weakest: float  # of the least likely answer's

    def in_answers(self, likelihoods: Sequence[float], newness: int) -> float:
        """How far to believe that all answers are right, from 0 to 1."""
        scores = [logit(one) for one in likelihoods]
        score = self.shift[newness] + self.slope[newness] * logit(math.prod(likelihoods))
        score += sum(weight * one for weight, one in zip(self.each, scores, strict=False))
        score += self.weakest * min(scores)
        return 1 / (1 + math.exp(-score))
