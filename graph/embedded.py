"""The engine inside: ArcadeDB from its wheel, started as a process of its own on this machine's loopback.

This is the only place that knows the wheel. It never loads the engine into Python (that crashed beside the driver),
never listens beyond loopback, and never puts a password where another user could read it.
"""

import importlib.util
import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from graph.bolt import Credentials, Store
from graph.canary import WARM_SECONDS, prove_reader, warm
from graph.classes import VisibilityClass
from graph.engine_process import START_SECONDS, Engine, Folder, Ports, held, java_command, locked
from graph.engine_users import change_granted, granted, new_credentials, write_groups, write_private, write_users
from graph.errors import AlreadyRunning, EngineDown, ExplorerError, QueryRefused, QueryTimedOut

_PORT_TRIES = 5
_GRANT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class EngineAddress:
    """How to reach a running engine. `pid` is the engine's process when it started; a crash is mended under another."""

    bolt_url: str
    http_url: str
    admin: Credentials
    readers: Mapping[VisibilityClass, Credentials]
    pid: int


def attach(data: Path) -> EngineAddress | None:
    """The engine that runs on this data folder, proved to answer; None if there is none or it does not answer."""
    address = published_address(data)
    if address is None:
        return None
    store = Store(address.bolt_url, address.admin)
    try:
        store.verify()
    except ExplorerError:
        return None
    finally:
        store.close()
    return address


def published_address(data: Path) -> EngineAddress | None:
    """What the data folder says about its engine, where one holds the folder. Whether it answers is not asked."""
    folder = Folder.of(data)
    try:
        return _decoded(folder.address.read_text(encoding="utf-8")) if held(folder) else None
    except (FileNotFoundError, ValueError, KeyError):
        return None


@contextmanager
def running(data: Path, heap_mb: int, *, query_seconds: float = 5.0) -> Iterator[EngineAddress]:
    """An engine on this data folder for as long as the block lasts, with no query above `query_seconds`.

    Readers keep what they had been granted. Raises AlreadyRunning if another engine holds the folder, EngineDown if it
    does not start. It ends with this process, even when that is killed.
    """
    folder = Folder.of(data)
    with locked(folder) as lock:
        folder.address.unlink(missing_ok=True)
        admin, readers = new_credentials()
        write_groups(folder.config)
        write_users(folder.config, admin, readers, granted(folder.config))
        engine, ports = _started(folder, heap_mb, query_seconds, lock)
    # From here the engine and its keeper hold the lock, and nobody else: it is free when they are gone.
    address = EngineAddress(
        f"bolt://127.0.0.1:{ports.bolt}", f"http://127.0.0.1:{ports.http}", admin, readers, engine.pid
    )
    owner = os.getpid()
    try:
        _prove(address)
        _warm(address, granted(folder.config))
        write_private(folder.address, _encoded(address))
        yield address
    finally:
        if os.getpid() == owner:  # a forked worker leaves this block too
            folder.address.unlink(missing_ok=True)
            engine.end()


@contextmanager
def attached_or_started(data: Path, heap_mb: int, *, query_seconds: float = 5.0) -> Iterator[EngineAddress]:
    """The engine already running on this data folder, else one of our own for as long as the block lasts.

    Raises AlreadyRunning if another holds the folder and does not answer within START_SECONDS.
    """
    end = time.monotonic() + START_SECONDS
    with ExitStack() as stack:
        address = attach(data)
        while address is None:
            try:
                address = stack.enter_context(running(data, heap_mb, query_seconds=query_seconds))
            except AlreadyRunning:
                if time.monotonic() > end:
                    raise
                address = attach(data)  # the other one may still be starting
        yield address


def grant(data: Path, address: EngineAddress, databases: Mapping[VisibilityClass, Sequence[str]]) -> None:
    """Let each class's reader read exactly these databases, and return when it holds.

    Raises EngineDown if a reader cannot read, or can write, after a while. The users file changes in one step.
    """
    change_granted(Folder.of(data).config, databases)
    end = time.monotonic() + _GRANT_SECONDS
    for cls, names in databases.items():
        for name in names:
            _wait_granted(address, cls, name, end)


def _wait_granted(address: EngineAddress, cls: VisibilityClass, database: str, end: float) -> None:
    store = Store(address.bolt_url, address.readers[cls])
    try:
        while True:
            try:
                return prove_reader(store, database)
            except (QueryRefused, EngineDown):
                if time.monotonic() > end:
                    raise
            time.sleep(0.1)
    finally:
        store.close()


def _started(folder: Folder, heap_mb: int, query_seconds: float, lock: int) -> tuple[Engine, Ports]:
    for _ in range(_PORT_TRIES):
        ports = Ports.free()
        engine = Engine(folder, ports, java_command(_home(), folder, ports, heap_mb, query_seconds), lock)
        try:
            if engine.wait_ready():
                return engine, ports
        except BaseException:
            engine.end()
            raise
        engine.end()
    raise EngineDown(f"The graph engine ended while it started. Its log is {folder.log}.")


def _home() -> Path:
    """The wheel's folder. Found without loading it: loading it would start Java inside this process."""
    found = importlib.util.find_spec("arcadedb_embedded")
    if found is None or found.origin is None:
        raise EngineDown(
            "The package arcadedb-embedded is not installed. It exists for Linux with glibc 2.34 or newer "
            "and for Macs with Apple silicon. Elsewhere, set FNX_GRAPH_URL to a Neo4j server."
        )
    return Path(found.origin).parent


def _prove(address: EngineAddress) -> None:
    """Wait until a fresh engine answers its first question. Raises EngineDown where it never does."""
    end, store = time.monotonic() + WARM_SECONDS, Store(address.bolt_url, address.admin)
    try:
        while True:
            try:
                return store.verify()
            except (EngineDown, QueryTimedOut):
                if time.monotonic() > end:
                    raise
            time.sleep(0.1)
    finally:
        store.close()


def _warm(address: EngineAddress, databases: Mapping[VisibilityClass, Sequence[str]]) -> None:
    """Let the engine open what it serves before anybody waits for it. What fails here fails and is told there."""
    end = time.monotonic() + WARM_SECONDS
    for cls, names in databases.items():
        store = Store(address.bolt_url, address.readers[cls])
        for name in names if time.monotonic() < end else ():
            with suppress(ExplorerError):
                warm(store, name)
        store.close()


def _encoded(address: EngineAddress) -> str:
    return json.dumps(
        {
            "bolt_url": address.bolt_url,
            "http_url": address.http_url,
            "admin": [address.admin.user, address.admin.password],
            "readers": {cls: [who.user, who.password] for cls, who in address.readers.items()},
            "pid": address.pid,
        }
    )


def _decoded(text: str) -> EngineAddress:
    held_ = json.loads(text)
    readers = {VisibilityClass(cls): Credentials(*who) for cls, who in held_["readers"].items()}
    return EngineAddress(held_["bolt_url"], held_["http_url"], Credentials(*held_["admin"]), readers, held_["pid"])
