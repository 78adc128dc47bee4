"""Every question of the catalogue, on the embedded engine and on Neo4j, against the same answers.

Goldens say what a family's page must be told; random graphs beside them are answered by plain Python as well.
"""

import json
from collections.abc import Iterator
from itertools import groupby
from typing import Any

import pytest

from graph.bolt import Reader
from graph.classes import VisibilityClass
from queries.catalogue import ask, catalogue
from tests.query_graphs import CLASSES, EMBEDDED, GOLDENS, NEO4J, answered, class_graph, empty_graph, fill, golden_cases
from tests.random_graphs import Council, random_councils

ENGINES = (EMBEDDED, pytest.param(NEO4J, marks=pytest.mark.neo4j))


def on_every_engine() -> Iterator[Any]:
    """Each class's graph on each engine, with the cases asked of it: a graph is built once."""
    for engine in ENGINES:
        name, marks = (engine, ()) if isinstance(engine, str) else (NEO4J, engine.marks)
        for cls in CLASSES:
            yield pytest.param((name, cls), marks=marks, id=f"{name}-{cls}")


@pytest.fixture(scope="module", params=on_every_engine())
def asked(request: pytest.FixtureRequest) -> Iterator[tuple[VisibilityClass, Reader]]:
    engine, cls = request.param
    with class_graph(engine, cls) as reader:
        yield cls, reader


@pytest.mark.parametrize("name", list(catalogue()))
def test_goldens(asked: tuple[VisibilityClass, Reader], name: str) -> None:
    cls, reader = asked
    for case in json.loads((GOLDENS / f"{name}.json").read_text(encoding="utf-8")):
        if case["class"] == cls:
            assert answered(reader, name, case["parameters"]) == case["rows"], case["case"]


def test_every_query_has_goldens_that_find_something_and_nothing() -> None:
    """A golden of empty answers alone would pass for a query that finds nobody."""
    for name, cases in groupby(golden_cases(), key=lambda pair: pair[0]):
        sizes = {bool(case["rows"]) for _, case in cases}
        assert True in sizes, f"{name} has no case that finds something"
        if catalogue()[name].parameters and name != "caseload_sizes":
            assert False in sizes, f"{name} has no case that finds nothing"


@pytest.fixture(scope="module", params=ENGINES)
def councils(request: pytest.FixtureRequest) -> Iterator[tuple[Reader, list[Council]]]:
    """Many small random graphs side by side in one database: a database each would cost 50 ms."""
    made = list(random_councils(25))
    with empty_graph(request.param, "query_random") as (writer, reader):
        fill(
            writer,
            (node for council in made for node in council.nodes()),
            (edge for council in made for edge in council.edges()),
        )
        yield reader, made


def test_family_units_of_random_councils(councils: tuple[Reader, list[Council]]) -> None:
    reader, made = councils
    for council in made:
        for person in council.people[:4]:
            for sources in ([], ["mosaic"], ["mosaic", "lcs"]):
                for scope in council.scopes(person):
                    rows = ask(reader, "family_unit", person_id=person, sources=sources, **scope)
                    found = sorted(
                        (str(row["person_id"]), str(row["source_row"]), row["forwards"] is True) for row in rows
                    )
                    assert found == council.family_unit(person, sources, scope), council.seed


def test_neighbours_of_random_councils(councils: tuple[Reader, list[Council]]) -> None:
    reader, made = councils
    for council in made:
        for person in council.people[:3]:
            for scope in council.scopes(person):
                counted = {}
                for kind in ("people", "addresses", "services", "practitioners"):
                    rows = ask(reader, "neighbours", person_id=person, kind=kind, **scope)
                    found = sorted(str(row["node_id"]) for row in rows)
                    assert found == council.neighbours(person, kind, scope), (council.seed, kind)
                    counted[kind] = len(set(found))
                counts = {row["kind"]: row["n"] for row in ask(reader, "neighbour_counts", person_id=person, **scope)}
                assert counts == (counted if council.in_scope(person, scope) else {}), council.seed


def test_shared_addresses_of_random_councils(councils: tuple[Reader, list[Council]]) -> None:
    reader, made = councils
    for council in made:
        for person in council.people[:4]:
            for scope in council.scopes(person):
                rows = ask(reader, "shared_address", person_id=person, **scope)
                found = sorted((str(row["other_id"]), str(row["address_id"])) for row in rows)
                assert found == council.shared_address(person, scope), council.seed


def test_caseloads_of_random_councils(councils: tuple[Reader, list[Council]]) -> None:
    reader, made = councils
    for council in made:
        for workers in ([council.workers[0]], council.workers):
            for sources in (["mosaic"], ["mosaic", "lcs"], []):
                rows = ask(reader, "caseload", worker_ids=workers, sources=sources)
                found = sorted((str(row["person_id"]), str(row["worker_id"])) for row in rows)
                assert found == council.caseload(workers, sources), council.seed
                units = ask(reader, "caseload_units", worker_ids=workers, sources=sources)
                assert [row["person_id"] for row in units] == council.caseload_units(workers, sources), council.seed


def test_links_between_people_of_random_councils(councils: tuple[Reader, list[Council]]) -> None:
    reader, made = councils
    for council in made:
        rows = ask(reader, "links_between", person_ids=council.people[:5])
        assert sorted(str(row["source_row"]) for row in rows) == council.links_between(council.people[:5]), council.seed
