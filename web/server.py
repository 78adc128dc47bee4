"""The production server: the embedded engine, gunicorn's worker processes, and a few lines that say what to try.

Everything it starts ends with it. It keeps no access log: addresses of pages hold ids of people.
"""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication

from graph.embedded import attached_or_started, published_address
from graph.errors import AlreadyRunning, QueryTimedOut, UsageError
from graph.home import DataHome
from graph.live import LiveGraphs
from graph.settings import Journey, Settings
from queries.catalogue import ask
from web.demo import FILE, buttons, prepare_demo, refuse_open_demo

WORKERS = 2
THREADS = 4
WARM_SECONDS = 60.0
"""How long an engine that has just started is waited for."""

WATCH_SECONDS = 5.0
"""How often the server looks whether an engine that another process started is still there."""


class Gunicorn(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """Gunicorn inside this process, without a configuration file of its own."""

    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self._app = app
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        """Take our options and nothing from the command line."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application, in the worker. It opens nothing before the first request, so nothing crosses the fork."""
        return self._app


def serve(app: Flask, settings: Settings) -> None:
    """Serve until Ctrl-C. Raises UsageError where there is nothing to serve, AlreadyRunning where the port is taken."""
    refuse_open_demo(settings)
    if DataHome(settings.data).live_id() is None:
        raise UsageError(
            f"Nothing has been published in {settings.data}. Run `flask refresh DIR` with the council's extracts "
            "first, or `make demo` for an invented council."
        )
    refuse_taken_port(settings)
    with engine_for(settings):
        live = LiveGraphs(settings)  # not the application's: its connections must not cross the fork
        warm(live, settings)
        if settings.demo:
            prepare_demo(settings, live)
        live.close()
        click.echo(welcome(settings))
        Gunicorn(app, options(settings)).run()


def warm(live: LiveGraphs, settings: Settings) -> None:
    """Ask each class's graph a first question, so that no page meets an engine still waking up.

    An engine just started needs seconds for what later takes milliseconds. Raises what the engine raised last where it
    has not answered after WARM_SECONDS.
    """
    build = live.build()
    end = time.monotonic() + WARM_SECONDS
    for visibility in sorted(build.databases) if build is not None else ():
        while True:
            try:
                ask(live.reader(visibility, build), "caseload_units", worker_ids=["0"], sources=[settings.cms.value])
                break
            except QueryTimedOut:
                if time.monotonic() > end:
                    raise


def options(settings: Settings) -> dict[str, Any]:
    """Gunicorn's settings."""
    memory = Path("/dev/shm")  # noqa: S108 - a heartbeat file in memory, as gunicorn's own documents advise
    return {
        "bind": f"{settings.host}:{settings.port}",
        "worker_class": "gthread",
        "workers": WORKERS,
        "threads": THREADS,
        "timeout": 60,
        "graceful_timeout": 10,
        "max_requests": 20_000,
        "max_requests_jitter": 2_000,
        "accesslog": None,
        "loglevel": "warning",
        "control_socket_disable": True,
        "worker_tmp_dir": str(memory) if memory.is_dir() else None,
    }


def refuse_taken_port(settings: Settings) -> None:
    """Raises AlreadyRunning where another program listens on the port, before anything else is started."""
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise AlreadyRunning(
                f"{settings.host} port {settings.port} cannot be used ({error.strerror}). Stop what listens there, or "
                "choose another port with FNX_PORT."
            ) from None


@contextmanager
def engine_for(settings: Settings) -> Iterator[None]:
    """An engine for as long as the block lasts: our own, or another's until that one ends. None for a Neo4j server."""
    if not settings.embedded:
        yield
        return
    stop = threading.Event()
    watcher = threading.Thread(target=_replace_gone, args=(settings, stop), name="engine-watch", daemon=True)
    with attached_or_started(settings.data, settings.engine_heap_mb, query_seconds=settings.query_seconds):
        watcher.start()
        try:
            yield
        finally:
            stop.set()
            watcher.join()


def _replace_gone(settings: Settings, stop: threading.Event) -> None:
    """Start an engine where the one attached to has gone: a refresh that brought its own takes it away at its end."""
    while not stop.wait(WATCH_SECONDS):
        if published_address(settings.data) is None:
            with attached_or_started(settings.data, settings.engine_heap_mb, query_seconds=settings.query_seconds):
                while published_address(settings.data) is not None and not stop.wait(WATCH_SECONDS):
                    pass


def welcome(settings: Settings) -> str:
    """What is printed when the server starts: where it is, who to be, what to try."""
    address = f"http://{settings.host}:{settings.port}/"
    lines = ["", f"Family network explorer: {address}", "Ctrl-C stops it, the graph engine included.", ""]
    if settings.demo:
        lines += ["Demo people (choose one on the sign-in page):"]
        lines += [
            f"  {one.account.username:<10} {one.account.display_name}, {one.who}" for one in buttons(settings.data)
        ]
        lines += [f"Their passwords, for scripts: {settings.data / FILE}", "", *_TRY[settings.journey], ""]
    return "\n".join(lines)


_TRY = {
    Journey.LEEDS: (
        "Try: sign in as leeds.one and search for case ID 249012 (Tommy Williams), or for Tommy Williams, 12 5 2012.",
        "Then sign in as leeds.two: the same search finds nobody, because Tommy is not on that caseload.",
    ),
    Journey.STOCKPORT: (
        "Try: sign in as leeds.one and search for Tommy Williams born 2012, then for the address 320 Overdale Road.",
        "Each person found says why they fit.",
    ),
}
