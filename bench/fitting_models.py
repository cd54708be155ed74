"""The two models that `bench.fitting` fits: the choice among candidates, and the belief in it."""

from collections.abc import Sequence
from typing import Any

from obieg.posting.learning.calibration import logit
from obieg.posting.learning.weighing import CANDIDATES, Candidates

try:
    import numpy as np
    from scipy.optimize import minimize
except ImportError as error:
    raise SystemExit(
        "Fitting needs numpy and scipy, which are no part of the product:"
        " pip install --target DIRECTORY numpy scipy, then PYTHONPATH=DIRECTORY."
    ) from error

NEWNESSES = 3
RIDGE_OF_BELIEF = 1.0


def fit_choice(
    examples: Sequence[tuple[Candidates, object]], ridge: float, digits: int
) -> dict[str, Any]:
    """The weights of a conditional logistic model whose last answer is that none is right."""
    numbers, nones = len(examples[0][0].evidence[0]), len(examples[0][0].none)
    evidence = np.zeros((len(examples), CANDIDATES, numbers))
    none = np.array([known.none for known, _ in examples])
    absent = np.ones((len(examples), CANDIDATES + 1), dtype=bool)
    right = np.full(len(examples), CANDIDATES)
    for place, (known, answer) in enumerate(examples):
        count = len(known.answers)
        evidence[place, :count] = known.evidence
        absent[place, :count] = absent[place, CANDIDATES] = False
        if answer in known.answers:
            right[place] = known.answers.index(answer)
    rows = np.arange(len(examples))

    def loss(weights: Any) -> tuple[float, Any]:
        scores = np.empty(absent.shape)
        scores[:, :CANDIDATES] = evidence @ weights[:numbers]
        scores[:, CANDIDATES] = none @ weights[numbers:]
        scores[absent] = -np.inf
        scores -= scores.max(axis=1, keepdims=True)
        shares = np.exp(scores)
        shares /= shares.sum(axis=1, keepdims=True)
        error = shares.copy()
        error[rows, right] -= 1
        gradient = np.concatenate(
            [np.einsum("nc,ncf->f", error[:, :CANDIDATES], evidence), error[:, CANDIDATES] @ none]
        )
        cost = -np.log(np.maximum(shares[rows, right], 1e-12)).sum()
        return cost + ridge * (weights @ weights) / 2, gradient + ridge * weights

    found = minimize(loss, np.zeros(numbers + nones), jac=True, method="L-BFGS-B").x
    return {"answer": rounded(found[:numbers], digits), "none": rounded(found[numbers:], digits)}


def fit_belief(
    likelihoods: Sequence[Sequence[float]],
    newness: Sequence[int],
    right: Sequence[bool],
    digits: int,
) -> dict[str, Any]:
    """The weights of `learning.belief.Belief`, fitted to what came true."""
    logits = np.array([[logit(one) for one in answers] for answers in likelihoods])
    whole = np.array([logit(np.prod(answers).item()) for answers in likelihoods])
    new = np.eye(NEWNESSES)[list(newness)]
    several = logits.shape[1] > 1
    each = [logits, logits.min(axis=1, keepdims=True)] if several else []
    inputs = np.hstack([new, new * whole[:, None], *each])
    truth = np.array(right, dtype=float)
    start = np.concatenate(
        [np.zeros(NEWNESSES), np.ones(NEWNESSES), np.zeros(inputs.shape[1] - 2 * NEWNESSES)]
    )

    def loss(weights: Any) -> tuple[float, Any]:
        scores = inputs @ weights
        away = weights - start
        cost = np.logaddexp(0, scores).sum() - truth @ scores
        gradient = inputs.T @ (1 / (1 + np.exp(-scores)) - truth)
        return cost + RIDGE_OF_BELIEF * (away @ away) / 2, gradient + RIDGE_OF_BELIEF * away

    found = rounded(minimize(loss, start, jac=True, method="L-BFGS-B").x, digits)
    shift, slope, rest = found[:3], found[3:6], found[6:]
    return {
        "shift": shift,
        "slope": slope,
        "each": rest[:-1] if several else [0.0],
        "weakest": rest[-1] if several else 0.0,
    }


def rounded(numbers: Any, digits: int) -> list[float]:
    """As they are stored."""
    return np.round(numbers, digits).tolist()
