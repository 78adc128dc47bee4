"""How right a linking is, by pairs of records, against the truth of an invented council."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

import networkx as nx

from loaders.linkage.nights import Night

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class PairCounts:
    """Pairs of records: of one person in truth, joined, both; and of one person and within reach of the matrix.

    A true pair is within reach where the matrix lets the two records be scored, or lets each be scored with a third
    record of the same person, and so on: nobody can ask for more of a linking that obeys the matrix.
    """

    true: int
    joined: int
    right: int
    reachable: int
    reached: int

    @property
    def precision(self) -> float:
        """Share of the joined pairs that are of one person."""
        return self.right / max(self.joined, 1)

    @property
    def recall(self) -> float:
        """Share of all true pairs that are joined."""
        return self.right / max(self.true, 1)

    @property
    def recall_within_reach(self) -> float:
        """Share of the true pairs within reach that are joined."""
        return self.reached / max(self.reachable, 1)


def pair_counts(person: Mapping[Key, str], entity: Mapping[Key, str], night: Night) -> PairCounts:
    """Count the pairs of the records that both know."""
    both = sorted(person.keys() & entity.keys())
    graph: nx.Graph[Key] = nx.Graph()
    columns = (night.scores[name].to_pylist() for name in ("source_l", "record_id_l", "source_r", "record_id_r"))
    for source_l, record_l, source_r, record_r in zip(*columns, strict=True):
        left, right = (source_l, record_l), (source_r, record_r)
        if entity.get(left, "left") == entity.get(right, "right"):
            graph.add_edge(left, right)
    parts = [[key for key in part if key in person] for part in nx.connected_components(graph)]
    return PairCounts(
        true=pairs(entity[key] for key in both),
        joined=pairs(person[key] for key in both),
        right=pairs((person[key], entity[key]) for key in both),
        reachable=sum(len(part) * (len(part) - 1) // 2 for part in parts),
        reached=sum(pairs(person[key] for key in part) for part in parts),
    )


def pairs(groups: Iterable[Hashable]) -> int:
    """How many pairs of things are in the same group."""
    return sum(size * (size - 1) // 2 for size in Counter(groups).values())
