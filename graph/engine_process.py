"""The embedded engine as a process of its own: its command line, its keeper, its lock and when it counts as ready.

Nothing here knows a password: those stand in files only the owner can read, never on a command line.
"""

import fcntl
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from graph.errors import AlreadyRunning, EngineDown

START_SECONDS = 60.0
"""Longest wait for the engine to be ready: about 3 s on an idle machine, longer after a crash in a large load."""

_MAIN = "com.arcadedb.server.ArcadeDBServer"
_FAILED = 'Exception in thread "main"'  # with a port taken, the engine's start fails and its process stays
_LOGGED = ("server.ArcadeDBServer", "server.http.HttpServer", "bolt.BoltNetworkListener", "server.plugin.PluginManager")
_LOCK_TRIES, _LOCK_PAUSE = 10, 0.1  # somebody looking whether the lock is free holds it for an instant


@dataclass(frozen=True, slots=True)
class Folder:
    """Where one engine keeps everything: `<data>/engine`."""

    root: Path

    @classmethod
    def of(cls, data: Path) -> "Folder":
        """The engine's folder in a data folder, made owner-only where it is missing."""
        folder = cls((data / "engine").absolute())
        folder.config.mkdir(parents=True, exist_ok=True)
        folder.root.chmod(0o700)
        folder.config.chmod(0o700)
        return folder

    @property
    def config(self) -> Path:
        """Users and groups files."""
        return self.root / "config"

    @property
    def address(self) -> Path:
        """How to reach the running engine, with passwords."""
        return self.root / "address.json"

    @property
    def log(self) -> Path:
        """What the engine printed since its last start. Holds no query, parameter or row."""
        return self.root / "engine.log"

    @property
    def lock(self) -> Path:
        """Locked for as long as the engine or its keeper lives. Its content means nothing."""
        return self.root / "lock"


@dataclass(frozen=True, slots=True)
class Ports:
    """The two loopback ports of an engine."""

    http: int
    bolt: int

    @classmethod
    def free(cls) -> "Ports":
        """Two ports that are free now. Whether they still are at the start, the engine's log tells."""
        with socket.socket() as one, socket.socket() as two:
            one.bind(("127.0.0.1", 0))
            two.bind(("127.0.0.1", 0))
            return cls(one.getsockname()[1], two.getsockname()[1])


@contextmanager
def locked(folder: Folder) -> Iterator[int]:
    """Hold the folder's lock inside; yields the descriptor to hand on. Raises AlreadyRunning if it is held.

    The lock belongs to whoever inherited the descriptor and ends with the last of them, so it is never stale.
    """
    descriptor = os.open(folder.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _take(descriptor, folder)
        yield descriptor
    finally:
        os.close(descriptor)


def held(folder: Folder) -> bool:
    """Whether an engine, its keeper or a start in progress holds the folder."""
    descriptor = os.open(folder.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _take(descriptor: int, folder: Folder) -> None:
    for _ in range(_LOCK_TRIES):
        try:
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_LOCK_PAUSE)
    raise AlreadyRunning(
        f"Another program runs the graph engine of {folder.root.parent}. Stop it first, or give this "
        "one a data folder of its own with FNX_DATA."
    )


class Engine:
    """A keeper and the engine it keeps. Ends with the process that started it, however that ends."""

    def __init__(self, folder: Folder, ports: Ports, command: list[str], lock: int) -> None:
        self._folder, self._ports, self._owner = folder, ports, os.getpid()
        folder.log.unlink(missing_ok=True)
        self._keeper = subprocess.Popen(
            [sys.executable, "-m", "graph.keeper", str(folder.log), *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=(lock,),
            cwd=Path(__file__).parent.parent,
            env={"PATH": os.defpath, "LANG": "C.UTF-8"},  # no setting of ours, and no option for Java from outside
            start_new_session=True,  # Ctrl-C is for the program, which then ends the engine in order
        )
        os.register_at_fork(after_in_child=self._let_go)
        assert self._keeper.stdout is not None
        self.pid = int(self._keeper.stdout.readline() or b"0")

    def wait_ready(self) -> bool:
        """Wait until the engine listens on both ports. False if it ended instead: a port may have been taken.

        Raises EngineDown after START_SECONDS. The engine's own log says so, never an answer on the port: that could be
        anybody's.
        """
        signs = (f"port={self._ports.http} ", f"/127.0.0.1:{self._ports.bolt} ", "HTTP Server started")
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            log = self._folder.log.read_text(encoding="utf-8", errors="replace") if self._folder.log.exists() else ""
            if self._keeper.poll() is not None or _FAILED in log:
                return False
            if all(sign in log for sign in signs):
                self._tell_ready()
                return True
            time.sleep(0.05)
        raise EngineDown(
            f"The graph engine did not start within {START_SECONDS:.0f} seconds. Its log is {self._folder.log}."
        )

    def end(self) -> None:
        """End the engine and wait until it is gone. Does nothing in a forked child."""
        if self._owner != os.getpid():
            return
        self._let_go()
        self._keeper.wait()

    def _tell_ready(self) -> None:
        assert self._keeper.stdin is not None
        self._keeper.stdin.write(b"ready\n")
        self._keeper.stdin.flush()

    def _let_go(self) -> None:
        """Close this process's end of the pipe. A forked worker that kept it would keep the engine alive."""
        for pipe in (self._keeper.stdin, self._keeper.stdout):
            if pipe is not None and not pipe.closed:
                pipe.close()


def java_command(home: Path, folder: Folder, ports: Ports, heap_mb: int, query_seconds: float) -> list[str]:
    """The engine's command line. `home` is the installed package that holds Java and the engine."""
    settings = _settings(folder, ports, query_seconds)
    return [
        str(home / "jre" / "bin" / "java"),
        f"-Xmx{heap_mb}m",
        "-XX:+ExitOnOutOfMemoryError",  # a new start takes seconds; going on after it may answer wrongly
        "-XX:+UseSerialGC" if heap_mb <= 512 else "-XX:+UseG1GC",
        f"-Djava.util.logging.config.file={_write_logging(folder)}",
        f"-Duser.home={folder.root}",
        *(f"-Darcadedb.{name}={value}" for name, value in settings.items()),
        "-cp",
        str(home / "jars" / "*"),
        _MAIN,
    ]


def _settings(folder: Folder, ports: Ports, query_seconds: float) -> dict[str, object]:
    return {
        "server.mode": "production",
        "server.rootPath": folder.root,
        "server.configDirectory": folder.config,
        "server.databaseDirectory": folder.root / "databases",
        "server.httpIncomingHost": "127.0.0.1",
        "server.httpIncomingPort": ports.http,
        "server.plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
        "bolt.host": "127.0.0.1",
        "bolt.port": ports.bolt,
        "server.httpBodyContentMaxSize": -1,  # a council's load is one request of gigabytes, and only ours can send it
        "server.reloadEvery": 1000,  # ms until a changed users file counts
        "command.timeout": round(query_seconds * 1000),  # the only limit that stops a query; per-query ones do not
        "opencypher.loadCsv.allowFileUrls": "false",
        "opencypher.loadCsv.allowRemoteUrls": "false",
        "support.autoRegister": "false",
        "studio.enabled": "false",
        "serverMetrics": "false",
    }


def _write_logging(folder: Folder) -> Path:
    """Only what tells about starting and stopping is logged: a warning about a query can quote a person's record."""
    path = folder.config / "logging.properties"
    lines = ["handlers=java.util.logging.ConsoleHandler", ".level=OFF"]
    lines += [f"com.arcadedb.{name}.level=INFO" for name in _LOGGED]
    path.touch(mode=0o600)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
