"""How long a source's rows are kept (`[keep]` in its source.toml), applied to its standard tables once it is read.

A person outside the ages goes with everything the source says of them; a fact that ended long enough ago goes; so do
the workers and organisations that only such rows named. What protects somebody never goes with them: an exclusion that
still holds, a hidden address, and that they are restricted, which is handed on to be remembered.
"""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from loaders.source import Keep
from loaders.standard import close
from loaders.tables import PERSON, TABLES

MEMORY_LIMIT = "2GB"

_OF_PEOPLE = {
    "address": ("record_id",),
    "relationship": ("from_record", "to_record"),
    "involvement": ("record_id",),
    "plan": ("record_id",),
    "event": ("record_id",),
}
"""The columns that say whom a row of a table is about."""

_LASTING = (
    "housing benefit",
    "anti-social behaviour",
    "homelessness presentation",
    "not in education",
    "in education, employment or training",
    "in custody",
    "activity not known",
)
"""Kinds of event that last until they are said to end: without a last day they go on, however long ago they began."""

_ENDED = {
    "address": '"end"',
    "relationship": '"end"',
    "involvement": '"end"',
    "plan": '"end"',
    "event": f'CASE WHEN kind IN {_LASTING} THEN until ELSE coalesce(until, "on") END',
    "place_fact": "until",
}
"""When a row of a table ended."""

_NAMED = {
    "practitioner": ("worker_id", "SELECT worker_id AS name FROM involvement"),
    "organisation": (
        "name",
        "SELECT organisation AS name FROM involvement UNION SELECT organisation FROM practitioner",
    ),
}
"""What is kept only while it is named: its key, and who names it."""

_PEOPLE_PAST = """
CREATE TABLE related AS SELECT record_id FROM person
WHERE is_client IS false OR coalesce(forename, surname) IS NULL AND dob IS NULL;
CREATE TABLE past AS SELECT record_id FROM person
WHERE record_id NOT IN (FROM related) AND coalesce({outside}, false);
CREATE TABLE tie AS
SELECT from_record AS one, to_record AS other FROM relationship WHERE from_record IN (FROM related)
UNION SELECT to_record, from_record FROM relationship WHERE to_record IN (FROM related);
CREATE TABLE staying AS SELECT record_id FROM person
WHERE record_id NOT IN (FROM past) AND record_id NOT IN (FROM related);
INSERT INTO past (FROM ({around_past}) EXCEPT FROM ({around_staying}));
"""
"""`related` are in the source for another's sake: an associated adult, or one of whom only the id is known. They go
where whom they are tied to, through others like them, is past, and nobody who stays.
"""

_AROUND = """
WITH RECURSIVE around AS (
    SELECT one AS record_id FROM tie WHERE other IN (FROM {who})
    UNION SELECT tie.one FROM around JOIN tie ON tie.other = around.record_id
)
FROM around
"""

_GONE = """
CREATE TABLE gone AS SELECT record_id FROM past
WHERE record_id NOT IN (SELECT record_id FROM exclusion WHERE coalesce(until >= $as_at, true))
  AND record_id NOT IN (SELECT record_id FROM address WHERE hidden)
"""


@dataclass(slots=True)
class Expired:
    """Rows not kept, by table, and the rows of those people among them who are restricted."""

    rows: dict[str, int] = field(default_factory=dict)
    restricted: pa.Table = field(default_factory=PERSON.schema.empty_table)


def years_before(day: date, years: int) -> date:
    """The same day that many years before; 28 February where that year has no 29th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def retain(tables: Mapping[str, Path], keep: Keep, as_at: date) -> Expired:
    """Rewrite a source's standard tables without what is past its time; a table that holds nothing such stays as is.

    Ages are completed years on the day of the extract. A person of unknown age stays, and so does somebody who is in
    the source for another's sake, while that other does.
    """
    if keep == Keep():
        return Expired()
    spill = next(iter(tables.values())).parent.parent if tables else Path()
    with duckdb.connect(
        config={"memory_limit": MEMORY_LIMIT, "temp_directory": str(spill), "threads": 2}
    ) as connection:
        return _Retention(connection, tables, keep, as_at).run()


class _Retention:
    """One source's tables on a connection, and what of them is past."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, tables: Mapping[str, Path], keep: Keep, as_at: date
    ) -> None:
        self._connection, self._tables, self._keep, self._as_at = connection, tables, keep, as_at
        self._expired = Expired()
        for name, table in TABLES.items():
            connection.register("empty_arrow", table.schema.empty_table())
            connection.execute(f"CREATE TABLE {name}_none AS SELECT *, 0 AS file_row_number FROM empty_arrow")
            self._see(name)

    def run(self) -> Expired:
        self._find_people()
        query = "SELECT * EXCLUDE (file_row_number) FROM person WHERE restricted AND record_id IN (FROM gone)"
        self._expired.restricted = self._connection.execute(query).to_arrow_table().cast(PERSON.schema)
        self._connection.execute(
            "CREATE TABLE named AS "
            + " UNION ALL ".join(f"SELECT '{table}' AS kind, name FROM ({who})" for table, (_, who) in _NAMED.items())
        )
        for table in _ENDED:
            self._drop(table, " OR ".join(["false", *self._past(table)]))
        for table in ("person", "exclusion"):
            self._drop(table, "record_id IN (FROM gone)")
        for table, (key, who) in _NAMED.items():
            before = f"SELECT name FROM named WHERE kind = '{table}' AND name IS NOT NULL"
            self._drop(table, f"{key} IN ({before}) AND {key} NOT IN (SELECT name FROM ({who}) WHERE name IS NOT NULL)")
        return self._expired

    def _find_people(self) -> None:
        keep, as_at = self._keep, self._as_at
        outside = ["false"]
        if keep.age_from is not None:
            outside.append(f"status = 'unborn' OR dob > DATE '{years_before(as_at, keep.age_from)}'")
        if keep.age_to is not None:
            outside.append(f"dob <= DATE '{years_before(as_at, keep.age_to + 1)}'")
        around = {f"around_{who}": _AROUND.format(who=who) for who in ("past", "staying")}
        self._connection.execute(_PEOPLE_PAST.format(outside=f"({' OR '.join(outside)})", **around))
        self._connection.execute(_GONE, {"as_at": as_at})

    def _past(self, table: str) -> list[str]:
        """Why a row of a table is past: whom it is about, or when it ended. What is hidden stays hidden."""
        reasons = [f"{column} IN (FROM past)" for column in _OF_PEOPLE.get(table, ())]
        if self._keep.ended_years is not None:
            reasons.append(f"{_ENDED[table]} < DATE '{years_before(self._as_at, self._keep.ended_years)}'")
        return [f"({reason}) AND NOT coalesce(hidden, false)" for reason in reasons] if table == "address" else reasons

    def _drop(self, table: str, past: str) -> None:
        """Write a table again without the rows that are past, and count them."""
        if table not in self._tables:
            return
        lost = self._connection.execute(f"SELECT file_row_number FROM {table} WHERE {past}").fetchnumpy()
        past_rows = lost["file_row_number"]
        if len(past_rows):
            _write_again(self._tables[table], TABLES[table].schema, past_rows)
            self._expired.rows[table] = len(past_rows)
            self._see(table)

    def _see(self, table: str) -> None:
        path = str(self._tables.get(table, "")).replace("'", "''")
        held = f"read_parquet('{path}', file_row_number = true)" if path else f"{table}_none"
        self._connection.execute(f"CREATE OR REPLACE VIEW {table} AS SELECT * FROM {held}")


def _write_again(path: Path, schema: pa.Schema, without: "np.ndarray[Any, Any]") -> None:
    """Write a table again without those rows, the others in their order."""
    aside = path.with_suffix(".tmp")
    with pq.ParquetFile(path) as rows, ExitStack() as stack:
        stays = np.ones(rows.metadata.num_rows, dtype=bool)
        stays[without] = False
        writer = pq.ParquetWriter(aside, schema, compression="zstd")
        stack.callback(close, writer)
        first = 0
        for batch in rows.iter_batches():
            writer.write_batch(batch.filter(pa.array(stays[first : first + len(batch)])))
            first += len(batch)
    aside.replace(path)
