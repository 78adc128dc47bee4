"""Constrained average-link clustering of scored pairs. Pure: numbers in, numbers out; it knows nothing of people.

Two clusters are joined when the mean weight of the pairs between them is the highest and above zero. A pair that was
never met counts as UNMET_WEIGHT; a pair that nothing allowed to be scored ("silent") counts for nothing. Cannot-links
and groups that hold each person once are never broken; must-links are joined first, unless a cannot-link forbids it.
Last, where somebody decided that two records are one person, the two clusters they are in by then are joined whole.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from loaders.linkage import at_once, one_by_one
from loaders.linkage.one_by_one import Inside
from loaders.linkage.settings import BEYOND_CAP, JOIN_WEIGHT, WEIGHT_CAP

Numbers = npt.NDArray[np.int64]
Weights = npt.NDArray[np.float64]
LARGEST = 48  # records of a component that is clustered at once with others of its size
_CELLS = 1 << 20  # pairs of records held at a time, of such components
_NONE: Numbers = np.empty((0, 2), dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Problem:
    """`size` records numbered from 0; `pairs` an (n, 2) array of scored pairs, smaller number first, with `weights`.

    `groups[i]` is the group of record i in which no two records may be joined, or -1.
    """

    size: int
    pairs: Numbers
    weights: Weights
    must: Numbers = field(default_factory=lambda: _NONE)
    cannot: Numbers = field(default_factory=lambda: _NONE)
    decided: Numbers = field(default_factory=lambda: _NONE)
    silent: Numbers = field(default_factory=lambda: _NONE)
    groups: Numbers | None = None


def connected(size: int, pairs: Numbers) -> Numbers:
    """For each record the smallest number in its connected component."""
    labels = np.arange(size, dtype=np.int64)
    while len(pairs):
        least = np.minimum(labels[pairs[:, 0]], labels[pairs[:, 1]])
        before = labels.copy()
        for side in (0, 1):
            np.minimum.at(labels, labels[pairs[:, side]], least)
            np.minimum.at(labels, pairs[:, side], least)
        labels = labels[labels]
        if np.array_equal(before, labels):
            break
    return labels


def components(problem: Problem) -> Numbers:
    """Components over pairs above the joining weight, must-links and decisions: no join can ever cross them."""
    likely = problem.pairs[problem.weights > JOIN_WEIGHT]
    return connected(problem.size, np.concatenate((likely, problem.must, problem.decided)))


def unsettled(problem: Problem, labels: Numbers) -> npt.NDArray[np.bool_]:
    """Per component label, whether it needs clustering: not every pair inside is scored, positive and unconstrained."""
    sizes = np.bincount(labels, minlength=problem.size)
    inside = labels[problem.pairs[:, 0]] == labels[problem.pairs[:, 1]]
    good = inside & (problem.weights > JOIN_WEIGHT)
    joined = np.bincount(labels[problem.pairs[good, 0]], minlength=problem.size)
    hard = joined != sizes * (sizes - 1) // 2
    for constraint in (problem.cannot, problem.must, problem.decided):
        hard[labels[constraint[:, 0]]] = True
    if problem.groups is not None:
        hard[labels[_repeated(labels, problem.groups)]] = True
    return np.asarray(hard & (sizes > 1))


def _repeated(labels: Numbers, groups: Numbers) -> Numbers:
    grouped = np.flatnonzero(groups >= 0)
    keys = np.stack((labels[grouped], groups[grouped]), axis=1)
    _, place, counts = np.unique(keys, axis=0, return_inverse=True, return_counts=True)
    return grouped[counts[place.ravel()] > 1]


def members(labels: Numbers, wanted: npt.NDArray[np.bool_]) -> dict[int, Numbers]:
    """The records of each wanted component, in order."""
    chosen = np.flatnonzero(wanted[labels])
    order = chosen[np.argsort(labels[chosen], kind="stable")]
    starts = np.flatnonzero(np.r_[True, np.diff(labels[order]) != 0]) if len(order) else np.empty(0, dtype=np.int64)
    return {int(labels[part[0]]): part for part in np.split(order, starts[1:]) if len(part)}


def of_one_size(parts: Iterable[Numbers]) -> Iterator[Numbers]:
    """Components, those of one size together: arrays of shape (how many, size), never too large to hold."""
    by_size: dict[int, list[Numbers]] = {}
    for part in parts:
        by_size.setdefault(len(part), []).append(part)
    for size, found in by_size.items():
        most = max(1, _CELLS // size**2)
        yield from (np.stack(found[start : start + most]) for start in range(0, len(found), most))


def unscored(problem: Problem, labels: Numbers, hard: npt.NDArray[np.bool_]) -> Numbers:
    """Every pair inside an unsettled component that was never scored, smaller number first."""
    every = [_all_pairs(parts) for parts in of_one_size(members(labels, hard).values()) if parts.shape[1] > 2]
    if not every:
        return _NONE
    pairs = np.concatenate(every)
    scored = problem.pairs[hard[labels[problem.pairs[:, 0]]]]
    known = scored[:, 0] * problem.size + scored[:, 1]
    return pairs[~np.isin(pairs[:, 0] * problem.size + pairs[:, 1], known)]


def _all_pairs(parts: Numbers) -> Numbers:
    """Every pair within each row of `parts`, which are components of one size."""
    first, second = np.triu_indices(parts.shape[1], 1)
    return np.stack((parts[:, first].ravel(), parts[:, second].ravel()), axis=1)


def cluster(problem: Problem, labels: Numbers | None = None, largest: int = LARGEST) -> Numbers:
    """For each record the smallest record number of its cluster. The order of the pairs does not matter. `labels` are
    the components, where they are known already; those of more than `largest` records are clustered one by one.
    """
    labels = components(problem) if labels is None else labels
    hard = unsettled(problem, labels)
    special = np.bincount(labels, minlength=problem.size) > largest
    for decisions in (problem.must, problem.decided):
        special[labels[decisions[:, 0]]] = True
    result = labels.copy()
    alike, alone = hard & ~special, hard & special
    inside = _inside_of(problem, labels, alike)
    together = list(of_one_size(members(labels, alike).values()))
    with ThreadPoolExecutor(os.cpu_count()) as side_by_side:  # numpy leaves the interpreter to others while it reckons
        for parts, found in zip(together, side_by_side.map(partial(_at_once, inside), together), strict=True):
            result[parts] = found
    linked = _by_component(_inside_of(problem, labels, alone), labels, alone)
    for label, part in members(labels, alone).items():
        for group in one_by_one.agglomerate(part.tolist(), linked[label], problem.groups):
            result[group] = min(group)
    return result


def _at_once(problem: Problem, parts: Numbers) -> Numbers:
    """The least record of the cluster of each record, for components of one size."""
    return np.take_along_axis(parts, at_once.agglomerate(_between(problem, parts)), axis=1)


def _inside_of(problem: Problem, labels: Numbers, wanted: npt.NDArray[np.bool_]) -> Problem:
    """The same with no pairs but those inside the wanted components, and weights that are capped."""
    scored, silent, cannot = (
        (labels[pairs[:, 0]] == labels[pairs[:, 1]]) & wanted[labels[pairs[:, 0]]]
        for pairs in (problem.pairs, problem.silent, problem.cannot)
    )
    return replace(
        problem,
        pairs=problem.pairs[scored],
        weights=_capped(problem.weights[scored]),
        silent=problem.silent[silent],
        cannot=problem.cannot[cannot],
    )


def _capped(weights: Weights) -> Weights:
    """The weights above the cap count for hardly more than it."""
    return np.asarray(np.minimum(weights, WEIGHT_CAP) + BEYOND_CAP * np.maximum(weights - WEIGHT_CAP, 0))


def _between(problem: Problem, parts: Numbers) -> at_once.Between:
    """What there is between the records of components of one size."""
    count, size = parts.shape
    row, place = np.full(problem.size, -1), np.zeros(problem.size, dtype=np.int64)
    row[parts], place[parts] = np.arange(count)[:, None], np.arange(size)

    def spread(pairs: Numbers, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        chosen = row[pairs[:, 0]] >= 0
        left, right = pairs[chosen, 0], pairs[chosen, 1]
        found = np.zeros((count, size, size), dtype=values.dtype)
        found[row[left], place[left], place[right]] = values[chosen]
        found[row[left], place[right], place[left]] = values[chosen]
        return found

    scored = spread(problem.pairs, np.ones(len(problem.pairs)))
    silent = spread(problem.silent, np.ones(len(problem.silent)))
    apart = spread(problem.cannot, np.ones(len(problem.cannot), dtype=np.bool_))
    if problem.groups is not None:
        groups = problem.groups[parts]
        apart |= (groups[:, :, None] == groups[:, None, :]) & (groups[:, :, None] >= 0)
    return at_once.Between(spread(problem.pairs, problem.weights), scored, silent * (scored == 0), apart)


def _by_component(problem: Problem, labels: Numbers, wanted: npt.NDArray[np.bool_]) -> Mapping[int, Inside]:
    """What there is between the records of each wanted component. Every decision is inside one of them."""
    found: dict[int, Inside] = {int(label): Inside() for label in np.flatnonzero(wanted)}
    for (left, right), weight in zip(problem.pairs.tolist(), problem.weights.tolist(), strict=True):
        found[int(labels[left])].links[left, right] = (weight, 1, 0, False)
    for left, right in problem.silent.tolist():
        found[int(labels[left])].links.setdefault((left, right), (0.0, 0, 1, False))
    for left, right in problem.cannot.tolist():
        weight, scored, silent, _ = found[int(labels[left])].links.get((left, right), (0.0, 0, 0, False))
        found[int(labels[left])].links[left, right] = (weight, scored, silent, True)
    for left, right in sorted(problem.must.tolist()):
        found[int(labels[left])].must.append((left, right))
    for left, right in sorted(problem.decided.tolist()):
        found[int(labels[left])].decided.append((left, right))
    return found
