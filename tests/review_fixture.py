"""The evidence that is published beside the fixture graph: joined and doubtful pairs of its records, field by field."""

import math
from collections.abc import Iterable
from pathlib import Path

from graph.evidence import MISSING, Alarm, LevelRow, PairRow, codes, write_evidence
from loaders.linkage.evidence import TITLES
from loaders.linkage.settings import COMPARISONS
from tests.fixture_graph import person_id

PRIOR = -12.0
OWNERS = {
    "lcs:50012": "mosaic:249012",
    "lcs:50013": "mosaic:249013",
    "lcs:50014": "mosaic:249014",
    "school_census:7001": "mosaic:251377",
    "school_census:7002": "mosaic:251379",
    "mosaic:60062": "lcs:61001",
    "school_census:9001": "mosaic:249012",
    "police:9002": "mosaic:249012",
}
PAIRS = (
    ("lcs:50012", "mosaic:249012", "", "forename known, surname same, dob same, sex same, llid same"),
    ("lcs:50013", "mosaic:249013", "", "forename known, surname same, dob slip, sex same, address same"),
    ("lcs:50014", "mosaic:249014", "", "forename near, surname near, dob same, sex same"),
    ("mosaic:251377", "school_census:7001", "", "forename same, surname same, dob same, sex same"),
    ("mosaic:251379", "school_census:7002", "", "forename near, surname same, dob same, sex same"),
    ("lcs:50090", "mosaic:249012", "", "forename known, surname same, dob slip, sex same, address else"),
    ("lcs:50012", "lcs:50090", "", "forename known, surname same, dob two_parts, address else"),
    ("lcs:60060", "lcs:60061", "twins", "forename else, surname same, dob same, sex same, address same"),
    ("lcs:60060", "mosaic:251379", "adoption", "forename same, surname else, dob same, sex same"),
    ("lcs:60050", "mosaic:252001", "unnamed", "forename else, dob same, address same"),
    ("lcs:61002", "mosaic:252002", "", "forename loose, surname else, dob same, address same"),
)
"""Two records, what stopped them, and the level of each field that both have; sealed and restricted ones among them."""

CELLS = (("lcs", "mosaic", "a Liquidlogic id, or name and date of birth"), ("mosaic", "mosaic", "an NHS number"))
GUARD = -3.0


ALARMS = (Alarm(person_id("mosaic:249012"), "large", 21.0),)


def write_fixture_evidence(
    folder: Path, told: Iterable[tuple[str, str, str, str]] = PAIRS, alarms: Iterable[Alarm] = ALARMS
) -> None:
    """Write the evidence into a build's folder."""
    rows = [LevelRow(field, place, each.name, TITLES[each.name], level.name, level.words, math.log2(level.m / level.u))
            for field, each in enumerate(COMPARISONS) for place, level in enumerate(each.levels)]  # fmt: skip
    pairs = [_pair(*one, {(row.name, row.level): row for row in rows}) for one in told]
    write_evidence(folder, (PRIOR, 0.0, "fixture"), rows, pairs, alarms, CELLS)


def _pair(left: str, right: str, guard: str, said: str, rows: dict[tuple[str, str], LevelRow]) -> PairRow:
    told = dict(one.split() for one in said.split(", "))
    found = [rows[each.name, told[each.name]] if each.name in told else None for each in COMPARISONS]
    weight = PRIOR + sum(row.weight for row in found if row)
    levels = "".join(codes([row.place]) if row else MISSING for row in found)
    (source_l, _, record_l), (source_r, _, record_r) = left.partition(":"), right.partition(":")
    people = (person_id(OWNERS.get(left, left)), person_id(OWNERS.get(right, right)))
    weight = min(weight, GUARD) if guard else weight
    return (source_l, record_l, source_r, record_r, *people, weight, guard, levels, 0.0, 0.0)
