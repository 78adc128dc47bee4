"""An engine that refuses, hangs, resets or answers nonsense: a page learns it within eight seconds, in plain words."""

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psutil
import pytest

from graph.bolt import Credentials, Reader, Store
from graph.bolt_watch import Watch
from graph.bulk import bulk_writer
from graph.embedded import running
from graph.errors import EngineDown, ExplorerError, QueryTimedOut
from graph.settings import Settings

PAGE = 8.0
"""Longest a page may take to say that the engine is down, in seconds (requirement R40)."""

QUERY = 5.0
NOBODY = Credentials("reader", "Zzcanaryzz")


@contextmanager
def listening(serve: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server on loopback that treats every connection so, and the Bolt address to reach it."""
    server = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def accept() -> None:
        while not ended.is_set():
            try:
                connection, _ = server.accept()
            except OSError:
                return
            threading.Thread(target=treat, args=(connection,), daemon=True).start()

    def treat(connection: socket.socket) -> None:
        with connection:
            try:
                serve(connection)
            except OSError:
                return
            ended.wait(30)

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield f"bolt://127.0.0.1:{server.getsockname()[1]}"
    finally:
        ended.set()
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join(5)


def silent(connection: socket.socket) -> None:
    """Accepts and says nothing."""


def resetting(connection: socket.socket) -> None:
    """Reads the greeting, then resets."""
    connection.recv(1024)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def closing(connection: socket.socket) -> None:
    """Hangs up at once."""
    connection.close()


def babbling(connection: socket.socket) -> None:
    """Answers in another language."""
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\nhello")


def agreeing(connection: socket.socket) -> None:
    """Shakes hands as Bolt 5.4 and then falls silent."""
    connection.recv(20)
    connection.sendall(b"\x00\x00\x04\x05")


def ask(url: str) -> float:
    """Seconds until the error; fails if there is none, or if it says more than it may."""
    store = Store(url, NOBODY)
    began = time.monotonic()
    with pytest.raises(ExplorerError) as error:
        Reader(store, "g").rows("RETURN $name AS n", {"name": "Zzcanaryzz"}, seconds=QUERY, rows=1)
    took = time.monotonic() - began
    store.close()
    assert isinstance(error.value, (EngineDown, QueryTimedOut))
    assert "Zzcanaryzz" not in str(error.value)
    assert error.value.__context__ is None
    return took


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
@pytest.mark.parametrize("serve", [silent, resetting, closing, babbling, agreeing])
def test_a_page_never_hangs(serve: Callable[[socket.socket], None], scheme: str) -> None:
    with listening(serve) as url:
        assert ask(url.replace("bolt", scheme, 1)) < PAGE


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
def test_nobody_at_the_port(scheme: str) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        assert ask(f"{scheme}://127.0.0.1:{probe.getsockname()[1]}") < PAGE


def test_an_engine_that_stops_in_the_middle_and_comes_back(tmp_path_factory: pytest.TempPathFactory) -> None:
    with running(tmp_path_factory.mktemp("engine"), 256) as address:
        bulk_writer(Settings(_env_file=None), address, "g").create_database()
        store = Store(address.bolt_url, address.admin)
        reader = Reader(store, "g")
        assert reader.rows("RETURN 1 AS n", {}, seconds=QUERY, rows=1) == [{"n": 1}]
        engine = psutil.Process(address.pid)
        engine.suspend()
        try:
            began = time.monotonic()
            with pytest.raises((QueryTimedOut, EngineDown)):
                reader.rows("RETURN 1 AS n", {}, seconds=QUERY, rows=1)
            assert QUERY <= time.monotonic() - began < PAGE
            began = time.monotonic()
            with pytest.raises((QueryTimedOut, EngineDown)):
                reader.rows("RETURN 1 AS n", {}, seconds=QUERY, rows=1)
            assert time.monotonic() - began < PAGE
        finally:
            engine.resume()
        began = time.monotonic()
        while True:
            try:
                assert reader.rows("RETURN 1 AS n", {}, seconds=QUERY, rows=1) == [{"n": 1}]
                break
            except ExplorerError:
                assert time.monotonic() - began < 10, "the store recovers by itself"
        store.close()


def test_others_asking_at_the_same_time_get_their_answers(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A query that is given up takes its connection along, and nobody else's answer."""
    slow = "UNWIND range(1, 3000) AS a UNWIND range(1, 3000) AS b UNWIND range(1, 3000) AS c RETURN count(*) AS n"
    with running(tmp_path_factory.mktemp("engine"), 256, query_seconds=6) as address:
        bulk_writer(Settings(_env_file=None), address, "g").create_database()
        store = Store(address.bolt_url, address.admin)
        reader, wrong, ended = Reader(store, "g"), list[object](), threading.Event()

        def others() -> None:
            while not ended.is_set():
                try:
                    answer = reader.rows("UNWIND range(1, 50) AS n RETURN sum(n) AS n", {}, seconds=QUERY, rows=1)
                    wrong.extend([] if answer == [{"n": 1275}] else [answer])
                except ExplorerError as error:
                    wrong.append(error)

        threads = [threading.Thread(target=others) for _ in range(3)]
        for thread in threads:
            thread.start()
        with pytest.raises(QueryTimedOut):
            reader.rows(slow, {}, seconds=1, rows=1)
        time.sleep(0.5)
        ended.set()
        for thread in threads:
            thread.join(20)
        store.close()
    assert not wrong


def test_a_watch_cuts_what_is_overdue_and_nothing_else() -> None:
    severed = list[str]()
    watch = Watch()
    with watch.limit(5) as patient:
        patient.sever = lambda: severed.append("patient")
        with watch.limit(0.1) as overdue:
            overdue.sever = lambda: severed.append("overdue")
            time.sleep(0.5)
        watch.end(lambda: severed.append("end"))
        assert set(severed) == {"overdue"}
        assert overdue.cut
    assert not patient.cut
    assert severed[-1] == "end"
    watch.end(lambda: severed.append("at once"))
    assert severed[-1] == "at once"
