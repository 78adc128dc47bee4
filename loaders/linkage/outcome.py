"""The tables that linking answers with: who each record is and why, and the pairs that are told of. Decides nothing."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from loaders.linkage.explain import ALONE, RECORDED, bases, basis
from loaders.linkage.identity import Key
from loaders.linkage.prior import probability
from loaders.linkage.score import Scored, Scorer
from loaders.linkage.settings import REVIEW_FLOOR, Comparison


def kept_places(labels: npt.NDArray[np.int64], scored: Scored) -> npt.NDArray[np.int64]:
    """Places of the pairs that are told of: at or above the review floor, joined, or with an id to be put right."""
    joined = labels[scored.pairs[:, 0]] == labels[scored.pairs[:, 1]]
    return np.flatnonzero((scored.weights >= REVIEW_FLOOR) | joined | (scored.guards == "borrowed id"))


def reasons_of(
    asked: Scorer, labels: npt.NDArray[np.int64], weights: npt.NDArray[np.float64], scored: Scored
) -> dict[int, tuple[str, float]]:
    """For each joined record why, and with what probability, from its heaviest pair."""
    best = _best_pairs(labels, weights, scored)
    places = sorted(set(best.values()))
    levels = dict(zip(places, asked.levels(scored.pairs[places]), strict=True)) if places else {}
    words = {place: basis(levels[place], asked.comparisons) for place in places}
    chances = probability(weights)
    return {record: (words[place], float(chances[place])) for record, place in best.items()}


def _best_pairs(labels: npt.NDArray[np.int64], weights: npt.NDArray[np.float64], scored: Scored) -> dict[int, int]:
    """For each joined record the place of its heaviest pair inside its cluster."""
    joined = np.flatnonzero(labels[scored.pairs[:, 0]] == labels[scored.pairs[:, 1]])
    best: dict[int, int] = {}
    for place in joined[np.argsort(weights[joined], kind="stable")].tolist():
        best[int(scored.pairs[place, 0])] = best[int(scored.pairs[place, 1])] = place
    return best


def clusters_table(
    labels: npt.NDArray[np.int64], keys: Sequence[Key], ids: Mapping[int, str], reasons: Mapping[int, tuple[str, float]]
) -> pa.Table:
    """A row per record: who it is, why, and how sure that is."""
    sizes = np.bincount(labels, minlength=len(labels))[labels].tolist()
    found = [reasons.get(uid, (RECORDED if size > 1 else ALONE, 1.0)) for uid, size in enumerate(sizes)]
    return pa.table(
        {
            "source": pa.array([source for source, _ in keys], pa.string()),
            "record_id": pa.array([record for _, record in keys], pa.string()),
            "person_id": pa.array([ids[label] for label in labels.tolist()], pa.string()),
            "match_basis": pa.array([reason for reason, _ in found], pa.string()),
            "probability": pa.array([chance for _, chance in found], pa.float64()),
        }
    )


def pairs_table(
    labels: npt.NDArray[np.int64],
    weights: npt.NDArray[np.float64],
    keys: Sequence[Key],
    scored: Scored,
    kept: npt.NDArray[np.int64],
) -> pa.Table:
    """A row per pair that is told of: those at the places `kept`."""
    joined = labels[scored.pairs[:, 0]] == labels[scored.pairs[:, 1]]
    left, right = scored.pairs[kept, 0].tolist(), scored.pairs[kept, 1].tolist()
    text = pa.string()
    return pa.table(
        {
            "source_l": pa.array([keys[uid][0] for uid in left], text),
            "record_id_l": pa.array([keys[uid][1] for uid in left], text),
            "source_r": pa.array([keys[uid][0] for uid in right], text),
            "record_id_r": pa.array([keys[uid][1] for uid in right], text),
            "match_weight": pa.array(weights[kept], pa.float64()),
            "match_probability": pa.array(probability(weights[kept]), pa.float64()),
            "joined": pa.array(joined[kept], pa.bool_()),
            "guard": pa.array([name or None for name in scored.guards[kept].tolist()], text),
        }
    )


def with_bases(pairs: pa.Table, told: pa.Table, comparisons: Sequence[Comparison]) -> pa.Table:
    """The kept pairs with what each alone would be joined by."""
    levels = [str(text) for text in told["levels"].to_pylist()]
    return pairs.append_column("match_basis", pa.array(bases(levels, comparisons), pa.string()))
