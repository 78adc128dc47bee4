"""The embedded engine ends with its program, however that ends, and comes back by itself when it crashes."""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from graph.bolt import Reader, Store
from graph.bulk import bulk_writer
from graph.classes import VisibilityClass
from graph.embedded import attach, grant, running
from graph.engine_process import Folder, held
from graph.errors import EngineDown
from graph.settings import Settings

HEAP = 256
ROOT = Path(__file__).parent.parent
SETTINGS = Settings(_env_file=None)
STANDARD = VisibilityClass.STANDARD

PARENT = f"""
import sys, time
from pathlib import Path
from graph.embedded import running
with running(Path(sys.argv[1]), {HEAP}) as address:
    print(address.pid, flush=True)
    exec(sys.argv[2])
    time.sleep(600)
"""


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
