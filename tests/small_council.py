"""A handful of invented people as standard tables on a DuckDB connection: the least a class can be built from."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from graph.classes import VisibilityClass
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
PAIR_COLUMNS = ("source_l", "record_id_l", "source_r", "record_id_r")


@dataclass
class Facts:
    """Rows of the standard tables, who is whom, and scored pairs that were not joined."""

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
    people: dict[tuple[str, str], str] = field(default_factory=dict)
    pairs: list[tuple[str, str, str, str]] = field(default_factory=list)

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
    clusters = [
        {"source": source, "record_id": record, "person_id": person, "match_basis": "only record", "probability": 1.0}
        for (source, record), person in facts.people.items()
    ]
    schema = columns(
        source=pa.string(),
        record_id=pa.string(),
        person_id=pa.string(),
        match_basis=pa.string(),
        probability=pa.float64(),
    )
    pairs = pa.Table.from_pylist(
        [dict(zip(PAIR_COLUMNS, pair, strict=True)) for pair in facts.pairs],
        schema=pa.schema([(name, pa.string()) for name in PAIR_COLUMNS]),
    )
    inputs.add_clusters(connection, pa.Table.from_pylist(clusters, schema=schema), pairs)
    inputs.add_reference(connection, list(_sources(services)), "mosaic")
    inputs.add_place_keys(connection)
    restrictions.mark_shielded(connection, restrictions.MEMORY.empty_table() if memory is None else memory)
    classes.prepare(connection, "test secret")
    return connection


def _sources(services: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for name, held_by in CLASSES_OF.items():
        told = list(services) if name == "mosaic" else []
        yield {"source": name, "makes_units": name in ("mosaic", "lcs"), "services": told, "classes": held_by}
