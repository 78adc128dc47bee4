"""What a linking says of itself: counts, the model, and what somebody should know. Never a record."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from loaders.linkage.score import Scored
from loaders.linkage.settings import MODEL_VERSION, REVIEW_FLOOR

_LARGEST_SHOWN = 5
_NOT_COUNTS = ("model", "frequencies", "engine_notes")


def summary(
    labels: npt.NDArray[np.int64],
    weights: npt.NDArray[np.float64],
    scored: Scored,
    seconds: Mapping[str, float],
    disobeyed: int,
) -> dict[str, Any]:
    """Counts of one linking for its report: records, persons, pairs, guards, cluster sizes, the model, what to know."""
    sizes = Counter(np.unique(labels, return_counts=True)[1].tolist())
    model = scored.facts["model"]
    joined = labels[scored.pairs[:, 0]] == labels[scored.pairs[:, 1]] if len(scored.pairs) else np.zeros(0, dtype=bool)
    guarded = Counter(name for name in scored.guards[scored.weights >= REVIEW_FLOOR].tolist() if name)
    return {
        "model_version": MODEL_VERSION,
        "records": len(labels),
        "persons": sum(sizes.values()),
        **{name: value for name, value in scored.facts.items() if name not in _NOT_COUNTS},
        "pairs_joined": int(joined.sum()),
        "pairs_for_review": int(((scored.weights >= REVIEW_FLOOR) & ~joined).sum()),
        "guarded": dict(sorted(guarded.items())),
        "cluster_sizes": {str(size): count for size, count in sorted(sizes.items())},
        "largest_clusters": sorted(sizes.elements(), reverse=True)[:_LARGEST_SHOWN],
        "m_and_u": {name: [[m, u] for m, u in values] for name, values in model.parameters.items()},
        "notes": [
            *model.notes,
            *scored.facts["engine_notes"],
            *_prior_notes(scored.facts),
            *_disobeyed_notes(disobeyed),
        ],
        "seconds": dict(seconds),
    }


def _disobeyed_notes(number: int) -> list[str]:
    """Decisions that two records are one person, against an adoption or another decision that keeps them apart."""
    return [f"decisions to join that another decision, or an adoption, forbids: {number}"] if number else []


def _prior_notes(facts: Mapping[str, Any]) -> list[str]:
    predicted, expected = facts["predicted_matches"], facts["expected_matches"]
    if expected and not 1 / 3 <= predicted / expected <= 3 and max(predicted, expected) > 30:
        return [
            f"the prior expected {expected:.0f} matching pairs and {predicted:.0f} are predicted:"
            " look at the columns given"
        ]
    return []
