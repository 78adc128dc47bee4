"""Constrained average-link clustering: its invariants on random graphs, and the cases it exists for."""

from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loaders.linkage.cluster import Numbers, Problem, cluster, components, connected, of_one_size, unscored, unsettled
from loaders.linkage.settings import BEYOND_CAP, JOIN_WEIGHT, UNMET_WEIGHT, WEIGHT_CAP

Pair = tuple[int, int]


def problem(size: int, scored: dict[Pair, float], **constraints: object) -> Problem:
    """A problem from plain values; constraints are lists of pairs, groups a list with a number for each record."""
    arrays: dict[str, Any] = {
        name: _pairs(value) if name != "groups" else np.array(value) for name, value in constraints.items()
    }
    return Problem(size, _pairs(scored), np.array(list(scored.values()), dtype=float), **arrays)


def _pairs(pairs: object) -> Numbers:
    return np.array(list(pairs), dtype=np.int64).reshape(-1, 2)  # type: ignore[call-overload]


def groups_of(labels: Numbers) -> set[frozenset[int]]:
    """The clusters as sets of records."""
    return {frozenset(np.flatnonzero(labels == label).tolist()) for label in set(labels.tolist())}


def clusters(size: int, scored: dict[Pair, float], **constraints: object) -> set[frozenset[int]]:
    """The clusters of a problem as sets."""
    return groups_of(cluster(problem(size, scored, **constraints)))


SIZE = 9
_PAIR = st.tuples(st.integers(0, SIZE - 1), st.integers(0, SIZE - 1)).filter(lambda p: p[0] < p[1])
_PAIRS = st.lists(_PAIR, max_size=4, unique=True)
_WEIGHT = st.floats(-15, 30, allow_nan=False).map(lambda w: round(w, 3))
_SCORED = st.dictionaries(_PAIR, _WEIGHT, max_size=20)


@given(_SCORED)
def test_components_are_those_of_networkx(scored: dict[Pair, float]) -> None:
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(SIZE))
    graph.add_edges_from(pair for pair, weight in scored.items() if weight > JOIN_WEIGHT)
    assert groups_of(components(problem(SIZE, scored))) == {frozenset(part) for part in nx.connected_components(graph)}


@given(_SCORED, _PAIRS, _PAIRS, _PAIRS, st.lists(st.integers(-1, 1), min_size=SIZE, max_size=SIZE))
@settings(max_examples=300)
def test_no_constraint_is_ever_broken(
    scored: dict[Pair, float], must: list[Pair], cannot: list[Pair], silent: list[Pair], groups: list[int]
) -> None:
    case = problem(SIZE, scored, must=[p for p in must if p not in cannot], cannot=cannot, silent=silent, groups=groups)
    labels, whole = cluster(case), components(case)
    assert all(labels[a] != labels[b] for a, b in cannot)
    assert all(len(set(whole[list(part)].tolist())) == 1 for part in groups_of(labels))
    if not must:
        for part in groups_of(labels):
            numbered = [groups[record] for record in part if groups[record] >= 0]
            assert len(numbered) == len(set(numbered))


@given(_SCORED, _PAIRS, _PAIRS)
def test_what_must_be_joined_is_joined_unless_forbidden(
    scored: dict[Pair, float], must: list[Pair], cannot: list[Pair]
) -> None:
    allowed = [pair for pair in must if pair not in cannot]
    labels = cluster(problem(SIZE, scored, must=allowed))
    assert all(labels[a] == labels[b] for a, b in allowed)


@given(_SCORED, _PAIRS, _PAIR)
@settings(max_examples=300)
def test_a_decision_joins_two_people_as_they_are_and_touches_nobody_else(
    scored: dict[Pair, float], cannot: list[Pair], decided: Pair
) -> None:
    before = clusters(SIZE, scored, cannot=cannot)
    one, other = (next(part for part in before if record in part) for record in decided)
    forbidden = any((min(a, b), max(a, b)) in cannot for a in one for b in other)
    after = before if forbidden else {*(before - {one, other}), one | other}
    assert clusters(SIZE, scored, cannot=cannot, decided=[decided]) == after


@given(_SCORED, _PAIRS, _PAIRS, st.randoms(use_true_random=False))
def test_the_order_of_pairs_does_not_matter(
    scored: dict[Pair, float], cannot: list[Pair], silent: list[Pair], random: object
) -> None:
    items = list(scored.items())
    random.shuffle(items)  # type: ignore[attr-defined]
    assert clusters(SIZE, scored, cannot=cannot, silent=silent) == clusters(
        SIZE, dict(items), cannot=cannot[::-1], silent=silent
    )


@given(_SCORED, _PAIRS, _PAIRS)
@settings(max_examples=300)
def test_the_same_as_joining_the_best_pair_of_clusters_over_and_over(
    scored: dict[Pair, float], cannot: list[Pair], silent: list[Pair]
) -> None:
    assert clusters(SIZE, scored, cannot=cannot, silent=silent) == _slowly(scored, cannot, silent)


@given(_SCORED, _PAIRS, _PAIRS, st.lists(st.integers(-1, 1), min_size=SIZE, max_size=SIZE))
@settings(max_examples=300)
def test_many_components_at_once_or_one_by_one_makes_no_difference(
    scored: dict[Pair, float], cannot: list[Pair], silent: list[Pair], groups: list[int]
) -> None:
    case = problem(SIZE, scored, cannot=cannot, silent=silent, groups=groups)
    assert cluster(case).tolist() == cluster(case, largest=0).tolist()


def test_components_too_many_to_hold_are_clustered_in_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    chains = np.arange(30).reshape(10, 3)
    pairs = np.concatenate((chains[:, :2], chains[:, 1:]))
    case = Problem(30, pairs, np.r_[np.full(10, 9.0), np.full(10, 3.0)])
    monkeypatch.setattr("loaders.linkage.cluster._CELLS", 20)
    assert [part.shape for part in of_one_size(chains)] == [(2, 3)] * 5
    assert cluster(case).reshape(10, 3).tolist() == [[first, first, last] for first, _, last in chains.tolist()]


def _slowly(scored: dict[Pair, float], cannot: list[Pair], silent: list[Pair]) -> set[frozenset[int]]:
    """The rule written out with no cleverness at all."""
    parts: list[list[int]] = [[record] for record in range(SIZE)]

    def mean(one: list[int], other: list[int]) -> float | None:
        between = [(min(a, b), max(a, b)) for a in one for b in other]
        if any(pair in cannot for pair in between):
            return None
        values = [
            min(scored[p], WEIGHT_CAP) + BEYOND_CAP * max(scored[p] - WEIGHT_CAP, 0) if p in scored else UNMET_WEIGHT
            for p in between
            if p in scored or p not in silent
        ]
        met = any(pair in scored for pair in between)
        return round(sum(values) / len(values), 9) if met else None

    while True:
        options = [
            (-value, min(one[0], other[0]), max(one[0], other[0]), one, other)
            for i, one in enumerate(parts)
            for other in parts[i + 1 :]
            if (value := mean(one, other)) is not None and value > JOIN_WEIGHT
        ]
        if not options:
            return {frozenset(part) for part in parts}
        _, _, _, one, other = min(options, key=lambda option: option[:3])
        parts = [part for part in parts if part not in (one, other)] + [sorted(one + other)]


TWO_PEOPLE = {(a, b): 20.0 if (a < 2) == (b < 2) else -20.0 for a in range(5) for b in range(a + 1, 5)}
CASES = {
    "a pair above zero": (2, {(0, 1): 3.0}, {}, [{0, 1}]),
    "a pair below zero": (2, {(0, 1): -0.1}, {}, [{0}, {1}]),
    "nothing scored": (3, {}, {}, [{0}, {1}, {2}]),
    "a chain of a household is cut": (3, {(0, 1): 4.0, (1, 2): 3.0}, {}, [{0, 1}, {2}]),
    "a chain over a pair outside the matrix holds": (3, {(0, 1): 4.0, (1, 2): 3.0}, {"silent": [(0, 2)]}, [{0, 1, 2}]),
    "one doubtful pair does not part three": (3, {(0, 1): 15.0, (1, 2): 15.0, (0, 2): -5.0}, {}, [{0, 1, 2}]),
    "a cannot-link parts them": (3, {(0, 1): 15.0, (1, 2): 14.0, (0, 2): 9.0}, {"cannot": [(0, 2)]}, [{0, 1}, {2}]),
    "each person once in a source": (3, {(0, 1): 9.0, (1, 2): 8.0, (0, 2): 9.5}, {"groups": [0, -1, 0]}, [{0, 1}, {2}]),
    "a decision joins what no score would": (2, {(0, 1): -12.0}, {"must": [(0, 1)]}, [{0, 1}]),
    "a record that must be joined leaves its cluster where all else says so": (
        5,
        TWO_PEOPLE,
        {"must": [(0, 2)]},
        [{0, 2}, {1}, {3, 4}],
    ),
    "a decision joins both people whole": (5, TWO_PEOPLE, {"decided": [(0, 2)]}, [{0, 1, 2, 3, 4}]),
    "a decision joins nobody whom another keeps apart": (
        4,
        {(0, 1): 20.0, (2, 3): 20.0},
        {"decided": [(0, 2)], "cannot": [(1, 3)]},
        [{0, 1}, {2, 3}],
    ),
    "no pair weighs much more than the cap": (
        4,
        {(0, 1): 30.0, (0, 2): 90.0, (1, 2): -21.0, (0, 3): -9.0, (1, 3): -9.0},
        {"cannot": [(0, 3)]},
        [{0, 2}, {1}, {3}],
    ),
    "of pairs above the cap the heavier is joined first": (
        3,
        {(0, 1): 20.0, (1, 2): 90.0, (0, 2): -30.0},
        {},
        [{0}, {1, 2}],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_case(name: str) -> None:
    size, scored, constraints, expected = CASES[name]
    assert clusters(size, scored, **constraints) == {frozenset(part) for part in expected}  # type: ignore[arg-type]


def test_only_what_is_doubtful_is_asked_about() -> None:
    case = problem(6, {(0, 1): 9.0, (0, 2): 9.0, (1, 2): 9.0, (3, 4): 9.0, (4, 5): 9.0})
    labels = components(case)
    hard = unsettled(case, labels)
    assert np.flatnonzero(hard).tolist() == [3]
    assert unscored(case, labels, hard).tolist() == [[3, 5]]


def test_a_long_chain_is_one_component() -> None:
    chain = np.stack((np.arange(4_999), np.arange(1, 5_000)), axis=1)
    assert set(connected(5_000, chain).tolist()) == {0}
