"""Standard tables, clusters and reference data onto one DuckDB connection, ready for the graph's tables.

Owns table names only; what they mean is in loaders/tables.py and sql/full.sql.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from graph.vocabulary import vocabulary
from loaders.refresh.places import text_key
from loaders.tables import TABLES

MEMORY_LIMIT = "2GB"

_STANDARD_THOUGH_RESTRICTED = ("FOSTER", "PUTATIVE")
"""Vocabulary-restricted codes that `standard` may see unless the placement is hidden (design, section 4)."""


def open_tables(tables: Mapping[str, Sequence[Path]], spill: Path) -> duckdb.DuckDBPyConnection:
    """A connection with one table per standard table in schema `std`, empty where no source fills it."""
    connection = duckdb.connect(config={"memory_limit": MEMORY_LIMIT, "temp_directory": str(spill), "threads": 2})
    connection.execute("CREATE SCHEMA std")
    for name, table in TABLES.items():
        connection.register("empty_arrow", table.schema.empty_table())
        connection.execute(f"CREATE TABLE std.{name} AS SELECT * FROM empty_arrow")
        for file in tables.get(name, ()):
            connection.execute(f"INSERT INTO std.{name} BY NAME SELECT * FROM read_parquet(?)", [str(file)])  # noqa: S608
    return connection


def add_clusters(connection: duckdb.DuckDBPyConnection, clusters: pa.Table, pairs: pa.Table) -> None:
    """Who is whom: `cluster` and the scored, unjoined or joined `pair`s."""
    connection.register("clusters_arrow", clusters)
    connection.execute("CREATE TABLE cluster AS SELECT * FROM clusters_arrow")
    connection.register("pairs_arrow", pairs)
    connection.execute("CREATE TABLE pair AS SELECT * FROM pairs_arrow")


def add_reference(connection: duckdb.DuckDBPyConnection, sources: Iterable[Mapping[str, Any]], first: str) -> None:
    """Codes, services, and the order in which sources are believed for the name shown: `first`, then those that make
    units, then the rest, each by name."""
    known = sorted(sources, key=lambda source: (source["source"] != first, not source["makes_units"], source["source"]))
    _rows(connection, "source_order(source VARCHAR, place INTEGER)", [(s["source"], i) for i, s in enumerate(known)])
    services = {s["service_id"]: (s["service_id"], s["title"], s["sensitive"]) for one in known for s in one["services"]}
    _rows(connection, "service(service_id VARCHAR, title VARCHAR, sensitive BOOLEAN)", list(services.values()))
    codes = [
        (code.code, code.symmetric, code.default_visibility == "restricted" and not code.code.startswith(_STANDARD_THOUGH_RESTRICTED))
        for code in vocabulary().values()
    ]
    _rows(connection, "code(code VARCHAR, mirrored BOOLEAN, restricted BOOLEAN)", codes)


def add_place_keys(connection: duckdb.DuckDBPyConnection) -> None:
    """The comparison key of every distinct address text, as `place_key`."""
    distinct = connection.execute("SELECT DISTINCT text, postcode FROM std.address").fetchall()
    keyed = pa.table({
        "text": pa.array([text for text, _ in distinct], pa.string()),
        "postcode": pa.array([postcode for _, postcode in distinct], pa.string()),
        "text_key": pa.array([text_key(text, postcode) for text, postcode in distinct], pa.string()),
    })
    connection.register("place_key_arrow", keyed)
    connection.execute("CREATE TABLE place_key AS SELECT * FROM place_key_arrow")


def _rows(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Sequence[Any]]) -> None:
    connection.execute(f"CREATE TABLE {table}")
    if rows:
        marks = ", ".join("?" * len(rows[0]))
        connection.executemany(f"INSERT INTO {table.partition('(')[0]} VALUES ({marks})", rows)  # noqa: S608
