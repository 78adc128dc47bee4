"""What the store and the bulk load promise, on both engines: the embedded one always, Neo4j under `make test-neo4j`."""

import logging
import os
from collections.abc import Iterator
from datetime import date

import pytest

from graph.bolt import Reader, Store
from graph.bulk import BulkWriter, EdgeRow, NodeRow, bulk_writer
from graph.canary import prove_reader, prove_traversal
from graph.embedded import running
from graph.errors import DataRefused, EngineDown, QueryRefused, QueryTimedOut, UsageError
from graph.schema import EDGES, NODES, Kind, all_properties
from graph.settings import Settings
from tests.neo4j_server import neo4j_store

SETTINGS = Settings(_env_file=None)
SAMPLES: dict[Kind, object] = {
    Kind.TEXT: 'O\'Brien "Ána" \\ 林\n2012-05-12',
    Kind.DATE: date(2012, 5, 12),
    Kind.FLAG: False,
    Kind.NUMBER: 0.971234567,
    Kind.TEXTS: ["Ana Reed", "2012-05-12", ""],
}
ENGINES = [pytest.param("embedded"), pytest.param("neo4j", marks=pytest.mark.neo4j)]


class Engine:
    """An engine under the contract: a store that may write, and a graph of it to fill."""

    def __init__(self, store: Store, writer: BulkWriter, database: str) -> None:
        self.store, self.writer, self.database = store, writer, database

    def rows(self, text: str, /, **parameters: object) -> list[dict[str, object]]:
        return self.store.read(self.database, text, parameters, seconds=5, rows=1000)


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    if request.param == "neo4j":
        store = neo4j_store()
        writer = bulk_writer(SETTINGS, store, "neo4j")
        writer.drop_database()
        yield Engine(store, writer, "neo4j")
        writer.drop_database()
        store.close()
        return
    with running(tmp_path_factory.mktemp("engine"), 256, query_seconds=2) as address:
        store = Store(address.bolt_url, address.admin)
        yield Engine(store, bulk_writer(SETTINGS, address, "contract"), "contract")
        store.close()


@pytest.fixture
def empty(engine: Engine) -> Iterator[Engine]:
    engine.writer.create_database()
    engine.writer.create_schema()
    yield engine
    engine.writer.drop_database()


def everything() -> tuple[list[NodeRow], list[EdgeRow]]:
    """Two nodes of every label with every property, and an edge of every type between every pair of labels it joins."""
    nodes: list[NodeRow] = [
        (kind.label, {p.name: SAMPLES[p.kind] for p in all_properties(kind)} | {kind.key: f"{kind.label} {number}"})
        for kind in NODES
        for number in (1, 2)
    ]
    edges: list[EdgeRow] = [
        (kind.type, a, f"{a} 1", b, f"{b} 2", {p.name: SAMPLES[p.kind] for p in all_properties(kind)})
        for kind in EDGES
        for a, b in kind.ends
    ]
    return nodes, edges


def person(number: int, **properties: object) -> NodeRow:
    return "Person", {"person_id": f"p{number}", **properties}


def link(a: int, b: int) -> EdgeRow:
    return "RELATED_TO", "Person", f"p{a}", "Person", f"p{b}", {"code": "PARENT"}


# --- Loading ---------------------------------------------------------------------------------------------------------


def test_all_the_schema_names_comes_back_as_it_went(empty: Engine) -> None:
    nodes, edges = everything()
    made = empty.writer.load(nodes, edges)
    empty.writer.create_indexes()
    assert (made.nodes, made.edges) == (len(nodes), len(edges))
    for label, properties in nodes:
        key = next(kind.key for kind in NODES if kind.label == label)
        assert empty.rows(f"MATCH (n:{label} {{{key}: $key}}) RETURN n", key=properties[key]) == [{"n": properties}]
    for type_, a, _, b, _, properties in edges:
        assert empty.rows(f"MATCH (:{a})-[r:{type_}]->(:{b}) RETURN r") == [{"r": properties}]
    counts = empty.writer.count()
    assert {name: number for name, number in counts.items() if number} == counts, "every label and type was counted"
    assert (sum(counts[kind.label] for kind in NODES), sum(counts[kind.type] for kind in EDGES)) == (
        len(nodes),
        len(edges),
    )


def test_empty_values_are_left_out_and_falsehood_is_kept(empty: Engine) -> None:
    empty.writer.load([person(1, forename="", dob=None, other_names=[], shielded=False, known_as="0")], [])
    assert empty.rows("MATCH (n:Person) RETURN n") == [{"n": {"person_id": "p1", "shielded": False, "known_as": "0"}}]


def test_one_key_may_stand_under_two_labels(empty: Engine) -> None:
    nodes = [("Person", {"person_id": "1"}), ("Address", {"address_id": "1"})]
    empty.writer.load(nodes, [("LIVED_AT", "Person", "1", "Address", "1", {})])
    assert empty.rows("MATCH (a:Person)-[:LIVED_AT]->(b:Address) RETURN a, b") == [
        {"a": {"person_id": "1"}, "b": {"address_id": "1"}}
    ]


def test_edges_keep_their_direction_and_their_number(empty: Engine) -> None:
    empty.writer.load([person(1), person(2)], [link(1, 2), link(1, 2), link(2, 2)])
    assert empty.rows("MATCH (a)-[r]->(b) RETURN a.person_id AS a, b.person_id AS b, count(r) AS n ORDER BY a") == [
        {"a": "p1", "b": "p2", "n": 2},
        {"a": "p2", "b": "p2", "n": 1},
    ]


def test_a_key_twice_is_refused(empty: Engine) -> None:
    def build() -> None:  # Neo4j refuses it while loading, the embedded engine when the keys are indexed
        empty.writer.load([person(1), person(1)], [])
        empty.writer.create_indexes()

    with pytest.raises(DataRefused) as refused:
        build()
    assert "p1" not in refused.value.message


def test_an_edge_without_an_end_is_refused(empty: Engine) -> None:
    with pytest.raises(DataRefused) as refused:
        empty.writer.load([person(1)], [link(1, 2)])
    assert "p2" not in refused.value.message


@pytest.mark.parametrize("row", [("Person", {"person_id": "1", "notes": "x"}), ("Persons", {"person_id": "1"})])
def test_what_the_schema_does_not_name_is_refused(empty: Engine, row: NodeRow) -> None:
    with pytest.raises(DataRefused, match="schema"):
        empty.writer.load([row], [])


def test_a_graph_that_holds_something_is_not_filled_again(empty: Engine) -> None:
    empty.writer.load([person(1)], [])
    with pytest.raises(DataRefused):
        empty.writer.create_database()


def test_dropping_twice_is_no_mistake(engine: Engine) -> None:
    engine.writer.drop_database()
    engine.writer.drop_database()


def test_more_rows_than_one_batch(empty: Engine) -> None:
    many = 4_500
    made = empty.writer.load((person(n) for n in range(many)), (link(n, n + 1) for n in range(many - 1)))
    assert (made.nodes, made.edges) == (many, many - 1)
    assert (empty.writer.count()["Person"], empty.writer.count()["RELATED_TO"]) == (many, many - 1)


def test_a_graphs_name_cannot_carry_a_command(engine: Engine) -> None:
    with pytest.raises(UsageError):
        bulk_writer(SETTINGS, engine.store, "neo4j; drop database x")


# --- Asking ----------------------------------------------------------------------------------------------------------


def test_dates_go_and_come_as_dates(empty: Engine) -> None:
    empty.writer.load([person(1, dob=date(2012, 5, 12)), person(2, dob=date(2011, 1, 1))], [])
    asked = "MATCH (n:Person) WHERE n.dob >= $day RETURN n.dob AS dob, [n.dob] AS dobs, {dob: n.dob} AS held"
    row = {"dob": date(2012, 5, 12), "dobs": [date(2012, 5, 12)], "held": {"dob": date(2012, 5, 12)}}
    assert empty.rows(asked, day=date(2012, 5, 12)) == [row]


def test_every_day_is_that_day(empty: Engine) -> None:
    days = [
        date(912, 5, 12),
        date(1899, 12, 31),
        date(1969, 12, 31),
        date(1970, 1, 1),
        date(2024, 2, 29),
        date(2199, 1, 1),
    ]
    empty.writer.load([person(n, dob=day) for n, day in enumerate(days)], [link(0, 1)])
    for n, day in enumerate(days):
        assert empty.rows("MATCH (n:Person) WHERE n.dob = $day RETURN n.person_id AS id", day=day) == [{"id": f"p{n}"}]
    asked = "MATCH (n:Person) WHERE n.dob < date('1970-01-01') RETURN n.dob AS dob ORDER BY n.dob"
    assert [row["dob"] for row in empty.rows(asked)] == days[:3]


@pytest.mark.parametrize(("rows", "length", "truncated"), [(4, 4, True), (5, 5, False), (6, 5, False), (0, 0, True)])
def test_rows_are_capped_and_say_so(empty: Engine, rows: int, length: int, truncated: bool) -> None:
    answer = empty.store.read(empty.database, "UNWIND range(1, 5) AS n RETURN n", {}, seconds=5, rows=rows)
    assert (len(answer), answer.truncated) == (length, truncated)


def test_a_cap_cuts_nothing_inside_a_query(empty: Engine) -> None:
    empty.writer.load((person(n) for n in range(2_000)), [])
    reader = Reader(empty.store, empty.database)
    assert reader.rows("MATCH (n:Person) RETURN count(n) AS n", {}, seconds=5, rows=1) == [{"n": 2_000}]


@pytest.mark.parametrize("text", ["MATCH (n RETURN n", "RETURN $missing AS x", "RETURN 1 / 0 AS x"])
def test_a_mistake_is_refused_without_a_value(empty: Engine, text: str) -> None:
    with pytest.raises(QueryRefused) as refused:
        empty.rows(text, name="Zzcanaryzz")
    assert "Zzcanaryzz" not in str(refused.value)
    assert refused.value.__cause__ is refused.value.__context__ is None, "a traceback would carry the engine's words"


def test_a_query_that_runs_away_is_stopped(empty: Engine) -> None:
    run_away = "UNWIND range(1, 3000) AS a UNWIND range(1, 3000) AS b UNWIND range(1, 3000) AS c RETURN count(*) AS n"
    with pytest.raises(QueryTimedOut):
        empty.store.read(empty.database, run_away, {}, seconds=2, rows=1)
    assert empty.rows("RETURN 1 AS n") == [{"n": 1}], "the store serves the next one"


def test_a_graph_that_is_not_there_is_said_plainly(engine: Engine) -> None:
    with pytest.raises(EngineDown, match="refresh"):
        engine.store.read("unheard", "RETURN 1 AS n", {}, seconds=5, rows=1)


def test_the_drivers_log_stays_silent(empty: Engine, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        empty.rows("RETURN $name AS name", name="Zzcanaryzz")
    assert "Zzcanaryzz" not in caplog.text


def test_a_rehearsal_leaves_nothing(empty: Engine) -> None:
    steps = [("CREATE (n:Person {person_id: $id})", {"id": "p1"}), ("MATCH (n:Person) RETURN n.person_id AS id", {})]
    assert empty.store.rehearse(empty.database, steps)[1] == [{"id": "p1"}]
    assert empty.rows("MATCH (n) RETURN count(n) AS n") == [{"n": 0}]


def test_the_canary_sings_and_leaves_nothing(empty: Engine) -> None:
    empty.writer.create_indexes()
    prove_traversal(empty.store, empty.database)
    assert empty.rows("MATCH (n) RETURN count(n) AS n") == [{"n": 0}]


def test_the_canary_sees_an_exclusion_that_is_not_applied(empty: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    from graph import canary

    name, (text, right) = next(iter(canary._QUESTIONS.items()))
    blind = {**canary._QUESTIONS, name: (text.replace("n.person_id IN $allowed", "true"), right)}
    monkeypatch.setattr(canary, "_QUESTIONS", blind)
    with pytest.raises(EngineDown, match="goes round"):
        prove_traversal(empty.store, empty.database)


def test_a_reader_who_can_write_is_found_out(empty: Engine) -> None:
    with pytest.raises(EngineDown, match="can write"):
        prove_reader(empty.store, empty.database)
    assert empty.rows("MATCH (n) RETURN count(n) AS n") == [{"n": 0}]


def test_the_store_works_in_a_forked_child_and_goes_on_in_the_parent(empty: Engine) -> None:
    assert empty.rows("RETURN 1 AS n") == [{"n": 1}]
    child = os.fork()
    if child == 0:
        status = 1
        try:
            status = 0 if empty.rows("RETURN 2 AS n") == [{"n": 2}] else 1
            empty.store.close()
        finally:
            os._exit(status)
    assert os.waitpid(child, 0)[1] == 0
    assert empty.rows("RETURN 3 AS n") == [{"n": 3}]


def test_an_analysts_notebook_reads_the_same_through_py2neo(empty: Engine) -> None:
    from py2neo import Graph

    empty.writer.load([person(n) for n in range(7)], [link(n, n + 1) for n in range(6)])
    credentials = empty.store._credentials
    notebook = Graph(empty.store.url, auth=(credentials.user, credentials.password), name=empty.database)
    for text in (
        "MATCH (n:Person) RETURN count(n) AS n",
        "MATCH (:Person)-[r:RELATED_TO]->(:Person) RETURN count(r) AS n",
    ):
        assert notebook.run(text).data() == empty.rows(text)
    notebook.service.connector.close()
