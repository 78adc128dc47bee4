"""The embedded engine: who may reach it and what its readers may do. How it ends: `test_engine_life`."""

import json
import socket
import stat
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from graph import embedded
from graph.bolt import Credentials, Reader, Store
from graph.bulk import bulk_writer
from graph.classes import VisibilityClass
from graph.embedded import EngineAddress, attach, attached_or_started, grant, running
from graph.engine_process import Folder, Ports, held, locked
from graph.engine_users import granted, write_users
from graph.errors import AlreadyRunning, EngineDown, QueryRefused, QueryTimedOut
from graph.settings import Settings

HEAP = 256
SETTINGS = Settings(_env_file=None)
STANDARD, SHIELD = VisibilityClass.STANDARD, VisibilityClass.SHIELD
SECRET = "Zzcanaryzz"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("engine")


@pytest.fixture(scope="module")
def address(data: Path) -> Iterator[EngineAddress]:
    with running(data, HEAP) as started:
        for name in ("g_standard", "g_shield"):
            writer = bulk_writer(SETTINGS, started, name)
            writer.create_database()
            writer.create_schema()
            writer.load([("Person", {"person_id": "p1", "forename": SECRET}), ("Service", {"service_id": "csc"})], [])
            writer.create_indexes()
        grant(data, started, {STANDARD: ["g_standard"], SHIELD: ["g_shield"]})
        yield started


@pytest.fixture
def reader(address: EngineAddress) -> Iterator[Store]:
    store = Store(address.bolt_url, address.readers[STANDARD])
    yield store
    store.close()


# --- Reaching it -----------------------------------------------------------------------------------------------------


def test_attaching_finds_the_same_engine(data: Path, address: EngineAddress) -> None:
    assert attach(data) == address


def test_a_second_engine_on_the_folder_is_refused(data: Path, address: EngineAddress) -> None:
    with pytest.raises(AlreadyRunning, match="Stop it first"), running(data, HEAP):
        pass
    with attached_or_started(data, HEAP) as found:
        assert found == address
    assert attach(data) == address, "leaving an attachment must not end the engine"


def test_it_listens_on_loopback_only(address: EngineAddress) -> None:
    listening = [c.laddr.ip for c in psutil.Process(address.pid).net_connections() if c.status == psutil.CONN_LISTEN]
    assert listening
    assert set(listening) <= {"127.0.0.1", "::ffff:127.0.0.1"}


def test_no_password_on_a_command_line_or_in_an_environment(address: EngineAddress) -> None:
    engine = psutil.Process(address.pid)
    passwords = [address.admin.password, *(who.password for who in address.readers.values())]
    for process in (engine, *engine.parents()[:2]):
        seen = Path(f"/proc/{process.pid}/cmdline").read_bytes() + Path(f"/proc/{process.pid}/environ").read_bytes()
        assert not [password for password in passwords if password.encode() in seen]
    assert "FNX" not in Path(f"/proc/{address.pid}/environ").read_text(encoding="utf-8")


def test_what_the_engine_keeps_is_for_its_owner_only(data: Path, address: EngineAddress) -> None:
    folder = Folder.of(data)
    assert stat.S_IMODE(folder.root.stat().st_mode) == 0o700
    for path in (folder.address, folder.config / "server-users.jsonl"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert address.admin.password not in (folder.config / "server-users.jsonl").read_text(encoding="utf-8")


def test_an_address_never_prints_its_passwords(address: EngineAddress) -> None:
    assert address.admin.password not in repr(address)


def test_a_stale_address_is_nobody(tmp_path: Path, data: Path, address: EngineAddress) -> None:
    stale = Folder.of(tmp_path)
    stale.address.write_bytes(Folder.of(data).address.read_bytes())
    assert attach(tmp_path) is None, "the engine answers, but does not hold this folder"


def test_a_held_folder_whose_engine_is_silent_is_nobody(tmp_path: Path) -> None:
    folder = Folder.of(tmp_path)
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        who = ["root", "x"]
        folder.address.write_text(
            json.dumps(
                {
                    "bolt_url": f"bolt://127.0.0.1:{deaf.getsockname()[1]}",
                    "http_url": "",
                    "admin": who,
                    "readers": {},
                    "pid": 1,
                }
            ),
            encoding="utf-8",
        )
        with locked(folder):
            assert held(folder)
            assert attach(tmp_path) is None


def test_a_damaged_address_is_nobody(tmp_path: Path) -> None:
    folder = Folder.of(tmp_path)
    folder.address.write_text("{", encoding="utf-8")
    with locked(folder):
        assert attach(tmp_path) is None


def test_a_taken_port_is_answered_with_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    free = Ports.free
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        tries = [Ports(port, free().bolt), Ports(free().http, port)]
        monkeypatch.setattr(Ports, "free", lambda: tries.pop() if tries else free())
        with running(tmp_path, HEAP) as address:
            assert not tries, "both taken ports were tried"
            assert str(port) not in address.bolt_url + address.http_url
            assert attach(tmp_path) == address


def test_an_engine_that_cannot_start_says_where_its_log_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "_home", lambda: tmp_path)
    with pytest.raises(EngineDown, match=r"engine\.log"), running(tmp_path, HEAP):
        pass
    assert not held(Folder.of(tmp_path))


# --- What a reader may do --------------------------------------------------------------------------------------------

CHANGES = (
    "CREATE (n:Person {person_id: 'new'}) RETURN n",
    "CREATE (n:Unheard) RETURN n",
    "MATCH (n:Person {person_id: 'p1'}) SET n.forename = 'x'",
    "MATCH (n:Person {person_id: 'p1'}) REMOVE n.forename",
    "MATCH (n:Person {person_id: 'p1'}) DELETE n",
    "MATCH (n:Person {person_id: 'p1'}) DETACH DELETE n",
    "MERGE (n:Person {person_id: 'new'}) RETURN n",
    "MATCH (n:Person), (s:Service) CREATE (n)-[:OF]->(s)",
    "MATCH (n:Person) FOREACH (x IN [1] | SET n.forename = 'x')",
    "CREATE INDEX made IF NOT EXISTS FOR (n:Person) ON (n.forename)",
    "CREATE CONSTRAINT made IF NOT EXISTS FOR (n:Person) REQUIRE n.forename IS UNIQUE",
    "DROP INDEX made",
    "LOAD CSV FROM 'file:///etc/hostname' AS line RETURN line",
    "LOAD CSV FROM 'http://127.0.0.1:9/x.csv' AS line RETURN line",
    "CREATE USER eve SET PASSWORD 'eve-eve-eve'",
    "CREATE DATABASE g_other",
)


@pytest.mark.parametrize("change", CHANGES)
def test_a_reader_may_not(reader: Store, address: EngineAddress, change: str) -> None:
    admin = Store(address.bolt_url, address.admin)
    everything = "MATCH (n) RETURN labels(n) AS labels, properties(n) AS held ORDER BY labels"
    before = admin.read("g_standard", everything, {}, seconds=5, rows=10)
    with pytest.raises(QueryRefused):
        reader.write("g_standard", change, {})
    assert admin.read("g_standard", everything, {}, seconds=5, rows=10) == before
    admin.close()


def test_a_reader_may_read(reader: Store) -> None:
    assert Reader(reader, "g_standard").rows("MATCH (n:Person) RETURN n.person_id AS id", {}, seconds=5, rows=5) == [
        {"id": "p1"}
    ]


@pytest.mark.parametrize("name", ["g_shield", "g_unheard"])
def test_a_reader_may_not_open_another_graph(reader: Store, name: str) -> None:
    with pytest.raises((QueryRefused, EngineDown)):
        reader.read(name, "MATCH (n) RETURN count(n) AS n", {}, seconds=5, rows=1)


def test_a_class_that_was_granted_nothing_reads_nothing(address: EngineAddress) -> None:
    store = Store(address.bolt_url, address.readers[VisibilityClass.RESEARCH])
    with pytest.raises(QueryRefused):
        store.read("g_standard", "MATCH (n) RETURN count(n) AS n", {}, seconds=5, rows=1)
    store.close()


def test_an_unknown_user_is_refused(address: EngineAddress) -> None:
    store = Store(address.bolt_url, Credentials("reader_standard", "wrong"))
    with pytest.raises(EngineDown, match="password"):
        store.verify()
    store.close()


def test_an_engine_that_is_slow_to_answer_first_is_waited_for(address: EngineAddress) -> None:
    """A machine that does other work: one question was given up after five seconds."""
    engine = psutil.Process(address.pid)
    store = Store(address.bolt_url, address.admin)
    waker = threading.Timer(8, engine.resume)
    engine.suspend()
    waker.start()
    try:
        with pytest.raises((EngineDown, QueryTimedOut)):
            store.verify()
        embedded._prove(address)
    finally:
        waker.join()
        store.close()


def test_users_written_anew_break_no_open_store(reader: Store, data: Path, address: EngineAddress) -> None:
    """New salts: the engine forgets its users for a moment and refuses the connections that are open."""
    ask = "MATCH (n:Person) RETURN count(n) AS n"
    assert reader.read("g_standard", ask, {}, seconds=5, rows=1) == [{"n": 1}]
    config = Folder.of(data).config
    write_users(config, address.admin, address.readers, granted(config))
    end = time.monotonic() + 3
    while time.monotonic() < end:
        assert reader.read("g_standard", ask, {}, seconds=5, rows=1) == [{"n": 1}]


def test_a_grant_can_be_taken_back(reader: Store, data: Path, address: EngineAddress) -> None:
    ask = "MATCH (n:Person) RETURN count(n) AS n"
    research = Store(address.bolt_url, address.readers[VisibilityClass.RESEARCH])
    both = {STANDARD: ["g_standard"], SHIELD: ["g_shield"]}
    grant(data, address, {**both, VisibilityClass.RESEARCH: ["g_standard"]})
    assert research.read("g_standard", ask, {}, seconds=5, rows=1) == [{"n": 1}]
    grant(data, address, both)
    time.sleep(3)
    with pytest.raises(QueryRefused):
        research.read("g_standard", ask, {}, seconds=5, rows=1)
    assert reader.read("g_standard", ask, {}, seconds=5, rows=1) == [{"n": 1}]
    research.close()


def test_nothing_asked_or_held_gets_into_the_engines_logs(reader: Store, data: Path) -> None:
    for text in ("MATCH (n:Person {forename: $name}) RETURN date(n.forename)", "RETURN nonsense($name, "):
        with pytest.raises((QueryRefused, EngineDown)):
            reader.read("g_standard", text, {"name": SECRET}, seconds=5, rows=1)
    with pytest.raises(QueryRefused):
        reader.write("g_standard", f"CREATE (n:Person {{forename: '{SECRET}'}})", {})
    root = Folder.of(data).root
    logs = [path for path in root.rglob("*") if path.is_file() and "databases" not in path.parts]
    assert Folder.of(data).log in logs
    assert not [path for path in logs if SECRET.encode() in path.read_bytes()]
