"""The embedded engine: who may reach it, what its readers may do, and that it ends with its program, however that ends."""

import json
import os
import select
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
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
from graph.errors import AlreadyRunning, EngineDown, QueryRefused
from graph.settings import Settings

HEAP = 256
ROOT = Path(__file__).parent.parent
SETTINGS = Settings(_env_file=None)
STANDARD, SHIELD = VisibilityClass.STANDARD, VisibilityClass.SHIELD
SECRET = "Zzcanaryzz"

PARENT = f"""
import sys, time
from pathlib import Path
from graph.embedded import running
with running(Path(sys.argv[1]), {HEAP}) as address:
    print(address.pid, flush=True)
    exec(sys.argv[2])
    time.sleep(600)
"""


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


# --- How it ends -----------------------------------------------------------------------------------------------------


class Program:
    """A program that runs an engine, in a process of its own, and can be killed."""

    def __init__(self, data: Path, then: str = "pass") -> None:
        self.data = data
        self.process = subprocess.Popen(
            [sys.executable, "-c", PARENT, str(data), then], cwd=ROOT, stdout=subprocess.PIPE
        )
        assert self.process.stdout is not None
        readable, _, _ = select.select([self.process.stdout], [], [], 90)
        assert readable, "the engine did not start"
        self.engine = psutil.Process(int(self.process.stdout.readline()))
        parent = self.engine.parent()
        assert parent is not None
        self.keeper = parent

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def close(self) -> None:
        self.kill()
        assert self.process.stdout is not None
        self.process.stdout.close()
        assert gone(self.keeper, self.engine)


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Callable[..., Program]]:
    made: list[Program] = []

    def make(then: str = "pass") -> Program:
        made.append(Program(tmp_path, then))
        return made[-1]

    yield make
    for each in made:
        each.close()


def alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def gone(*processes: psutil.Process, within: float = 15.0) -> bool:
    end = time.monotonic() + within
    while any(map(alive, processes)) and time.monotonic() < end:
        time.sleep(0.1)
    return not any(map(alive, processes))


def test_killing_the_program_leaves_nothing_and_the_folder_free(
    program: Callable[..., Program], tmp_path: Path
) -> None:
    first = program()
    first.kill()
    assert gone(first.keeper, first.engine)
    assert not held(Folder.of(tmp_path))
    with running(tmp_path, HEAP) as address:
        assert attach(tmp_path) == address


def test_the_pipe_is_what_ends_it(program: Callable[..., Program]) -> None:
    """The control of the test above: with somebody else at the pipe the engine lives on, and this test sees it."""
    first = program(
        "import gc, subprocess; from graph.engine_process import Engine; "
        "engine = next(x for x in gc.get_objects() if isinstance(x, Engine)); "
        "fd = engine._keeper.stdin.fileno(); import os; os.set_inheritable(fd, True); "
        "print(subprocess.Popen(['sleep', '600'], close_fds=False).pid, flush=True)"
    )
    assert first.process.stdout is not None
    holder = psutil.Process(int(first.process.stdout.readline()))
    try:
        first.kill()
        assert not gone(first.engine, within=3)
    finally:
        holder.kill()
    assert gone(first.keeper, first.engine)


def test_killing_the_keeper_ends_the_engine(program: Callable[..., Program], tmp_path: Path) -> None:
    first = program()
    first.keeper.kill()
    assert gone(first.engine)
    assert attach(tmp_path) is None


def test_terminating_the_keeper_ends_the_engine(program: Callable[..., Program]) -> None:
    first = program()
    first.keeper.send_signal(signal.SIGTERM)
    assert gone(first.keeper, first.engine)


def test_a_forked_worker_neither_keeps_nor_ends_the_engine(program: Callable[..., Program], tmp_path: Path) -> None:
    first = program(
        "import os\nif os.fork() == 0: raise SystemExit\n"
        "worker = os.fork()\nif worker == 0: time.sleep(600)\nprint(worker, flush=True)"
    )
    assert first.process.stdout is not None
    worker = psutil.Process(int(first.process.stdout.readline()))
    try:
        assert attach(tmp_path) is not None, "a worker that left the block must not end the engine"
        first.process.kill()
        assert gone(first.keeper, first.engine)
        assert worker.is_running()
    finally:
        worker.kill()


def test_an_engine_that_crashes_is_started_again_with_its_graphs(tmp_path: Path) -> None:
    with running(tmp_path, HEAP) as address:
        writer = bulk_writer(SETTINGS, address, "g_one")
        writer.create_database()
        writer.create_schema()
        writer.load([("Person", {"person_id": "p1"})], [])
        writer.create_indexes()
        grant(tmp_path, address, {STANDARD: ["g_one"]})
        store = Store(address.bolt_url, address.readers[STANDARD])
        ask = Reader(store, "g_one")
        count = "MATCH (n:Person) RETURN count(n) AS n"
        assert ask.rows(count, {}, seconds=5, rows=1) == [{"n": 1}]
        os.kill(address.pid, signal.SIGKILL)
        with pytest.raises(EngineDown):
            ask.rows(count, {}, seconds=5, rows=1)
        end = time.monotonic() + 30
        while attach(tmp_path) is None and time.monotonic() < end:
            time.sleep(0.2)
        assert ask.rows(count, {}, seconds=5, rows=1) == [{"n": 1}]
        store.close()
    with running(tmp_path, HEAP) as again:
        assert again.readers[STANDARD] != address.readers[STANDARD]
        store = Store(again.bolt_url, again.readers[STANDARD])
        assert Reader(store, "g_one").rows(count, {}, seconds=5, rows=1) == [{"n": 1}], "grants outlive a restart"
        store.close()
