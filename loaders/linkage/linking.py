"""Linking people: records in, persons out, with every doubtful pair kept and every join explained."""

import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graph.evidence import Alarm
from loaders.linkage import cluster as clustering
from loaders.linkage.bridges import without_bridges
from loaders.linkage.engine import Opened
from loaders.linkage.evidence import Found, alarms, gather, kept_pairs
from loaders.linkage.explain import DECIDED
from loaders.linkage.identity import Key, person_ids, read_previous
from loaders.linkage.matrix import Matrix, read_matrix
from loaders.linkage.nights import Night, tonight
from loaders.linkage.on_duckdb import on_duckdb
from loaders.linkage.outcome import clusters_table, kept_places, pairs_table, reasons_of, with_bases
from loaders.linkage.prepare import prepare
from loaders.linkage.score import Scored, Scorer
from loaders.linkage.settings import CERTAIN, GUARDED, MODEL_VERSION, Comparison
from loaders.linkage.summary import summary
from loaders.linkage.trained import Trained

Progress = Callable[[str, float], None]  # what is being done, and the share done before it, 0 to 1
KeyPairs = Iterable[tuple[Key, Key]]
_DONE_BEFORE = {
    "preparing records": 0.0,
    "scoring pairs": 0.15,
    "clustering": 0.85,
    "explaining": 0.9,
    "naming persons": 0.95,
}


@dataclass(frozen=True, slots=True)
class Linked:
    """The outcome.

    `clusters` has a row per record: source, record_id, person_id, match_basis, probability. `pairs` has every scored
    pair at or above REVIEW_FLOOR, joined or not, with the guard that stopped it and, but for a list from elsewhere,
    what agreed. `decided` are the pairs that somebody's decision joined. `report` holds counts only. `trained` is the
    model that was used, `night` every score it gave and `evidence` the kept pairs field by field; all None for a list
    from elsewhere.
    """

    clusters: pa.Table
    pairs: pa.Table
    report: dict[str, Any]
    trained: Trained | None = None
    night: Night | None = None
    evidence: Found | None = None
    decided: tuple[tuple[Key, Key], ...] = ()


@dataclass(frozen=True, slots=True)
class Decided:
    """Pairs of record numbers: the sources' own duplicates, pairs kept apart, and pairs joined by hand."""

    duplicates: npt.NDArray[np.int64] = field(default_factory=lambda: _as_pairs(()))
    cannot: npt.NDArray[np.int64] = field(default_factory=lambda: _as_pairs(()))
    by_hand: npt.NDArray[np.int64] = field(default_factory=lambda: _as_pairs(()))

    @property
    def together(self) -> npt.NDArray[np.int64]:
        """The pairs that a source or a person says are one."""
        return np.concatenate((self.duplicates, self.by_hand))


class _Clock:
    def __init__(self, progress: Progress | None) -> None:
        self.seconds: dict[str, float] = {}
        self._progress = progress

    @contextmanager
    def stage(self, name: str) -> Any:
        if self._progress:
            self._progress(name, _DONE_BEFORE[name])
        start = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - start, 2)


def link(  # noqa: PLR0913 - what differs from one caller to the next, all but the records by name
    people: pa.Table,
    addresses: pa.Table,
    *,
    previous: Path | None = None,
    seed: int = 1,
    progress: Progress | None = None,
    matrix: Matrix | None = None,
    must_link: KeyPairs = (),
    cannot_link: KeyPairs = (),
    trained: Trained | None = None,
    last: Night | None = None,
    closed: Collection[str] = (),
    opened: Opened = on_duckdb,
) -> Linked:
    """Which records are one person.

    `people` and `addresses` are the standard tables; `previous` is the people.csv whose ids are carried over;
    `must_link` and `cannot_link` are human decisions as pairs of (source, record_id); `progress` is told each stage;
    a `trained` model is used as it is, and without one it is learnt from these records; `last` are the scores of the
    night before, taken up where nothing has changed; records of `closed` sources hold no others together; `opened` is
    the engine that pairs are found and scored on. Order does not matter. Raises DataRefused: a record has no key.
    """
    rules, clock = matrix or read_matrix(), _Clock(progress)
    with clock.stage("preparing records"):
        features, keys = _prepared(people, addresses)
        decided = _decisions(people, keys, must_link, cannot_link)
    with opened() as engine:
        asked = Scorer(engine, features)
        with clock.stage("scoring pairs"):
            scored = asked.score(rules, seed, trained, last)
            nightly = _for_nights(asked, scored, trained) if trained or rules.strict else None
        with clock.stage("clustering"):
            labels, weights = _clustered(asked, scored, rules, keys, decided, closed)
        with clock.stage("explaining"):
            obeyed, reasons = _explained(asked, labels, weights, scored, decided)
            kept = kept_places(labels, scored)
            told = kept_pairs(asked, scored, kept, weights, nightly[0]) if nightly else None
    with clock.stage("naming persons"):
        ids = person_ids(labels.tolist(), keys, read_previous(previous))
        found = clusters_table(labels, keys, ids, reasons), pairs_table(labels, weights, keys, scored, kept)
        looked = alarms(labels, scored.pairs, weights, ids)
    report = summary(labels, weights, scored, clock.seconds, len(decided.by_hand) - len(obeyed))
    linked = Linked(*found, report, decided=tuple((keys[one], keys[other]) for one, other in obeyed.tolist()))
    return _with_evidence(linked, nightly, told, asked.comparisons, looked) if nightly and told is not None else linked


def _clustered(
    asked: Scorer, scored: Scored, rules: Matrix, keys: Sequence[Key], decided: Decided, closed: Collection[str]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """As `labels_of`, and no record of a `closed` source holds others together."""
    labels, weights = labels_of(asked, scored, rules, [source for source, _ in keys], decided)
    few = np.array([source in closed for source, _ in keys], dtype=np.bool_)
    return without_bridges(labels, scored.pairs, weights, few, decided.together), weights


def _for_nights(asked: Scorer, scored: Scored, trained: Trained | None) -> tuple[Trained, Night]:
    """The model that was used and every score it gave, to be taken up another night."""
    used = trained or _trained(scored, asked.count)
    return used, tonight(asked.engine, _scores(scored), used.digest)


def _with_evidence(
    linked: Linked,
    nightly: tuple[Trained, Night],
    told: pa.Table,
    comparisons: Sequence[Comparison],
    looked: Sequence[Alarm],
) -> Linked:
    """The same with all that another night and the review desk are told of."""
    pairs, (used, night) = with_bases(linked.pairs, told, comparisons), nightly
    return replace(linked, pairs=pairs, trained=used, night=night, evidence=gather(comparisons, told, used, looked))


def _prepared(people: pa.Table, addresses: pa.Table) -> tuple[pa.Table, list[Key]]:
    """The features of every record, and its key."""
    features = prepare(people, addresses)
    names = (map(str, features[name].to_pylist()) for name in ("source", "record_id"))
    return features, list(zip(*names, strict=True))


def _explained(
    asked: Scorer,
    labels: npt.NDArray[np.int64],
    weights: npt.NDArray[np.float64],
    scored: Scored,
    decided: Decided,
) -> tuple[npt.NDArray[np.int64], dict[int, tuple[str, float]]]:
    """The decisions to join that were obeyed, and for each joined record why, with what probability."""
    obeyed = decided.by_hand[labels[decided.by_hand[:, 0]] == labels[decided.by_hand[:, 1]]]
    by_hand: dict[int, tuple[str, float]] = dict.fromkeys(obeyed.ravel().tolist(), (DECIDED, 1.0))
    return obeyed, reasons_of(asked, labels, weights, scored) | by_hand


def _scores(scored: Scored) -> pa.Table:
    left, right = scored.pairs[:, 0], scored.pairs[:, 1]
    return pa.table({"uid_l": left, "uid_r": right, "match_weight": scored.weights, "guard": scored.guards.tolist()})


def _trained(scored: Scored, records: int) -> Trained:
    """What was learnt tonight, to be used again."""
    facts = scored.facts
    model = facts["model"]
    return Trained(
        MODEL_VERSION,
        date.today(),
        records,
        facts["prior_used"],
        model.parameters,
        facts["frequencies"],
        tuple(model.notes),
    )


def _decisions(people: pa.Table, keys: Sequence[Key], must_link: KeyPairs, cannot_link: KeyPairs) -> Decided:
    """Human decisions and the sources' own duplicates, by record number; a decision on a record that is gone waits."""
    numbers = {key: uid for uid, key in enumerate(keys)}
    duplicates: list[tuple[Key, Key]] = []
    if "duplicate_of" in people.column_names:
        rows = people.select(["source", "record_id", "duplicate_of"]).to_pylist()
        duplicates = [
            ((r["source"], r["record_id"]), (r["source"], r["duplicate_of"])) for r in rows if r["duplicate_of"]
        ]
    apart = _numbered(cannot_link, numbers)
    by_hand = _numbered(must_link, numbers) - apart
    together = _numbered(duplicates, numbers) - apart
    return Decided(_as_pairs(together), _as_pairs(apart), _as_pairs(by_hand))


def _numbered(pairs: KeyPairs, numbers: Mapping[Key, int]) -> set[tuple[int, int]]:
    found = ((numbers.get((one[0], one[1])), numbers.get((other[0], other[1]))) for one, other in pairs)
    return {(min(a, b), max(a, b)) for a, b in found if a is not None and b is not None and a != b}


def _as_pairs(pairs: Iterable[tuple[int, int]]) -> npt.NDArray[np.int64]:
    return np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)


def labels_of(
    asked: Scorer, scored: Scored, rules: Matrix, sources: Sequence[str], decided: Decided
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """For each record the smallest record number of its person, and the pairs' weights once the guards have spoken."""
    stopped = np.flatnonzero(scored.guards != "")
    guards, weights = scored.guards[stopped], scored.weights.copy()
    most = np.array([GUARDED.get(name, np.inf) for name in guards.tolist()])
    weights[stopped] = np.minimum(weights[stopped], most)
    certain = weights.copy()
    certain[stopped[guards == CERTAIN]] = -np.inf
    cannot = np.concatenate((decided.cannot, scored.pairs[stopped[guards == "adoption"]]))
    groups = _groups(sources, rules.duplicate_free)
    problem = clustering.Problem(
        len(sources),
        scored.pairs,
        certain,
        decided.duplicates,
        cannot,
        decided.by_hand,
        groups=groups,
    )
    labels = clustering.components(problem)
    unscored = clustering.unscored(problem, labels, clustering.unsettled(problem, labels))
    if len(unscored):
        found = asked.unscored(unscored, rules.strict)
        problem = replace(
            problem,
            pairs=np.concatenate((problem.pairs, found.conflict)),
            weights=np.concatenate((problem.weights, found.conflict_weights)),
            silent=found.silent,
            cannot=np.concatenate((cannot, found.apart)),
        )
    return clustering.cluster(problem, labels), weights


def _groups(sources: Sequence[str], duplicate_free: Iterable[str]) -> npt.NDArray[np.int64] | None:
    numbers = {source: place for place, source in enumerate(sorted(duplicate_free))}
    return np.array([numbers.get(source, -1) for source in sources], dtype=np.int64) if numbers else None
