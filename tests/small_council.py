"""A handful of invented people as standard tables on a DuckDB connection: the least a class can be built from."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from graph.classes import VisibilityClass
from loaders.linkage.explain import ALONE, DECIDED, RECORDED
from loaders.refresh import classes, inputs, restrictions
from loaders.tables import TABLES, columns

EXTRACTED = date(2026, 11, 20)
SERVICES = (
    {"service_id": "csc", "title": "Children's social care", "sensitive": False},
    {"service_id": "camhs", "title": "Child and adolescent mental health", "sensitive": True},
)
ALL, CLOSED = tuple(VisibilityClass), (VisibilityClass.SENSITIVE, VisibilityClass.SHIELD)
CLASSES_OF: Mapping[str, tuple[VisibilityClass, ...]] = {
    "mosaic": ALL, "lcs": ALL, "dwp": ALL, "police": (VisibilityClass.STANDARD, *CLOSED),
    "camhs": CLOSED, "marac": CLOSED, "mappa": (VisibilityClass.SHIELD,),
}  # fmt: skip
"""Which classes may hold anything of a source."""
Key = tuple[str, str]
"""Source and record id."""

CLUSTER = columns(
    source=pa.string(),
    record_id=pa.string(),
    person_id=pa.string(),
    match_basis=pa.string(),
    probability=pa.float64(),
)
PAIR = columns(
    source_l=pa.string(),
    record_id_l=pa.string(),
    source_r=pa.string(),
    record_id_r=pa.string(),
    match_weight=pa.float64(),
    match_probability=pa.float64(),
    joined=pa.bool_(),
    match_basis=pa.string(),
)


@dataclass
class Facts:
    """Rows of the standard tables, who is whom, scored pairs that were not joined, and those that were: with the weight
    and the reason of each; and records that somebody decided to be of one person.
    """

    person: list[dict[str, Any]] = field(default_factory=list)
    address: list[dict[str, Any]] = field(default_factory=list)
    relationship: list[dict[str, Any]] = field(default_factory=list)
    involvement: list[dict[str, Any]] = field(default_factory=list)
    practitioner: list[dict[str, Any]] = field(default_factory=list)
    organisation: list[dict[str, Any]] = field(default_factory=list)
    plan: list[dict[str, Any]] = field(default_factory=list)
    event: list[dict[str, Any]] = field(default_factory=list)
    place_fact: list[dict[str, Any]] = field(default_factory=list)
    exclusion: list[dict[str, Any]] = field(default_factory=list)
    people: dict[Key, str] = field(default_factory=dict)
    pairs: list[tuple[str, str, str, str]] = field(default_factory=list)
    joined: list[tuple[Key, Key, float, str]] = field(default_factory=list)
    decided: list[tuple[Key, Key]] = field(default_factory=list)

    def add(self, table: str, **row: Any) -> None:
        """Add one row; the source is Mosaic where none is said, and every row gets its provenance."""
        rows: list[dict[str, Any]] = getattr(self, table)
        rows.append({"source": "mosaic", "source_row": f"{table}:{len(rows):04}", "extracted_on": EXTRACTED} | row)


def connection_of(
    facts: Facts, spill: Path, *, services: Iterable[Mapping[str, Any]] = SERVICES, memory: pa.Table | None = None
) -> duckdb.DuckDBPyConnection:
    """A connection ready for `ClassGraph`."""
    connection = duckdb.connect(config={"threads": 1})
    connection.execute("CREATE SCHEMA std")
    for name, table in TABLES.items():
        connection.register("rows", pa.Table.from_pylist(getattr(facts, name), schema=table.schema))
        connection.execute(f"CREATE TABLE std.{name} AS SELECT * FROM rows")
    clusters = pa.Table.from_pylist(list(_clusters(facts)), schema=CLUSTER)
    inputs.add_clusters(connection, clusters, pa.Table.from_pylist(list(_pairs(facts)), schema=PAIR), facts.decided)
    inputs.add_reference(connection, list(_sources(services)), "mosaic")
    inputs.add_place_keys(connection)
    restrictions.mark_shielded(connection, restrictions.MEMORY.empty_table() if memory is None else memory)
    classes.prepare(connection, "test secret")
    return connection


def _sources(services: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for name, held_by in CLASSES_OF.items():
        told = list(services) if name == "mosaic" else []
        yield {"source": name, "makes_units": name in ("mosaic", "lcs"), "services": told, "classes": held_by}


def _clusters(facts: Facts) -> Iterator[dict[str, Any]]:
    """Each record with the reason of its heaviest pair, as linking gives it."""
    records = Counter(facts.people.values())
    why: dict[Key, tuple[str, float]] = {}
    for left, right, weight, basis in sorted(facts.joined, key=lambda one: one[2]):
        why[left] = why[right] = (basis, _chance(weight))
    why |= dict.fromkeys((key for pair in facts.decided for key in pair), (DECIDED, 1.0))
    for key, person in facts.people.items():
        basis, chance = why.get(key, (RECORDED if records[person] > 1 else ALONE, 1.0))
        yield dict(zip(CLUSTER.names, (*key, person, basis, chance), strict=True))


def _pairs(facts: Facts) -> Iterator[dict[str, Any]]:
    for pair in facts.pairs:
        yield dict(zip(PAIR.names, (*pair, -1.0, _chance(-1.0), False, None), strict=True))
    for left, right, weight, basis in facts.joined:
        yield dict(zip(PAIR.names, (*left, *right, weight, _chance(weight), True, basis), strict=True))


def _chance(weight: float) -> float:
    return round(1 / (1 + 2**-weight), 9)
