"""Identifiers that are none: a placeholder, or one id lent to many, found by the people it stands on.

Works on whole columns of features. Says nothing about one id on two people: that is for the weights and the guards.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any

import networkx as nx
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz.distance import OSA, JaroWinkler

from loaders.linkage.agree import NAME_NEAR, NAME_SLIP
from loaders.linkage.names import forename_keys

MOST_PEOPLE_PER_ID = 2  # people of one source: an id on more of them is no id
_LOOKED_AT = 30  # of those who have one id; more names than that are more people than two
_Who = tuple[str | None, str | None]  # forename and date of birth


def without_shared(features: pa.Table, columns: Mapping[str, bool]) -> pa.Table:
    """The features without every id that stands on more than two people of one source. `columns` says which columns
    hold ids, and whether each is a list of them.
    """
    for column, many in columns.items():
        if shared := _shared(_holders(features, column, many=many)):
            place = features.column_names.index(column)
            features = features.set_column(place, column, _taken(features[column], shared, many=many))
    return features


def _holders(features: pa.Table, column: str, *, many: bool) -> pa.Table:
    """Source, id, forename and date of birth wherever the column holds an id."""
    ids: Any = features[column].combine_chunks()
    rows = pc.list_parent_indices(ids) if many else pc.indices_nonzero(ids.is_valid())
    values = ids.flatten() if many else ids.drop_null()
    people = features.select(["source", "forename", "dob"]).take(rows)
    return people.append_column("id", values)


def _shared(holders: pa.Table) -> set[str]:
    every = pc.CountOptions(mode="all")
    counted = holders.group_by(["source", "id"]).aggregate(
        [("forename", "count_distinct", every), ("dob", "count_distinct", every)]
    )
    names, births = counted["forename_count_distinct"], counted["dob_count_distinct"]
    suspects = counted.filter(pc.greater(pc.min_element_wise(names, births), pa.scalar(MOST_PEOPLE_PER_ID)))["id"]
    if not len(suspects):
        return set()
    on: dict[tuple[str, str], set[_Who]] = defaultdict(set)
    rows = holders.filter(pc.is_in(holders["id"], suspects.combine_chunks())).to_pydict()
    for source, value, *who in zip(*(rows[name] for name in ("source", "id", "forename", "dob")), strict=True):
        on[source, value].add((who[0], who[1]))
    return {value for (_, value), whose in on.items() if _on_many(sorted(whose, key=str))}


def _on_many(whose: Sequence[_Who]) -> bool:
    """Whether these are more than MOST_PEOPLE_PER_ID people; of very many the first tell."""
    graph: nx.Graph[_Who] = nx.Graph()
    graph.add_nodes_from(whose[:_LOOKED_AT])
    graph.add_edges_from(pair for pair in combinations(whose[:_LOOKED_AT], 2) if _may_be_one(*pair))
    return nx.number_connected_components(graph) > MOST_PEOPLE_PER_ID


def _may_be_one(one: _Who, other: _Who) -> bool:
    """A forename that is much the same, or the same date of birth: one person entered often keeps the id."""
    return (one[1] is not None and one[1] == other[1]) or _alike(one[0], other[0])


def _alike(one: str | None, other: str | None) -> bool:
    if one is None or other is None:
        return one is other
    similar = JaroWinkler.similarity(one, other)
    slip = similar >= NAME_SLIP and min(len(one), len(other)) >= 5 and OSA.distance(one, other) <= 1
    return similar >= NAME_NEAR or slip or bool(forename_keys(one) & forename_keys(other))


def _taken(ids: Any, shared: Iterable[str], *, many: bool) -> Any:
    """The column without the shared ids."""
    if not many:
        return pc.if_else(pc.is_in(ids, pa.array(sorted(shared), ids.type)), None, ids)
    gone = frozenset(shared)
    return pa.array([[value for value in values if value not in gone] for values in ids.to_pylist()], ids.type)
