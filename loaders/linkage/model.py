"""Learning m and u from the data given, kept honest by the shipped values.

Splink learns; what it learnt counts by how much it saw, and a comparison that comes out incredible is not believed.
"""

import logging
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import Linker, SettingsCreator, block_on

from loaders.linkage.settings import (
    EM_MAX_PAIRS,
    LEAST_MATCHES,
    TF_SMALLEST,
    TF_TRUST_RECORDS,
    TRUST_PAIRS,
    TRUST_RANDOM_PAIRS,
    U_MAX_PAIRS,
    Comparison,
    Level,
)

Learnt = Mapping[str, Sequence[tuple[float | None, float | None]]]
# What a session blocks on, which is also what it cannot learn. Never an address: that finds households.
_SESSIONS = (("dob",), ("forename", "surname"))
# Instead of the first where hardly a date is whole: each year with one of the names.
_BY_YEAR = (("dob_year", "surname"), ("dob_year", "forename"))


@dataclass(frozen=True, slots=True)
class Model:
    """m and u by comparison and level, and what was noticed while learning them."""

    parameters: Mapping[str, Sequence[tuple[float, float]]]
    notes: Sequence[str] = field(default_factory=tuple)


def shipped(comparisons: Sequence[Comparison]) -> Model:
    """The model as it comes with the program."""
    return Model({each.name: [(level.m, level.u) for level in each.levels] for each in comparisons})


@dataclass(frozen=True, slots=True)
class Sample:
    """What is known of the records before learning: how many, how many sure matches, the prior, and the seed to use."""

    count: int
    matches: int
    prior: float
    seed: int


def learn(records: Any, comparisons: Sequence[Comparison], sample: Sample) -> Model:
    """The model for these records; with too few sure matches in them the shipped one."""
    start = shipped(comparisons)
    if sample.matches < LEAST_MATCHES:
        return Model(start.parameters, ("too few sure matches to learn from: the shipped values were used",))
    learnable = [each for each in comparisons if not each.fixed]
    sampler = _linker(records, learnable, start, sample)
    sampler.training.estimate_u_using_random_sampling(max_pairs=U_MAX_PAIRS, seed=sample.seed)
    start = _with_u(start, _learnt(sampler))
    sessions = {columns: _session(_linker(records, comparisons, start, sample), columns) for columns in _SESSIONS}
    if not sessions[_SESSIONS[0]]:
        by_year = {columns: _session(_linker(records, comparisons, start, sample), columns) for columns in _BY_YEAR}
        sessions |= {columns: learnt for columns, learnt in by_year.items() if learnt}
    notes = [
        f"training on {' and '.join(columns)} taught nothing" for columns, learnt in sessions.items() if not learnt
    ]
    return _blended(comparisons, _averaged(start, list(sessions.values())), sample, notes)


def _averaged(start: Model, sessions: Sequence[Learnt]) -> Learnt:
    """Each level's m as the mean over the sessions that learnt it, with the u of the start."""
    found: dict[str, Sequence[tuple[float | None, float | None]]] = {}
    for name, values in start.parameters.items():
        learnt = [[m for m, _ in session[name]] for session in sessions if name in session]
        means = [_mean([m for m in level if m is not None]) for level in zip(*learnt, strict=True)] or [None] * len(
            values
        )
        found[name] = [(m, u) for m, (_, u) in zip(means, values, strict=True)]
    return found


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _linker(records: Any, comparisons: Sequence[Comparison], model: Model, sample: Sample) -> Linker:
    chosen = settings(comparisons, model, prior=sample.prior, count=sample.count)
    return Linker(records, chosen, log_level=logging.ERROR)


def _with_u(model: Model, learnt: Learnt) -> Model:
    found = {
        name: [(m, u or shipped_u) for (m, shipped_u), (_, u) in zip(values, learnt[name], strict=True)]
        if name in learnt
        else values
        for name, values in model.parameters.items()
    }
    return Model(found)


def _session(linker: Linker, columns: Sequence[str]) -> Learnt:
    """What one session of expectation maximisation teaches; nothing when its blocks hold no pairs.

    Each session has a linker of its own: one that failed is left without the comparisons it blocked on.
    """
    try:
        linker.training.estimate_parameters_using_expectation_maximisation(
            block_on(*columns),
            estimate_without_term_frequencies=True,
            max_pairs=EM_MAX_PAIRS,
            record_sample_proportion=0.5,
        )
    except Exception:  # noqa: BLE001 - Splink raises several kinds when a block holds too little to learn from
        return {}
    blocked = {column.removesuffix("_year") for column in columns}
    return {name: values for name, values in _learnt(linker).items() if name not in blocked}


def settings(comparisons: Sequence[Comparison], model: Model, *, prior: float, count: int) -> SettingsCreator:
    """Splink settings with every m and u set. Pairs come from candidates.py, so no blocking rule is worth naming."""
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="uid",
        probability_two_random_records_match=prior,
        comparisons=[_comparison(each, model.parameters[each.name], count) for each in comparisons],
        blocking_rules_to_generate_predictions=[block_on("uid")],
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=False,
        max_iterations=15,
    )


def _comparison(comparison: Comparison, values: Sequence[tuple[float, float]], count: int) -> Any:
    levels: list[Any] = [cll.CustomLevel(comparison.missing, "missing").configure(is_null_level=True)]
    for level, (m, u) in zip(comparison.levels, values, strict=True):
        made: Any = cll.ElseLevel() if level.sql == "ELSE" else cll.CustomLevel(level.sql, level.name)
        made = made.configure(m_probability=m, u_probability=u)
        if comparison.fixed:
            made = made.configure(fix_m_probability=True, fix_u_probability=True)
        if level.tf:
            made = made.configure(
                tf_adjustment_column=level.tf,
                tf_adjustment_weight=count / (count + TF_TRUST_RECORDS),
                tf_minimum_u_value=TF_SMALLEST,
            )
        levels.append(made)
    return cl.CustomComparison(levels, output_column_name=comparison.name)


def _learnt(linker: Linker) -> Learnt:
    found: dict[str, list[tuple[float | None, float | None]]] = {}
    for comparison in linker.misc.save_model_to_json()["comparisons"]:
        levels = [level for level in comparison["comparison_levels"] if not level.get("is_null_level")]
        found[comparison["output_column_name"]] = [
            (_number(level.get("m_probability")), _number(level.get("u_probability"))) for level in levels
        ]
    return found


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) and 0 < value <= 1 else None


def _blended(comparisons: Sequence[Comparison], learnt: Learnt, sample: Sample, notes: Sequence[str]) -> Model:
    trust_m = sample.matches / (sample.matches + TRUST_PAIRS)
    pairs = min(U_MAX_PAIRS, sample.count * (sample.count - 1) / 2)
    trust_u = pairs / (pairs + TRUST_RANDOM_PAIRS)
    parameters: dict[str, Sequence[tuple[float, float]]] = {}
    doubts = list(notes)
    for each in comparisons:
        values = [
            _mixed(level, found, trust_m, trust_u) for level, found in zip(each.levels, learnt[each.name], strict=True)
        ]
        if each.fixed:
            values = [(level.m, level.u) for level in each.levels]
        elif not credible(values):
            doubts.append(f"{each.name}: learnt values are not credible, the shipped ones were used")
            values = [(level.m, level.u) for level in each.levels]
        parameters[each.name] = values
    return Model(parameters, tuple(doubts))


def _mixed(
    level: Level, found: tuple[float | None, float | None], trust_m: float, trust_u: float
) -> tuple[float, float]:
    if level.m == level.u:  # said to mean nothing, whatever the data look like
        return level.m, level.u
    m = level.m if found[0] is None else trust_m * found[0] + (1 - trust_m) * level.m
    u = level.u if found[1] is None else trust_u * found[1] + (1 - trust_u) * level.u
    return float(f"{m:.5g}"), float(f"{u:.5g}")  # rounded: sums in another order must not move a weight


def credible(values: Sequence[tuple[float, float]]) -> bool:
    """Whether agreement speaks for a match and disagreement against, and matches do not mostly disagree."""
    weights = [math.log2(m / u) for m, u in values]
    return weights[0] > 0 > weights[-1] and values[0][0] >= 0.3 and values[-1][0] <= 0.5
