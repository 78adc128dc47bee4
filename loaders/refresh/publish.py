"""One build onto disk and into the engine: a graph and a search index per class, counted and proved before use.

The pointer moves last. Until then readers have the old build, and whatever this leaves behind is swept by the next run.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from graph.bolt import Store
from graph.bulk import bulk_writer
from graph.canary import prove_traversal
from graph.classes import VisibilityClass
from graph.embedded import EngineAddress, grant
from graph.errors import EngineDown
from graph.home import DataHome
from graph.search.index import build_index
from graph.settings import Settings
from loaders.refresh.classes import ClassGraph
from loaders.refresh.search_rows import search_records

INDEXED_CLASSES = frozenset(VisibilityClass) - {VisibilityClass.RESEARCH}
"""A research graph has no names to search."""


def database_name(build_id: str, visibility: VisibilityClass) -> str:
    """The engine's name for one class of one build."""
    return f"b{build_id.replace('-', '_').lower()}_{visibility}"


@dataclass(frozen=True, slots=True)
class Target:
    """Where one build goes: its id, its folder and the engine that holds its graphs."""

    settings: Settings
    address: EngineAddress
    build_id: str
    folder: Path


def load_class(
    connection: duckdb.DuckDBPyConnection, visibility: VisibilityClass, target: Target, titles: Mapping[str, str]
) -> dict[str, int]:
    """Build one class: its graph under a new name, counted, and its search index. Returns the counts.

    `titles` names the sources. Raises EngineDown where what the engine holds is not what was sent.
    """
    graph = ClassGraph(connection, visibility)
    try:
        expected = {kind: number for kind, number in graph.counts().items() if number}
        name = database_name(target.build_id, visibility)
        writer = bulk_writer(target.settings, target.address, name)
        writer.create_database()
        writer.create_schema()
        writer.load(graph.nodes(), graph.edges())
        writer.create_indexes()
        _prove_traversal(target.address, name)
        held = {kind: number for kind, number in writer.count().items() if number}
        if held != expected:
            wrong = sorted(kind for kind in expected.keys() | held.keys() if expected.get(kind) != held.get(kind))
            raise EngineDown(
                f"The {visibility} graph does not hold what was sent ({', '.join(wrong)}). "
                "Nothing was published; run the refresh again."
            )
        if visibility in INDEXED_CLASSES:
            build_index(target.folder / "index" / visibility, search_records(connection, titles))
    finally:
        graph.close()
    return expected


def open_to_readers(settings: Settings, address: EngineAddress, databases: Mapping[VisibilityClass, list[str]]) -> None:
    """Let each class's reader open its own databases, new and kept; `grant` proves that each reads and cannot write."""
    grant(settings.data, address, databases)


def _prove_traversal(address: EngineAddress, database: str) -> None:
    """Ask the engine the planted questions about hidden people before anybody reads this database."""
    store = Store(address.bolt_url, address.admin)
    try:
        prove_traversal(store, database)
    finally:
        store.close()


def drop_databases(settings: Settings, address: EngineAddress, names: Iterable[str]) -> None:
    """Remove graphs nobody reads any more."""
    for name in names:
        bulk_writer(settings, address, name).drop_database()


def kept_builds(home: DataHome, keep: int) -> list[str]:
    """Ids of the builds to keep, newest first: the live one and the last good ones before it."""
    published = sorted(
        (folder.name for folder in home.builds.iterdir() if (folder / "build.json").exists()), reverse=True
    )
    live = home.live_id()
    ordered = ([live] if live else []) + [build for build in published if build != live]
    return ordered[:keep]
