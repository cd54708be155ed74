"""The weights of the evidence: generic, found by playing a year of eight firms' decisions."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Self

from obieg.posting.learning.belief import Belief
from obieg.posting.learning.weighing import Weights


@dataclass(frozen=True, slots=True)
class Model:
    """What each number of the evidence is worth, and how likelihoods become a belief."""

    weights: Mapping[str, Weights]  # by question
    in_account: Belief
    in_treatment: Belief

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """What `bench/fitting.py` wrote."""
        belief = {
            subject: Belief(
                tuple(one["shift"]), tuple(one["slope"]), tuple(one["each"]), one["weakest"]
            )
            for subject, one in stored["belief"].items()
        }
        weights = {
            question: Weights(tuple(one["answer"]), tuple(one["none"]))
            for question, one in stored.items()
            if question != "belief"
        }
        return cls(weights, belief["account"], belief["treatment"])


@cache
def shipped() -> Model:
    """The model that comes with the program."""
    return Model.from_json(json.loads(files(__package__).joinpath("weights.json").read_bytes()))
