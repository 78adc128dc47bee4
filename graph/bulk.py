"""Filling a graph in one go, by each engine's own fast way. The one place that knows that there are two.

A graph is created, given its schema, loaded, indexed and counted; readers are let in afterwards. A load that was killed
leaves a part: drop the graph and build it again under a new name.
"""

from collections.abc import Iterable
from typing import Protocol

from graph.bolt import Store
from graph.bulk_http import HttpBulkWriter
from graph.bulk_rows import Counts, EdgeRow, NodeRow
from graph.bulk_unwind import UnwindBulkWriter
from graph.embedded import EngineAddress
from graph.settings import Settings

__all__ = ["BulkWriter", "Counts", "EdgeRow", "NodeRow", "bulk_writer"]


class BulkWriter(Protocol):
    """Builds one graph. Every method raises EngineDown when the engine fails."""

    def create_database(self) -> None:
        """Make an empty graph. Raises DataRefused if one of that name holds something already."""

    def create_schema(self) -> None:
        """Declare what `graph.schema` names: labels, types and what the load itself needs."""

    def load(self, nodes: Iterable[NodeRow], edges: Iterable[EdgeRow]) -> Counts:
        """Write all nodes, then all edges, in bounded memory.

        Raises DataRefused when the engine did not create exactly what was sent: a key twice, or an edge without an end.
        """

    def create_indexes(self) -> None:
        """Unique keys and look-up indexes, in use when this returns. Raises DataRefused for a key held twice."""

    def count(self) -> dict[str, int]:
        """How many there are of every label and type of the schema, none left out."""

    def drop_database(self) -> None:
        """Remove the graph and all in it. Does nothing if there is none."""


def bulk_writer(settings: Settings, engine: EngineAddress | Store, database: str) -> BulkWriter:
    """The writer for that engine: its HTTP batch for the embedded one, statements over Bolt for a Neo4j store."""
    if isinstance(engine, Store):
        return UnwindBulkWriter(engine, database)
    return HttpBulkWriter(engine.http_url, engine.admin, database)
