"""The council of canaries as the tables a refresh builds graphs from, without linking anybody and without an engine.

Who is whom is known: a record bears the name of its person.
"""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from graph.classes import VisibilityClass
from loaders.check import CheckResult, check
from loaders.linkage.explain import RECORDED
from loaders.refresh import classes, inputs, restrictions
from loaders.refresh.classes import ClassGraph
from loaders.refresh.search_rows import search_records
from tests.canary_council import CanaryCouncil
from tests.canary_sources import sources
from tests.small_council import CLUSTER, PAIR

NAME = 7
"""Characters of a token that is a name."""
Key = tuple[str, str]


class Held(NamedTuple):
    """A node, an edge or an entry of the index, the tokens in each of its properties, and who says so."""

    what: str
    tokens: dict[str, set[str]]
    source: str = ""


@dataclass(frozen=True)
class Rows:
    """The extracts, what a check made of them, and who is whom."""

    council: CanaryCouncil
    checked: CheckResult
    people: Mapping[Key, str]

    def standard(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Every standard row with its source and table."""
        for table, paths in self.checked.tables.items():
            for path in paths:
                for row in pq.read_table(path).to_pylist():
                    yield path.stem, table, row

    def held(self, connection: duckdb.DuckDBPyConnection, visibility: VisibilityClass) -> Iterator[Held]:
        """Everything that a class gets: its graph and, but for research, its search index."""
        graph = ClassGraph(connection, visibility, salt="salt")
        found = self.council.tokens.found
        for label, row in graph.nodes():
            yield Held(label, _found(row, found), row.get("source", ""))
        for type_, _, one, _, other, row in graph.edges():
            values = {"from": one, "to": other} | row
            yield Held(type_, _found(values, found), row.get("source", ""))
        if visibility is not VisibilityClass.RESEARCH:
            yield from (Held("search", {"": found(str(record))}) for record in search_records(connection, {}))
        graph.close()

    def tables(self) -> duckdb.DuckDBPyConnection:
        """A connection ready for a class's graph."""
        connection = inputs.open_tables(self.checked.tables, self.checked.quarantine.parent)
        clusters = [
            dict(zip(CLUSTER.names, (*key, who, RECORDED, 1.0), strict=True)) for key, who in self.people.items()
        ]
        inputs.add_clusters(connection, pa.Table.from_pylist(clusters, schema=CLUSTER), PAIR.empty_table())
        inputs.add_reference(connection, [state.as_json() for state in self.checked.sources], "mosaic")
        inputs.add_place_keys(connection)
        restrictions.mark_shielded(connection, restrictions.MEMORY.empty_table())
        classes.prepare(connection, "secret")
        return connection


def _found(row: Mapping[str, Any], found: Callable[[str], set[str]]) -> dict[str, set[str]]:
    return {name: tokens for name, value in row.items() if (tokens := found(str(value)))}


def who_is_whom(council: CanaryCouncil, checked: CheckResult) -> dict[Key, str]:
    """Each record with the name of its person; one that bears nobody's is a person of its own."""
    named = {one.forename[:NAME].lower(): name for name, one in council.people.items()}
    return {
        (row["source"], row["record_id"]): named.get(
            (row["forename"] or "")[:NAME].lower(), f"{row['source']} {row['record_id']}"
        )
        for path in checked.tables["person"]
        for row in pq.read_table(path).to_pylist()
    }


def checked_council(root: Path) -> tuple[CanaryCouncil, CheckResult]:
    """The extracts written under a folder and checked."""
    council = CanaryCouncil()
    council.write(root / "extracts")
    return council, check(root / "extracts", root / "work", gates={one.gate for one in sources().values()})


@cache
def canary_rows() -> Rows:
    """The one council of the test run; its folder is small and goes with the run."""
    council, checked = checked_council(Path(tempfile.mkdtemp(prefix="fnx-canary-rows-")))
    return Rows(council, checked, who_is_whom(council, checked))
