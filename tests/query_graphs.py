"""Graphs to put the catalogue's questions to, on the embedded engine and on Neo4j, and goldens to compare with.

`python -m tests.query_graphs` writes the goldens' rows anew from the embedded engine: read the difference before
keeping it, it is what a social worker would be told.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from graph.bolt import Reader, Store
from graph.bulk import BulkWriter, EdgeRow, NodeRow, bulk_writer
from graph.classes import VisibilityClass
from graph.embedded import attach
from graph.schema import Kind
from graph.settings import Settings
from queries.catalogue import ask, catalogue
from tests.fixture_graph import people, write_fixture_graph
from tests.neo4j_server import neo4j_store
from tests.published import published

GOLDENS = Path(__file__).parent.parent / "fixtures" / "golden" / "queries"
EMBEDDED, NEO4J = "embedded", "neo4j"
CLASSES = (VisibilityClass.STANDARD, VisibilityClass.SENSITIVE, VisibilityClass.SHIELD)

_PERSON_PARAMETERS = ("person_id", "person_ids", "allowed", "excluded")
_PERSON_COLUMNS = ("person_id", "other_id", "from_id", "to_id", "node_id")


@contextmanager
def empty_graph(engine: str, name: str) -> Iterator[tuple[BulkWriter, Reader]]:
    """A graph of nothing, to fill and to ask. Of a Neo4j server it is the only one: whatever it held is gone."""
    store, writer, database = _neo4j() if engine == NEO4J else _embedded(name)
    try:
        writer.drop_database()
        yield writer, Reader(store, database)
        writer.drop_database()
    finally:
        store.close()


def _embedded(name: str) -> tuple[Store, BulkWriter, str]:
    address = attach(published())
    assert address, "the engine of the published build does not answer"
    return Store(address.bolt_url, address.admin), bulk_writer(Settings(), address, name), name


def _neo4j() -> tuple[Store, BulkWriter, str]:
    store = neo4j_store()
    return store, bulk_writer(Settings(), store, "neo4j"), "neo4j"


def fill(writer: BulkWriter, nodes: Iterable[NodeRow], edges: Iterable[EdgeRow]) -> None:
    """Makes the graph hold these rows, with the indexes of a real build."""
    writer.create_database()
    writer.create_schema()
    writer.load(nodes, edges)
    writer.create_indexes()


@contextmanager
def class_graph(engine: str, cls: VisibilityClass) -> Iterator[Reader]:
    """The fixture graph as that class holds it."""
    with empty_graph(engine, f"query_goldens_{cls}") as (writer, reader):
        write_fixture_graph(writer, cls)
        yield reader


def golden_cases() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every query's name with every golden case of it."""
    for name in catalogue():
        for case in json.loads((GOLDENS / f"{name}.json").read_text(encoding="utf-8")):
            yield name, case


def answered(reader: Reader, name: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A query's rows as a golden holds them: people by record key, dates as text, empty values left out."""
    ids = people(VisibilityClass.SHIELD)
    keys = {person: key for key, person in reversed(ids.items())}
    rows = ask(reader, name, **_typed(name, parameters, ids))
    assert all(tuple(row) == catalogue()[name].columns for row in rows), "columns differ from the header"
    return [_golden_row(row, keys) for row in rows]


def _typed(name: str, parameters: Mapping[str, Any], ids: Mapping[str, str]) -> dict[str, Any]:
    kinds = {one.name: one.kind for one in catalogue()[name].parameters}
    typed: dict[str, Any] = dict(parameters)
    for key in (key for key, kind in kinds.items() if kind is Kind.DATE and key in typed):
        typed[key] = date.fromisoformat(typed[key])
    for key in _PERSON_PARAMETERS & typed.keys():
        value = typed[key]
        typed[key] = [ids.get(one, one) for one in value] if isinstance(value, list) else ids.get(value, value)
    return typed


def _golden_row(row: Mapping[str, object], keys: Mapping[str, str]) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for column, value in row.items():
        if column in _PERSON_COLUMNS:
            shown[column] = keys.get(str(value), value)
        elif value is not None:
            shown[column] = value.isoformat() if isinstance(value, date) else value
    return shown


def _write_goldens() -> None:
    written: dict[str, list[dict[str, Any]]] = {}
    with ExitStack() as stack:
        readers = {cls.value: stack.enter_context(class_graph(EMBEDDED, cls)) for cls in CLASSES}
        for name, case in golden_cases():
            rows = answered(readers[case["class"]], name, case["parameters"])
            written.setdefault(name, []).append({**case, "rows": rows})
    for name, cases in written.items():
        (GOLDENS / f"{name}.json").write_text(json.dumps(cases, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    _write_goldens()
