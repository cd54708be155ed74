"""The weights of the evidence: generic, found by playing a year of eight firms' decisions."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

from obieg.posting.learning.belief import Belief
from obieg.posting.learning.weighing import Weights


@cache
def weights_of(question: str) -> Weights:
    """What each number of the evidence for a question is worth."""
    stored = _stored()[question]
    return Weights(tuple(stored["answer"]), tuple(stored["none"]))


@cache
def belief_in(subject: str) -> Belief:
    """How likelihoods become a belief: in an `account` alone, or in the whole `treatment`."""
    stored = _stored()["belief"][subject]
    return Belief(
        tuple(stored["shift"]),
        tuple(stored["slope"]),
        tuple(stored["each"]),
        stored["weakest"],
    )


@cache
def _stored() -> Any:
    return json.loads(files(__package__).joinpath("weights.json").read_bytes())
