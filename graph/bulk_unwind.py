"""Bulk load into Neo4j: statements over Bolt that each write a batch of rows of one kind.

Neo4j Community holds one database, called `neo4j`, so a graph there is created and dropped by its content. Only what
the schema names is ever touched.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from graph.bolt import Store
from graph.bulk_rows import Counts, EdgeRow, NodeRow, database_name, kept
from graph.errors import DataRefused, QueryRefused
from graph.schema import EDGES, NODES, edge_kind, node_kind

_ROWS = 2_000
"""Rows in one statement. At a few hundred bytes a row this stays far below the 16 MB one message may hold."""

_Kind = TypeVar("_Kind")
_Row = dict[str, object]


class UnwindBulkWriter:
    """See `graph.bulk.BulkWriter`."""

    def __init__(self, store: Store, database: str) -> None:
        self._store = store
        self._database = database_name(database)

    def create_database(self) -> None:
        """Check that the database is there and empty."""
        if self._run("MATCH (n) RETURN n LIMIT 1"):
            raise DataRefused(f"The database {self._database} is not empty. Drop its content first.")

    def create_schema(self) -> None:
        """Unique keys, which the load itself needs to find an edge's ends."""
        for kind in NODES:
            self._run(
                f"CREATE CONSTRAINT {kind.label.lower()}_key IF NOT EXISTS "
                f"FOR (n:{kind.label}) REQUIRE n.{kind.key} IS UNIQUE"
            )
        self._run("CALL db.awaitIndexes(600)")

    def load(self, nodes: Iterable[NodeRow], edges: Iterable[EdgeRow]) -> Counts:
        """Batches of nodes, then batches of edges, each counted."""
        made_nodes = sum(self._create_nodes(label, rows) for label, rows in _batched(_node_rows(nodes)))
        made_edges = sum(self._create_edges(ends, rows) for ends, rows in _batched(_edge_rows(edges)))
        return Counts(made_nodes, made_edges)

    def create_indexes(self) -> None:
        """Look-up indexes where the schema asks, and a wait until all are in use."""
        for kind in NODES:
            for each in kind.properties:
                if each.indexed and each.name != kind.key:
                    self._run(
                        f"CREATE INDEX {kind.label.lower()}_{each.name} IF NOT EXISTS "
                        f"FOR (n:{kind.label}) ON (n.{each.name})"
                    )
        self._run("CALL db.awaitIndexes(600)")

    def count(self) -> dict[str, int]:
        """Counts by label and type."""
        counts = {kind.label: self._number(f"MATCH (n:{kind.label}) RETURN count(n) AS n") for kind in NODES}
        return counts | {
            kind.type: self._number(f"MATCH ()-[r:{kind.type}]->() RETURN count(r) AS n") for kind in EDGES
        }

    def drop_database(self) -> None:
        """Delete every node of the schema's labels, with its edges, in batches."""
        for kind in NODES:
            while self._number(f"MATCH (n:{kind.label}) WITH n LIMIT 10000 DETACH DELETE n RETURN count(*) AS n"):
                pass

    def _create_nodes(self, label: str, rows: list[_Row]) -> int:
        text = f"UNWIND $rows AS row CREATE (n:{label}) SET n = row RETURN count(*) AS n"
        try:
            return self._number(text, {"rows": rows})
        except QueryRefused:
            raise DataRefused(
                f"The engine refused a batch of {label} nodes: a key may stand twice. Nothing was published."
            ) from None

    def _create_edges(self, ends: tuple[str, str, str], rows: list[_Row]) -> int:
        type_, from_label, to_label = ends
        text = (
            f"UNWIND $rows AS row MATCH (a:{from_label} {{{node_kind(from_label).key}: row.a}}) "
            f"MATCH (b:{to_label} {{{node_kind(to_label).key}: row.b}}) "
            f"CREATE (a)-[r:{edge_kind(type_).type}]->(b) SET r = row.properties RETURN count(*) AS n"
        )
        made = self._number(text, {"rows": rows})
        if made != len(rows):
            raise DataRefused(f"Only {made} of {len(rows)} {type_} edges found both their ends. Nothing was published.")
        return made

    def _number(self, text: str, parameters: Mapping[str, object] | None = None) -> int:
        rows = self._run(text, parameters)
        value = rows[0]["n"] if rows else 0
        return value if isinstance(value, int) else 0

    def _run(self, text: str, parameters: Mapping[str, object] | None = None) -> list[_Row]:
        return self._store.write(self._database, text, parameters or {})


def _node_rows(nodes: Iterable[NodeRow]) -> Iterator[tuple[str, _Row]]:
    for label, properties in nodes:
        yield label, kept(label, properties)


def _edge_rows(edges: Iterable[EdgeRow]) -> Iterator[tuple[tuple[str, str, str], _Row]]:
    for type_, from_label, from_key, to_label, to_key, properties in edges:
        yield (type_, from_label, to_label), {"a": from_key, "b": to_key, "properties": kept(type_, properties)}


def _batched(rows: Iterable[tuple[_Kind, _Row]]) -> Iterator[tuple[_Kind, list[_Row]]]:
    """Rows of one kind together, at most `_ROWS` at a time, in bounded memory."""
    waiting: dict[_Kind, list[_Row]] = defaultdict(list)
    for kind, row in rows:
        waiting[kind].append(row)
        if len(waiting[kind]) == _ROWS:
            yield kind, waiting.pop(kind)
    yield from waiting.items()
