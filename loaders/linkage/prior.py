"""The prior of a linking: the probability that two records drawn at random are one person, and where it comes from.

Pure arithmetic on counts, weights and a model.
"""

import math

import numpy as np
import numpy.typing as npt

from loaders.linkage.model import Model
from loaders.linkage.settings import LEAST_MATCHES, PRIOR_DRIFT, PRIOR_DRIFT_BLIND, PRIOR_PAIRS, RULES_RECALL

_SETTLED = 1e-9  # share by which the prior still moves when it has settled: nothing to a weight of four digits
Weights = npt.NDArray[np.float64]


def first_prior(sure: int, possible: float, model: Model | None = None) -> float:
    """The prior from the number of sure pairs among all `possible` ones, and what share of the true ones is sure."""
    return (sure / (_rules_recall(model) if model else RULES_RECALL) + 1) / (possible + PRIOR_PAIRS)


def _rules_recall(model: Model) -> float:
    """Share of true matches that count as sure: where records are dirty, as often as names and date are the same."""
    return min(RULES_RECALL, math.prod(model.parameters[name][0][0] for name in ("forename", "surname", "dob")))


def drift(sure: int) -> float:
    """The factor by which the prior may follow the predicted matches."""
    return PRIOR_DRIFT if sure >= LEAST_MATCHES else PRIOR_DRIFT_BLIND


def follow_matches(weights: Weights, prior: float, possible: float, drift: float) -> tuple[Weights, float]:
    """The weights under a prior that agrees with the matches they predict, at most a factor `drift` from the first."""
    first, used, moved = np.log2(prior / (1 - prior)), prior, weights
    for _ in range(20):
        wanted = (probability(moved).sum() + 1) / (possible + PRIOR_PAIRS)
        before, used = used, float(np.clip(wanted, prior / drift, min(prior * drift, 0.5)))
        moved = weights - first + np.log2(used / (1 - used))
        if abs(used - before) <= _SETTLED * used:
            break
    return moved, float(f"{used:.6g}")


def probability(weights: Weights) -> Weights:
    """Of weights in log2 odds."""
    return np.asarray(1 / (1 + np.exp2(-np.clip(weights, -500, 500))))
