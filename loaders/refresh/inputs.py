"""Standard tables, clusters and reference data onto one DuckDB connection, ready for the graph's tables.

Owns table names only; what they mean is in loaders/tables.py and sql/full.sql.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from graph.judgements import Key
from graph.vocabulary import Code, vocabulary
from loaders.refresh.places import text_key
from loaders.tables import TABLES, columns

MEMORY_LIMIT = "2GB"

_ORDER = columns(source=pa.string(), place=pa.int32())
_SERVICE = columns(service_id=pa.string(), title=pa.string(), sensitive=pa.bool_())
_SOURCE_CLASS = columns(source=pa.string(), visibility=pa.string())
_DECIDED = columns(source_l=pa.string(), record_id_l=pa.string(), source_r=pa.string(), record_id_r=pa.string())
_CODE = columns(code=pa.string(), mirrored=pa.bool_(), restricted=pa.bool_())

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
            connection.execute(f"INSERT INTO std.{name} BY NAME SELECT * FROM read_parquet(?)", [str(file)])
    return connection


def add_clusters(
    connection: duckdb.DuckDBPyConnection, clusters: pa.Table, pairs: pa.Table, decided: Iterable[tuple[Key, Key]] = ()
) -> None:
    """Who is whom: `cluster`, the scored, unjoined or joined `pair`s, and those that were `decided` to be one."""
    connection.register("clusters_arrow", clusters)
    connection.execute("CREATE TABLE cluster AS SELECT * FROM clusters_arrow")
    connection.register("pairs_arrow", pairs)
    connection.execute("CREATE TABLE pair AS SELECT * FROM pairs_arrow")
    _table(connection, "decided", _DECIDED, [
        dict(zip(_DECIDED.names, (*one, *other), strict=True)) for one, other in decided
    ])  # fmt: skip


def add_reference(connection: duckdb.DuckDBPyConnection, sources: Iterable[Mapping[str, Any]], first: str) -> None:
    """Codes, services, which classes may hold anything of a source, and the order in which sources are believed for the
    name shown: `first`, then those that make units, then the rest, each by name.

    A service is sensitive where any source says so.
    """
    known = sorted(sources, key=lambda source: (source["source"] != first, not source["makes_units"], source["source"]))
    services: dict[str, dict[str, Any]] = {}
    for service in (service for one in known for service in one["services"]):
        held = services.setdefault(service["service_id"], dict(service))
        held["sensitive"] = held["sensitive"] or service["sensitive"]
    _table(connection, "source_order", _ORDER, [{"source": one["source"], "place": i} for i, one in enumerate(known)])
    _table(connection, "service", _SERVICE, list(services.values()))
    _table(connection, "source_class", _SOURCE_CLASS, [
        {"source": one["source"], "visibility": visibility} for one in known for visibility in one["classes"]
    ])  # fmt: skip
    _table(connection, "code", _CODE, [_code_row(code) for code in vocabulary().values()])


def add_place_keys(connection: duckdb.DuckDBPyConnection) -> None:
    """The comparison key of every distinct address text, as `place_key`."""
    distinct = connection.execute(
        "SELECT text, postcode FROM std.address UNION SELECT text, postcode FROM std.place_fact"
    ).fetchall()
    keyed = pa.table(
        {
            "text": pa.array([text for text, _ in distinct], pa.string()),
            "postcode": pa.array([postcode for _, postcode in distinct], pa.string()),
            "text_key": pa.array([text_key(text, postcode) for text, postcode in distinct], pa.string()),
        }
    )
    connection.register("place_key_arrow", keyed)
    connection.execute("CREATE TABLE place_key AS SELECT * FROM place_key_arrow")


def _code_row(code: Code) -> dict[str, Any]:
    restricted = code.default_visibility == "restricted" and not code.code.startswith(_STANDARD_THOUGH_RESTRICTED)
    return {"code": code.code, "mirrored": code.symmetric, "restricted": restricted}


def _table(
    connection: duckdb.DuckDBPyConnection, name: str, schema: pa.Schema, rows: Sequence[Mapping[str, Any]]
) -> None:
    connection.register("rows_arrow", pa.Table.from_pylist([dict(row) for row in rows], schema=schema))
    connection.execute(f"CREATE TABLE {name} AS SELECT * FROM rows_arrow")
