"""Constrained average-link clustering of scored pairs. Pure: numbers in, numbers out; it knows nothing of people.

Two clusters are joined when the mean weight of the pairs between them is the highest and above zero. A pair that was
never met counts as UNMET_WEIGHT; a pair that nothing allowed to be scored ("silent") counts for nothing. Cannot-links
and groups that hold each person once are never broken; must-links are joined first, unless a cannot-link forbids it.
Last, where somebody decided that two records are one person, the two clusters they are in by then are joined whole.
"""

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from loaders.linkage.settings import BEYOND_CAP, JOIN_WEIGHT, UNMET_WEIGHT, WEIGHT_CAP

Numbers = npt.NDArray[np.int64]
Weights = npt.NDArray[np.float64]
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


def unscored(problem: Problem, labels: Numbers, hard: npt.NDArray[np.bool_]) -> Numbers:
    """Every pair inside an unsettled component that was never scored, smaller number first."""
    by_size: dict[int, list[Numbers]] = {}
    for part in members(labels, hard).values():
        if len(part) > 2:
            by_size.setdefault(len(part), []).append(part)
    if not by_size:
        return _NONE
    pairs = np.concatenate([_all_pairs(np.stack(parts)) for parts in by_size.values()])
    scored = problem.pairs[hard[labels[problem.pairs[:, 0]]]]
    known = scored[:, 0] * problem.size + scored[:, 1]
    return pairs[~np.isin(pairs[:, 0] * problem.size + pairs[:, 1], known)]


def _all_pairs(parts: Numbers) -> Numbers:
    """Every pair within each row of `parts`, which are components of one size."""
    first, second = np.triu_indices(parts.shape[1], 1)
    return np.stack((parts[:, first].ravel(), parts[:, second].ravel()), axis=1)


def cluster(problem: Problem, labels: Numbers | None = None) -> Numbers:
    """For each record the smallest record number of its cluster. The order of the pairs does not matter. `labels` are
    the components, where they are known already.
    """
    labels = components(problem) if labels is None else labels
    hard = unsettled(problem, labels)
    result = labels.copy()
    linked = _by_component(problem, labels, hard)
    for label, part in members(labels, hard).items():
        for group in _agglomerate(part.tolist(), linked[label], problem.groups):
            result[group] = min(group)
    return result


Link = tuple[float, int, int, bool]  # sum of weights, pairs scored, pairs silent, forbidden
_Links = dict[tuple[int, int], Link]
_Offer = tuple[float, int, int, int, int]  # less the mean weight, the least record of each, the keys of both


@dataclass(slots=True)
class _Inside:
    links: _Links = field(default_factory=dict)
    must: list[tuple[int, int]] = field(default_factory=list)
    decided: list[tuple[int, int]] = field(default_factory=list)


def _by_component(problem: Problem, labels: Numbers, hard: npt.NDArray[np.bool_]) -> Mapping[int, _Inside]:
    found: dict[int, _Inside] = {int(label): _Inside() for label in np.flatnonzero(hard)}
    capped = np.minimum(problem.weights, WEIGHT_CAP) + BEYOND_CAP * np.maximum(problem.weights - WEIGHT_CAP, 0)
    for left, right, weight in _inside(problem.pairs, labels, hard, capped):
        found[int(labels[left])].links[left, right] = (weight, 1, 0, False)
    for left, right, _ in _inside(problem.silent, labels, hard):
        found[int(labels[left])].links.setdefault((left, right), (0.0, 0, 1, False))
    for left, right, _ in _inside(problem.cannot, labels, hard):
        weight, scored, silent, _ = found[int(labels[left])].links.get((left, right), (0.0, 0, 0, False))
        found[int(labels[left])].links[left, right] = (weight, scored, silent, True)
    for left, right, _ in _inside(problem.must, labels, hard):
        found[int(labels[left])].must.append((left, right))
    for left, right, _ in _inside(problem.decided, labels, hard):
        found[int(labels[left])].decided.append((left, right))
    return found


def _inside(
    pairs: Numbers, labels: Numbers, hard: npt.NDArray[np.bool_], weights: Weights | None = None
) -> Iterable[tuple[int, int, float]]:
    chosen = np.flatnonzero((labels[pairs[:, 0]] == labels[pairs[:, 1]]) & hard[labels[pairs[:, 0]]])
    ordered = chosen[np.lexsort((pairs[chosen, 1], pairs[chosen, 0]))]
    values = np.zeros(len(ordered)) if weights is None else weights[ordered]
    return zip(pairs[ordered, 0].tolist(), pairs[ordered, 1].tolist(), values.tolist(), strict=True)


class _Clusters:
    """The clusters of one component while they are being joined."""

    def __init__(self, records: Sequence[int], links: _Links, groups: Numbers | None) -> None:
        self.records: dict[int, list[int]] = {record: [record] for record in records}
        self.groups = {record: _group(groups, record) for record in records}
        self.near: dict[int, dict[int, Link]] = {record: {} for record in records}
        for (left, right), link in links.items():
            self.near[left][right] = self.near[right][left] = link
        self.fresh = max(records) + 1
        self.waiting = [offer for left, right in links if (offer := self.offer(left, right))]
        heapq.heapify(self.waiting)

    def offer(self, one: int, other: int) -> _Offer | None:
        """The two for the queue, if they may be joined and the mean weight of the pairs between them is high enough."""
        total, scored, silent, forbidden = self.near[one][other]
        if not scored or forbidden or not self.groups[one].isdisjoint(self.groups[other]):
            return None
        ours, theirs = self.records[one], self.records[other]
        unmet = len(ours) * len(theirs) - scored - silent
        mean = round((total + UNMET_WEIGHT * unmet) / (scored + unmet), 9)
        if mean <= JOIN_WEIGHT:
            return None
        first, second = (ours[0], theirs[0]) if ours[0] < theirs[0] else (theirs[0], ours[0])
        return -mean, first, second, one, other

    def join_all(self, pairs: Iterable[tuple[int, int]]) -> None:
        """Join the clusters of each two records, whatever their mean, unless a cannot-link forbids it."""
        of = {record: key for key, records in self.records.items() for record in records}
        for left, right in pairs:
            one, other = of[left], of[right]
            link = self.near[one].get(other)
            if one != other and not (link and link[3]):
                key = self.join(one, other)
                of.update(dict.fromkeys(self.records[key], key))

    def join(self, one: int, other: int) -> int:
        """Make one cluster of two; returns its new key."""
        key, self.fresh = self.fresh, self.fresh + 1
        self.records[key] = sorted(self.records.pop(one) + self.records.pop(other))
        self.groups[key] = self.groups.pop(one) | self.groups.pop(other)
        self.near[key] = _sum_links(self.near.pop(one), self.near.pop(other))
        for gone in (one, other):
            self.near[key].pop(gone, None)
        for neighbour, link in self.near[key].items():
            self.near[neighbour].pop(one, None)
            self.near[neighbour].pop(other, None)
            self.near[neighbour][key] = link
        for neighbour in self.near[key]:
            if offer := self.offer(key, neighbour):
                heapq.heappush(self.waiting, offer)
        return key


def _group(groups: Numbers | None, record: int) -> frozenset[int]:
    return frozenset() if groups is None or groups[record] < 0 else frozenset((int(groups[record]),))


def _sum_links(one: Mapping[int, Link], other: Mapping[int, Link]) -> dict[int, Link]:
    nothing: Link = (0.0, 0, 0, False)
    both = {
        key: (one.get(key, nothing), other.get(key, nothing)) for key in (*one, *(k for k in other if k not in one))
    }
    return {key: (a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] or b[3]) for key, (a, b) in both.items()}


def _agglomerate(records: Sequence[int], inside: _Inside, groups: Numbers | None) -> Iterable[list[int]]:
    clusters = _Clusters(records, inside.links, groups)
    clusters.join_all(inside.must)
    while clusters.waiting:
        *_, one, other = heapq.heappop(clusters.waiting)
        if one in clusters.records and other in clusters.records:
            clusters.join(one, other)
    clusters.join_all(inside.decided)
    return clusters.records.values()
