"""What the review desk is told of tonight's linking: each kept pair field by field, and the people to look at.

Reads scores and labels; decides nothing. The file it fills is graph/evidence.py's.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graph.evidence import MISSING, Alarm, LevelRow, PairRow, codes, write_evidence
from loaders.linkage.candidates import pairs_sql
from loaders.linkage.identity import Key
from loaders.linkage.matrix import Matrix, read_matrix
from loaders.linkage.model import Model
from loaders.linkage.score import Scored, Scorer
from loaders.linkage.settings import ALARM_LOOSE, ALARM_SIZE, JOIN_WEIGHT, TF_SMALLEST, TF_TRUST_RECORDS, Comparison
from loaders.linkage.trained import Trained

MOST_PERHAPS = 200
"""People kept for a second look by readers who see a part of their records: those whose records agree least."""

TITLES = {
    "forename": "Forename",
    "surname": "Surname",
    "dob": "Date of birth",
    "sex": "Sex",
    "address": "Address",
    "phone": "Telephone",
    "email": "E-mail",
    "nhs": "NHS number",
    "upn": "Unique pupil number",
    "uln": "Unique learner number",
    "llid": "Liquidlogic id",
    "pnc": "Police National Computer id",
}
_WAYS = {
    "llid": "a Liquidlogic id",
    "upn": "a unique pupil number",
    "nhs": "an NHS number",
    "id": "a number that is one person’s",
    "name_dob": "name and date of birth",
    "name_dob_address": "name, date of birth and address",
    "name_address": "name and address",
    "address": "an address",
}
"""The flags of loaders/linkage/matrix.py in words."""

_WEAK = {"else": "differs", "loose": "only loosely alike", "year": "the same year only", "swapped": "swapped"}
"""Words of levels that no reason for joining is made of."""


@dataclass(frozen=True, slots=True)
class Found:
    """The evidence of one night, ready to be written. `pairs` has a row per kept pair, as graph/evidence.py names them
    but for the two people.
    """

    prior: float
    model: str
    levels: Sequence[LevelRow]
    pairs: pa.Table
    alarms: Sequence[Alarm]


def keep_evidence(folder: Path, found: Found, people: Mapping[Key, str]) -> None:
    """Write the evidence beside a build's graphs. `people` has the person_id of every record."""
    constants = (found.prior, JOIN_WEIGHT, found.model)
    asked = cells(read_matrix(), {source for source, _ in people})
    write_evidence(folder, constants, found.levels, _rows(found.pairs, people), found.alarms, asked)


def kept_pairs(
    asked: Scorer,
    scored: Scored,
    kept: npt.NDArray[np.int64],
    weights: npt.NDArray[np.float64],
    trained: Trained,
) -> pa.Table:
    """The pairs at the places `kept`, as graph/evidence.py has them but for the people: the place of every comparison's
    level as one text, and what the rarity of both names adds to the weight, in log2 odds.
    """
    asked.ask_about(scored.pairs[kept])
    levels = " || ".join(_code_sql(each) for each in asked.comparisons)
    rarity = ", ".join(_rarity_sql(each, trained) for each in asked.comparisons if each.levels[0].tf)
    told = asked.engine.read(f"""
        SELECT source_l, record_id_l, source_r, record_id_r, {levels} AS levels, {rarity}
        FROM ({pairs_sql(asked.engine, "asked")})
        LEFT JOIN frequency_of_forename f ON f.forename = forename_l
        LEFT JOIN frequency_of_surname s ON s.surname = surname_l
        ORDER BY place""")
    told = told.add_column(4, "weight", pa.array(weights[kept], pa.float64()))
    return told.add_column(5, "guard", pa.array(scored.guards[kept].tolist(), pa.string()))


def _code_sql(comparison: Comparison) -> str:
    """The level of one comparison as one letter."""
    places = enumerate(comparison.levels)
    whens = "".join(f" WHEN {level.sql} THEN '{codes([place])}'" for place, level in places if level.sql != "ELSE")
    return f"CASE WHEN {comparison.missing} THEN '{MISSING}'{whens} ELSE '{codes([len(comparison.levels) - 1])}' END"


def _rarity_sql(comparison: Comparison, trained: Trained) -> str:
    """What Splink adds to an exact match of a name: more for a rare one, less for a common one."""
    name, u = comparison.name, trained.parameters[comparison.name][0][1]
    trust = trained.records / (trained.records + TF_TRUST_RECORDS)
    return (
        f"CASE WHEN NOT ({comparison.missing}) AND {comparison.levels[0].sql}"
        f" THEN {trust} * (log2({u}) - log2(greatest(tf_{name}, {TF_SMALLEST}))) ELSE 0 END AS rarity_{name}"
    )


def gather(comparisons: Sequence[Comparison], told: pa.Table, trained: Trained, looked: Sequence[Alarm]) -> Found:
    """All that is told of tonight."""
    prior = math.log2(trained.prior / (1 - trained.prior))
    return Found(prior, trained.digest, level_rows(comparisons, trained.model), told, looked)


def cells(matrix: Matrix, sources: Iterable[str]) -> list[tuple[str, str, str]]:
    """What the matrix asks of every two sources, in words: "Liquidlogic id, or name and date of birth"."""
    table = matrix.table(sources).items()
    return [(*pair, ", or ".join(_WAYS[way] for way in _WAYS if way in ways)) for pair, ways in table]


def level_rows(comparisons: Sequence[Comparison], model: Model) -> list[LevelRow]:
    """Every level of the model in words, with its weight."""
    rows = []
    for field, each in enumerate(comparisons):
        for place, (level, (m, u)) in enumerate(zip(each.levels, model.parameters[each.name], strict=True)):
            title = TITLES.get(each.name, each.name)
            words = level.words or _WEAK.get(level.name, level.name.replace("_", " "))
            rows.append(LevelRow(field, place, each.name, title, level.name, words, math.log2(m / u)))
    return rows


def alarms(
    labels: npt.NDArray[np.int64], pairs: npt.NDArray[np.int64], weights: npt.NDArray[np.float64], ids: dict[int, str]
) -> list[Alarm]:
    """People of more records than one person is likely to have, people whose records hardly agree, and those of whom
    that may be so for a reader who sees a part of their records only.
    """
    sizes = np.bincount(labels, minlength=len(labels))
    inside = labels[pairs[:, 0]] == labels[pairs[:, 1]]
    owner = labels[pairs[inside, 0]]
    many = np.bincount(owner, minlength=len(labels))
    total = np.bincount(owner, weights=weights[inside], minlength=len(labels))
    mean = np.divide(total, many, out=np.full(len(labels), np.inf), where=many > 0)
    least = np.full(len(labels), np.inf)
    np.minimum.at(least, owner, weights[inside])
    loose = np.flatnonzero((sizes > 2) & (mean < ALARM_LOOSE))
    perhaps = np.flatnonzero((sizes > 2) & (mean >= ALARM_LOOSE) & (least < ALARM_LOOSE))
    perhaps = perhaps[np.argsort(mean[perhaps], kind="stable")][:MOST_PERHAPS]
    found = [Alarm(ids[int(one)], "large", float(sizes[one])) for one in np.flatnonzero(sizes > ALARM_SIZE)]
    for kind, people in (("loose", loose), ("perhaps", perhaps)):
        found += [Alarm(ids[int(one)], kind, round(float(mean[one]), 2)) for one in people]
    return found


def _rows(pairs: pa.Table, people: Mapping[Key, str]) -> Iterator[PairRow]:
    for batch in pairs.to_batches(max_chunksize=50_000):
        columns = [batch[name].to_pylist() for name in batch.schema.names]
        for source_l, record_l, source_r, record_r, weight, guard, levels, forename, surname in zip(
            *columns, strict=True
        ):
            left, right = people[source_l, record_l], people[source_r, record_r]
            yield (source_l, record_l, source_r, record_r, left, right, weight, guard, levels, forename, surname)
