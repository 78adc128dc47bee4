"""Average-link clustering of one component, a join at a time: for components that are large, or that hold decisions.

Pure, and knows no more of the rule than cluster.py says; at_once.py does the same for many small components together.
"""

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from loaders.linkage.settings import JOIN_WEIGHT, UNMET_WEIGHT

Groups = npt.NDArray[np.int64]
Link = tuple[float, int, int, bool]  # sum of weights, pairs scored, pairs silent, forbidden
Links = dict[tuple[int, int], Link]
_Offer = tuple[float, int, int, int, int]  # less the mean weight, the least record of each, the keys of both


@dataclass(slots=True)
class Inside:
    """What there is between the records of a component."""

    links: Links = field(default_factory=dict)
    must: list[tuple[int, int]] = field(default_factory=list)
    decided: list[tuple[int, int]] = field(default_factory=list)


class _Clusters:
    """The clusters of one component while they are being joined."""

    def __init__(self, records: Sequence[int], links: Links, groups: Groups | None) -> None:
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


def _group(groups: Groups | None, record: int) -> frozenset[int]:
    return frozenset() if groups is None or groups[record] < 0 else frozenset((int(groups[record]),))


def _sum_links(one: Mapping[int, Link], other: Mapping[int, Link]) -> dict[int, Link]:
    nothing: Link = (0.0, 0, 0, False)
    both = {
        key: (one.get(key, nothing), other.get(key, nothing)) for key in (*one, *(k for k in other if k not in one))
    }
    return {key: (a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] or b[3]) for key, (a, b) in both.items()}


def agglomerate(records: Sequence[int], inside: Inside, groups: Groups | None) -> Iterable[list[int]]:
    """The clusters of a component. `groups` are those of every record there is."""
    clusters = _Clusters(records, inside.links, groups)
    clusters.join_all(inside.must)
    while clusters.waiting:
        *_, one, other = heapq.heappop(clusters.waiting)
        if one in clusters.records and other in clusters.records:
            clusters.join(one, other)
    clusters.join_all(inside.decided)
    return clusters.records.values()
