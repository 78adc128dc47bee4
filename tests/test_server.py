"""`flask serve` as an operator meets it: it starts everything, says what to try, and leaves nothing behind."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from graph.embedded import published_address, running
from graph.home import DataHome
from tests.published import BUILD, publish

ROOT = Path(__file__).parents[1]
COMMAND = [sys.executable, "-m", "flask", "--app", "app", "serve"]


@dataclass
class Served:
    """A running server: its process, port and data folder."""

    process: subprocess.Popen[str]
    port: int
    data: Path

    def get(self, path: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        return answer.status, body


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(data: Path, **values: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FNX_")}
    return {**kept, "FNX_DATA": str(data), "FNX_ENGINE_HEAP_MB": "512", **values}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published data folder whose engine has been stopped."""
    folder = tmp_path_factory.mktemp("served") / "data"
    DataHome(folder).prepare()
    with running(folder, 512) as address:
        publish(folder, address)
    return folder


@pytest.fixture
def served(data: Path) -> Iterator[Served]:
    port = free_port()
    settings = environment(data, FNX_DEMO="1", FNX_PORT=str(port))
    with subprocess.Popen(
        COMMAND, cwd=ROOT, env=settings, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        server = Served(process, port, data)
        try:
            wait_ready(server)
            yield server
        finally:
            if process.poll() is None:
                process.kill()


def wait_ready(server: Served) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and server.process.poll() is None:
        try:
            if server.get("/healthz")[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not start")


def test_it_starts_everything_says_what_to_try_and_leaves_nothing(served: Served) -> None:
    assert json.loads(served.get("/healthz")[1]) == {"build": BUILD}
    status, body = served.get("/sign-in")
    assert status == 200
    assert "leeds.one" in body
    sign_in(served)
    family = [served.process, *psutil.Process(served.process.pid).children(recursive=True)]
    assert len(family) >= 4  # two workers, the engine's keeper and the engine
    served.process.send_signal(signal.SIGINT)
    output, _ = served.process.communicate(timeout=30)
    assert served.process.returncode == 0, output
    assert f"http://127.0.0.1:{served.port}/" in output
    for said in ("leeds.one", "shield", "249012", "demo-users.json", "Ctrl-C"):
        assert said in output
    for fault in ("Traceback", "SIGABRT", "terminate"):
        assert fault not in output
    assert "/sign-in" not in output  # no access log
    assert not [one for one in family[1:] if isinstance(one, psutil.Process) and alive(one)]
    assert published_address(served.data) is None
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", served.port))


def alive(process: psutil.Process) -> bool:
    end = time.monotonic() + 10
    while time.monotonic() < end:
        if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
            return False
        time.sleep(0.05)
    return True


def test_killed_hard_it_leaves_nothing_running_either(served: Served) -> None:
    family = psutil.Process(served.process.pid).children(recursive=True)
    served.process.kill()
    served.process.wait()
    assert not [one.name() for one in family if alive(one)]


def test_an_engine_killed_is_said_to_be_down_and_comes_back(served: Served) -> None:
    (engine,) = [p for p in psutil.Process(served.process.pid).children(recursive=True) if "java" in p.name()]
    engine.kill()
    statuses = [served.get("/healthz")[0]]
    end = time.monotonic() + 60
    while statuses[-1] != 200 and time.monotonic() < end:
        time.sleep(0.1)
        statuses.append(served.get("/healthz")[0])
    assert statuses[0] == 503
    assert statuses[-1] == 200
    assert "Tommy" in _search_page(served, sign_in(served))


def _search_page(served: Served, cookies: str) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=20)
    connection.request("GET", "/search", headers={"Cookie": cookies})
    body = connection.getresponse().read().decode()
    connection.close()
    return body


def test_two_workers_keep_one_session_and_write_two_segments(served: Served) -> None:
    cookies = sign_in(served)
    for _ in range(40):
        connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=20)
        connection.request("GET", "/search", headers={"Cookie": cookies})
        answer = connection.getresponse()
        assert answer.status == 200
        assert "Tommy" in answer.read().decode()
        connection.close()
    segments = list((served.data / "audit").glob("*.jsonl"))
    assert len({path.name.split("-")[1] for path in segments}) >= 2


def sign_in(served: Served) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=20)
    connection.request("GET", "/sign-in")
    answer = connection.getresponse()
    token = re.search(r'name="csrf_token" value="([^"]+)"', answer.read().decode())
    assert token is not None
    head = {
        "Cookie": answer.headers["Set-Cookie"].partition(";")[0],
        "Content-Type": "application/x-www-form-urlencoded",
    }
    connection.request("POST", "/sign-in/demo", f"csrf_token={token[1]}&username=leeds.one", head)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return str(answer.headers["Set-Cookie"]).partition(";")[0]


@pytest.mark.parametrize(
    ("values", "exit_code", "said"),
    [
        ({}, 2, "flask refresh"),
        ({"FNX_DEMO": "1", "FNX_HOST": "0.0.0.0"}, 2, "FNX_HOST"),  # noqa: S104
        ({"FNX_PORT": "no number"}, 2, "FNX_PORT"),
        ({"FNX_JOURNEY": "bristol"}, 2, "FNX_JOURNEY"),
    ],
)
def test_it_refuses_to_start_in_plain_words(tmp_path: Path, values: dict[str, str], exit_code: int, said: str) -> None:
    done = refused(environment(tmp_path / "nothing", **values))
    assert (done.returncode, done.stdout) == (exit_code, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_the_server_does_not_carry_the_loaders_engines() -> None:
    """DuckDB in a forked worker ends it with an abort, and each worker would pay for it."""
    code = (
        "import sys; from app import create_app; create_app(); print(sorted({'duckdb', 'splink'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, text=True, capture_output=True, check=True)
    assert done.stdout == "[]\n"


def test_it_refuses_a_port_that_is_taken(data: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = refused(environment(data, FNX_PORT=str(taken.getsockname()[1])))
    assert done.returncode == 75
    assert "FNX_PORT" in done.stderr
    assert published_address(data) is None


def refused(settings: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(COMMAND, cwd=ROOT, env=settings, text=True, capture_output=True, timeout=60, check=False)
