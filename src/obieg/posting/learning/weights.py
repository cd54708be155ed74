"""The weights of the evidence: generic, found by playing a year of eight firms' decisions."""

import json
from functools import cache
from importlib.resources import files

from obieg.posting.learning.weighing import Weights


@cache
def weights_of(question: str) -> Weights:
    """What each number of the evidence for a question is worth."""
    stored = json.loads(files(__package__).joinpath("weights.json").read_bytes())[question]
    return Weights(tuple(stored["answer"]), tuple(stored["none"]))
