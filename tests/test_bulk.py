"""The embedded engine's bulk load: it streams, it counts, and a load that breaks leaves nothing that looks whole."""

import http.server
import random
import threading
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.bolt import Credentials, Store
from graph.bulk import BulkWriter, EdgeRow, NodeRow, bulk_writer
from graph.bulk_http import HttpBulkWriter
from graph.bulk_rows import kept
from graph.embedded import EngineAddress, running
from graph.errors import DataRefused, EngineDown, ExplorerError, UsageError
from graph.schema import NODES, all_properties
from graph.settings import Settings

SETTINGS = Settings(_env_file=None)
ADMIN = Credentials("root", "x")
EXAMPLE = {"code": "SIBLING", "source": "mosaic", "source_row": "dm_personal_relationships.csv:12345"}
PERSON = [p.name for p in all_properties(next(kind for kind in NODES if kind.label == "Person"))]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineAddress]:
    with running(tmp_path_factory.mktemp("engine"), 256) as started:
        yield started


@pytest.fixture
def writer(address: EngineAddress) -> Iterator[BulkWriter]:
    made = bulk_writer(SETTINGS, address, "bulk")
    made.create_database()
    made.create_schema()
    yield made
    made.drop_database()


def people(number: int) -> Iterator[NodeRow]:
    for n in range(number):
        yield "Person", {"person_id": f"p{n:07}", "forename": "Ana" * 20, "dob": date(2012, 5, 12)}


def chain(number: int) -> Iterator[EdgeRow]:
    for n in range(number - 1):
        yield "RELATED_TO", "Person", f"p{n:07}", "Person", f"p{n + 1:07}", {"code": "SIBLING"}


def test_memory_does_not_grow_with_the_load(writer: BulkWriter) -> None:
    peaks = []
    for number in (5_000, 40_000):
        tracemalloc.start()
        made = writer.load(people(number), chain(number))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert (made.nodes, made.edges) == (number, number - 1)
    assert peaks[1] < 1.5 * peaks[0], "eight times the rows take no more memory"


def test_the_engine_lets_go_of_what_it_has_written(tmp_path: Path) -> None:
    """Edges between people far apart touch every page, and the pages together do not fit in this heap."""
    number, dice = 40_000, random.Random(1)
    edges = (
        ("RELATED_TO", "Person", f"p{dice.randrange(number):07}", "Person", f"p{dice.randrange(number):07}", EXAMPLE)
        for _ in range(3 * number)
    )
    with running(tmp_path, 112) as small:
        writer = bulk_writer(SETTINGS, small, "large")
        writer.create_database()
        writer.create_schema()
        made = writer.load(people(number), edges)
    assert (made.nodes, made.edges) == (number, 3 * number)


def test_a_source_that_breaks_half_way_is_its_own_error_and_the_load_is_not_whole(writer: BulkWriter) -> None:
    def breaking() -> Iterator[NodeRow]:
        yield from people(20_000)
        raise DataRefused("row 20001 is broken")

    with pytest.raises(DataRefused, match="20001"):
        writer.load(breaking(), [])
    assert writer.count()["Person"] < 20_000


def test_unique_keys_are_in_use_after_the_load(writer: BulkWriter, address: EngineAddress) -> None:
    writer.load(people(10), chain(10))
    writer.create_indexes()
    store = Store(address.bolt_url, address.admin)
    with pytest.raises(ExplorerError):
        store.write("bulk", "CREATE (n:Person {person_id: 'p0000001'})", {})
    plan = store.read("bulk", "EXPLAIN MATCH (n:Person {person_id: $id}) RETURN n", {"id": "x"}, seconds=5, rows=50)
    store.close()
    assert "ndex" in str(plan) or writer.count()["Person"] == 10


def test_making_indexes_twice_is_no_mistake(writer: BulkWriter) -> None:
    writer.create_schema()
    writer.create_indexes()
    writer.create_indexes()


@contextmanager
def answering(status: int, body: object) -> Iterator[HttpBulkWriter]:
    """A writer to a server that takes any load and answers so."""

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            while size := int(self.rfile.readline(), 16):
                self.rfile.read(size + 2)
            self.rfile.readline()
            self.send_response(status)
            answer = orjson.dumps(body)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield HttpBulkWriter(f"http://127.0.0.1:{server.server_address[1]}", ADMIN, "bulk")
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize("made", [{"verticesCreated": 2, "edgesCreated": 1}, {"verticesCreated": 3}, {}])
def test_an_engine_that_made_fewer_than_were_sent_is_not_believed(made: dict[str, int]) -> None:
    with answering(200, made) as writer, pytest.raises(DataRefused, match="3 and 2 were sent"):
        writer.load(people(3), chain(3))


def test_an_engine_that_made_all_is_believed() -> None:
    with answering(200, {"verticesCreated": 3, "edgesCreated": 2}) as writer:
        assert writer.load(people(3), chain(3)).nodes == 3


def test_what_the_engine_says_of_a_bad_row_is_not_repeated() -> None:
    with answering(500, {"error": "Zzcanaryzz"}) as writer, pytest.raises(DataRefused) as refused:
        writer.load(people(3), chain(3))
    assert "Zzcanaryzz" not in refused.value.message


def test_nobody_at_the_port() -> None:
    with pytest.raises(EngineDown):
        HttpBulkWriter("http://127.0.0.1:9", ADMIN, "bulk").drop_database()


@pytest.mark.parametrize("name", ["", "G", "a b", "a;b", "a`b", "1a", "a/b", "a" * 64])
def test_a_graphs_name_is_plain(name: str) -> None:
    with pytest.raises(UsageError):
        HttpBulkWriter("http://127.0.0.1:9", ADMIN, name)


_value = (
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=3) | st.lists(st.text(max_size=2), max_size=2)
)


@given(st.dictionaries(st.sampled_from(PERSON), _value))
@settings(deadline=None)
def test_kept_is_what_says_something(properties: dict[str, object]) -> None:
    held = kept("Person", properties)
    assert held.items() <= properties.items()
    assert all(properties[name] in (None, "", []) for name in properties.keys() - held.keys())
    assert not any(value is None or value in ("", []) for value in held.values())
