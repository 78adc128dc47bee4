"""Scoring the pairs that may be scored, with Splink on an engine.

Takes the feature table, gives match weights, the level of every comparison and what a guard says. Joins nothing.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from splink import Linker

from loaders.linkage import nights
from loaders.linkage.agree import id_conflict
from loaders.linkage.candidates import could_meet, find_candidates, pairs_sql
from loaders.linkage.engine import Engine, hold, in_words_of
from loaders.linkage.guards import (
    ABOVE_SUSPICION,
    FAMILIES,
    FORENAMES_DIFFER,
    FORENAMES_FAR,
    adoption,
    guard_sql,
    other_middle_name,
    shared_rules,
    stand_aside,
    strangers,
    two_children,
)
from loaders.linkage.laps import Laps
from loaders.linkage.matrix import Matrix
from loaders.linkage.model import Model, Sample, learn, settings
from loaders.linkage.once import once
from loaders.linkage.prepare import OWN_ID
from loaders.linkage.prior import drift, first_prior, follow_matches, probability
from loaders.linkage.settings import (
    GUARDED,
    ID_DISAGREES,
    PRIOR_DRIFT_BLIND,
    REVIEW_FLOOR,
    TF_SMALLEST,
    Comparison,
    comparisons,
)
from loaders.linkage.trained import LEAST_NAMED, Trained

_WEIGHT_DIGITS = 4  # enough to read; hides what summing in another order changes


@dataclass(frozen=True, slots=True)
class Scored:
    """Every scored pair, sorted: uids (smaller first), weight in log2 odds, guard's name or ""."""

    pairs: npt.NDArray[np.int64]
    weights: npt.NDArray[np.float64]
    guards: npt.NDArray[np.object_]
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Unscored:
    """Pairs never scored: those outside the matrix, those an adoption keeps apart, those that tell of two people."""

    silent: npt.NDArray[np.int64]
    apart: npt.NDArray[np.int64]
    conflict: npt.NDArray[np.int64]
    conflict_weights: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Scoring:
    """What pairs are scored with. `names` are frequencies of names to use; None lets Splink count them. `aside` and
    `differ` are as guard_sql takes them.
    """

    records: Any
    model: Model
    prior: float
    count: int
    names: Mapping[str, Mapping[str, float]] | None
    aside: Sequence[str]
    differ: str


class Scorer:
    """One linking job on an engine, open while pairs are scored and asked about."""

    def __init__(self, engine: Engine, features: pa.Table) -> None:
        self.engine = engine
        self.features = features
        self.count = features.num_rows
        self.own_ids = [name for name in features.column_names if name.startswith(OWN_ID)]
        self.comparisons = comparisons(features.column_names)
        self._records = hold(engine, features)

    def score(
        self, matrix: Matrix, seed: int, trained: Trained | None = None, last: nights.Night | None = None
    ) -> Scored:
        """Find the pairs, learn unless there is a `trained` model, and score.

        A council's model keeps the frequencies of names with it; a list from elsewhere is taken as it is. With the
        scores of the `last` night only pairs with a changed record are scored.
        """
        engine, laps = self.engine, Laps()
        find_candidates(engine, matrix, self.own_ids)
        laps.end("finding pairs")
        sure, met = self._one("SELECT count(*) FILTER (WHERE sure), count(*) FROM met")
        using = self._learnt(matrix, seed, trained, sure)
        laps.end("learning")
        reused = nights.take_up(engine, last if trained else None)
        found = self._predicted(using)
        weights, drifted, possible = found.pop("match_weight"), using.prior, self._possible
        if trained is None:
            weights, drifted = follow_matches(weights, using.prior, possible, drift(sure))
        pairs = np.stack((found.pop("uid_l"), found.pop("uid_r")), axis=1).astype(np.int64)
        laps.end("predicting")
        facts = {
            "pairs_scored": met,
            "pairs_reused": reused,
            "sure_pairs": sure,
            "prior": using.prior,
            "prior_used": drifted,
            "possible_pairs": int(possible),
            "predicted_matches": round(float(probability(weights).sum()), 1),
            "expected_matches": round(using.prior * possible, 1),
            "crowded_keys": {row["kind"]: int(row["keys"]) for row in self._rows("SELECT kind, keys FROM left_out")},
            "guards_aside": using.aside,
            "model": using.model,
            "frequencies": using.names,
            "scoring_seconds": laps.seconds,
            "engine_notes": engine.notes,
        }
        return Scored(pairs, np.round(weights, _WEIGHT_DIGITS), found["guard"], facts)

    @property
    def _possible(self) -> float:
        return self.count * (self.count - 1) / 2

    def _learnt(self, matrix: Matrix, seed: int, trained: Trained | None, sure: int) -> _Scoring:
        """What to score with: what was learnt before, or what these records teach."""
        if trained:
            model, prior = trained.model, trained.prior
        else:
            prior = first_prior(sure, self._possible)
            with self.engine.to_learn_from(self._records, self.features) as records:
                model = learn(records, self.comparisons, Sample(self.count, sure, prior, seed))
            prior = first_prior(sure, self._possible, model)
        names = trained.frequencies if trained else self._frequencies() if matrix.strict else None
        aside = [] if matrix.strict else stand_aside(model, *self._one(FAMILIES))
        differ = FORENAMES_DIFFER if matrix.strict else FORENAMES_FAR
        count = trained.records if trained else self.count
        return _Scoring(self._records, model, prior, count, names, aside, differ)

    def _frequencies(self) -> dict[str, dict[str, float]]:
        """How frequent each forename and surname is that at least LEAST_NAMED records have."""
        found = {
            column: self.engine.read(
                f"SELECT {column} AS name, count(*) / (SELECT count({column}) FROM features) AS share FROM features"
                f" WHERE {column} IS NOT NULL GROUP BY {column} HAVING count(*) >= {LEAST_NAMED} ORDER BY {column}"
            ).to_pydict()
            for column in ("forename", "surname")
        }
        return {column: dict(zip(kept["name"], kept["share"], strict=True)) for column, kept in found.items()}

    def _register_frequencies(self, linker: Linker, names: Mapping[str, Mapping[str, float]]) -> None:
        """Frequencies for every name there is tonight: those kept, and the rarest there may be for all others."""
        for column, kept in names.items():
            table = f"frequency_of_{column}"
            known = pa.table({"name": pa.array(kept, pa.string()), "share": pa.array(kept.values(), pa.float64())})
            with self.engine.rows("known_rows", known):
                self.engine.make(
                    table,
                    f"SELECT {column}, coalesce(any_value(share), {TF_SMALLEST}) AS tf_{column}"
                    f" FROM features LEFT JOIN known_rows ON name = {column}"
                    f" WHERE {column} IS NOT NULL GROUP BY {column}",
                )
            linker.table_management.register_term_frequency_lookup(self.engine.api.register(table), column)

    def _predicted(self, using: _Scoring) -> dict[str, Any]:
        engine = self.engine
        linker = Linker(
            using.records,
            settings(in_words_of(engine, self.comparisons), using.model, prior=using.prior, count=using.count),
            log_level=logging.ERROR,
        )
        if using.names is not None:
            self._register_frequencies(linker, using.names)
        engine.make(
            "to_score",
            "SELECT '0' AS match_key, uid_l AS join_key_l, uid_r AS join_key_r"
            " FROM met ANTI JOIN kept USING (uid_l, uid_r) ORDER BY uid_l, uid_r",
        )
        linker.table_management.register_blocked_pairs_for_predict(engine.api.register("to_score"))
        predicted = linker.inference.predict(warning_mode="never").physical_name
        self._guarded(predicted, using)
        return self._columns(f"""
            SELECT p.uid_l, p.uid_r, p.match_weight, coalesce(g.guard, '') AS guard
            FROM {predicted} p LEFT JOIN guarded g USING (uid_l, uid_r)
            UNION ALL SELECT uid_l, uid_r, match_weight, guard FROM kept
            ORDER BY uid_l, uid_r""")

    def _guarded(self, predicted: str, using: _Scoring) -> None:
        """Guards are asked of pairs that could otherwise be joined, whatever the prior becomes."""
        floor = REVIEW_FLOOR - np.log2(PRIOR_DRIFT_BLIND)
        self.engine.make("likely", f"SELECT uid_l, uid_r FROM {predicted} WHERE match_weight >= {floor}")
        self.engine.make(
            "worth", f"SELECT uid_l, uid_r FROM ({pairs_sql(self.engine, 'likely')}) WHERE NOT {ABOVE_SUSPICION}"
        )
        guards = {"guard": guard_sql(self.own_ids, using.aside, using.differ)}
        rules = shared_rules(self.own_ids, using.differ)
        self.engine.make("guarded", once(pairs_sql(self.engine, "worth"), guards, "uid_l, uid_r", rules))

    def unscored(self, pairs: npt.NDArray[np.int64], strict: bool) -> Unscored:
        """What is to be said of pairs that were never scored. A list from elsewhere (not `strict`) is told apart by its
        ids only.
        """
        self.ask_about(pairs)
        could = could_meet(self.own_ids)
        inside = " OR ".join(f"({name} AND coalesce({could[name]}, false))" for name in could)
        asked = {
            "silent": f"NOT ({inside})",
            "apart": adoption(),
            "conflict": id_conflict(tuple(self.own_ids)),
            "strangers": strangers(self.own_ids),
            "certain": two_children(self.own_ids) if strict else "false",
            "middle": other_middle_name(self.own_ids) if strict else "false",
        }
        both = f"SELECT * FROM ({pairs_sql(self.engine, 'asked')}) c JOIN allowed a USING (source_l, source_r)"
        answers = {name: f"coalesce({sql}, false)" for name, sql in asked.items()}
        found = self._columns(f"{once(both, answers, 'place', shared_rules(self.own_ids))} ORDER BY place")
        silent, apart, differ, strange, certain, middle = (
            np.asarray(found[name], dtype=bool)
            for name in ("silent", "apart", "conflict", "strangers", "certain", "middle")
        )
        conflict = differ | certain | middle
        weights = np.select(
            [certain, strange, differ], [-np.inf, GUARDED["strangers"], ID_DISAGREES], GUARDED["other middle name"]
        )
        return Unscored(pairs[silent & ~conflict], pairs[apart], pairs[conflict], weights[conflict])

    def levels(self, pairs: npt.NDArray[np.int64]) -> list[dict[str, str]]:
        """For each pair the level every comparison stands at, by name; "missing" where there is nothing to compare."""
        self.ask_about(pairs)
        columns = ", ".join(f"{_level_sql(each)} AS {each.name}" for each in self.comparisons)
        return self._rows(f"SELECT {columns} FROM ({pairs_sql(self.engine, 'asked')}) ORDER BY place")

    def ask_about(self, pairs: npt.NDArray[np.int64]) -> None:
        """Make the table `asked` of these pairs, numbered by `place`."""
        asked = pa.table({"place": np.arange(len(pairs)), "uid_l": pairs[:, 0], "uid_r": pairs[:, 1]})
        with self.engine.rows("asked_rows", asked):
            self.engine.make("asked", "SELECT * FROM asked_rows")

    def _one(self, query: str) -> tuple[int, ...]:
        return tuple(int(column[0].as_py() or 0) for column in self.engine.read(query).columns)

    def _rows(self, query: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.engine.read(query).to_pylist()
        return rows

    def _columns(self, query: str) -> dict[str, npt.NDArray[Any]]:
        found = self.engine.read(query)
        return {name: found[name].to_numpy() for name in found.column_names}


def _level_sql(comparison: Comparison) -> str:
    whens = "".join(f" WHEN {level.sql} THEN '{level.name}'" for level in comparison.levels if level.sql != "ELSE")
    return f"CASE WHEN {comparison.missing} THEN 'missing'{whens} ELSE 'else' END"
