"""Which build is live, and a reader of each class's graph in it. What every page and command asks through.

Nothing is opened before it is needed, and nothing opened is carried through a fork.
"""

import json
import os
import threading
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from graph.bolt import Credentials, Reader, Store
from graph.classes import VisibilityClass
from graph.embedded import attached_or_started, published_address
from graph.engine_process import Folder
from graph.errors import EngineDown
from graph.settings import Settings

_NOTHING_PUBLISHED = "Nothing has been published yet. Run `flask refresh` on the council's extracts first."


@dataclass(frozen=True, slots=True)
class BuildInfo:
    """One published build: its id, the day its facts are as at, the graph of each class, and its folder."""

    build: str
    as_at: date
    databases: Mapping[VisibilityClass, str]
    folder: Path


class LiveGraphs:
    """The live build's graphs. Safe to share between threads, and to make before a fork.

    Ask for `build()` once at the start of a page or command and hand it to every `reader`, so that a publish in the
    middle cannot mix two nights.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._guard = threading.Lock()
        self._build: tuple[str, BuildInfo] | None = None
        self._stores: dict[VisibilityClass, tuple[object, Store]] = {}

    def build(self) -> BuildInfo | None:
        """The live build; None when nothing is published. Raises EngineDown if what is published cannot be read."""
        live = self._settings.data / "live"
        try:
            target = os.readlink(live)
        except OSError:
            return None
        known = self._build
        if known is None or known[0] != target:
            known = self._build = (target, _read_build(live.parent / target))
        return known[1]

    def reader(self, cls: VisibilityClass, build: BuildInfo | None = None) -> Reader:
        """A reader of that class's graph in the build given, else in the live one.

        Raises EngineDown, in plain words, when nothing is published or no engine runs.
        """
        build = build or self.build()
        if build is None:
            raise EngineDown(_NOTHING_PUBLISHED)
        if cls not in build.databases:
            raise EngineDown(f"The live build holds no {cls} graph. Run `flask refresh` again.")
        return Reader(self._store(cls), build.databases[cls])

    def prove(self, *, seconds: float = 1.0) -> None:
        """Ask the live standard graph for nothing at all. Raises EngineDown or QueryTimedOut if it does not answer."""
        self.reader(VisibilityClass.STANDARD).rows("RETURN 1 AS answered", {}, seconds=seconds, rows=1)

    def engine(self, *, query_seconds: float) -> AbstractContextManager[object]:
        """For a command: the embedded engine, the one already running or one of our own while the block lasts.

        No query of one of our own runs above `query_seconds`. Nothing is started before something is published.
        """
        if self.build() is None or not self._settings.embedded:
            return nullcontext()
        return attached_or_started(self._settings.data, self._settings.engine_heap_mb, query_seconds=query_seconds)

    def close(self) -> None:
        """Close this process's connections."""
        with self._guard:
            stores, self._stores = self._stores, {}
        for _, store in stores.values():
            store.close()

    def _store(self, cls: VisibilityClass) -> Store:
        mark = _engine_mark(self._settings)
        with self._guard:
            known = self._stores.get(cls)
            if known is None or known[0] != mark:
                if known is not None:
                    known[1].close()
                known = self._stores[cls] = (mark, _store(self._settings, cls))
            return known[1]


def _engine_mark(settings: Settings) -> object:
    """Changes when the embedded engine is started anew, with other ports and passwords."""
    if not settings.embedded:
        return settings.graph_url
    try:
        found = Folder(settings.data.absolute() / "engine").address.stat()
    except FileNotFoundError:
        raise EngineDown("The graph engine is not running. Start it with `flask serve`.") from None
    return found.st_ino, found.st_mtime_ns


def _store(settings: Settings, cls: VisibilityClass) -> Store:
    if not settings.embedded:
        credentials = Credentials(settings.graph_user, settings.graph_password.get_secret_value())
        return Store(settings.graph_url_for(cls), credentials)
    address = published_address(settings.data)
    if address is None:
        raise EngineDown("The graph engine is not running. Start it with `flask serve`.")
    return Store(address.bolt_url, address.readers[cls])


def _read_build(folder: Path) -> BuildInfo:
    try:
        held = json.loads((folder / "build.json").read_text(encoding="utf-8"))
        databases = {VisibilityClass(cls): str(name) for cls, name in held["databases"].items()}
        return BuildInfo(str(held["build"]), date.fromisoformat(held["as_at"]), databases, folder)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise EngineDown(
            f"The live build cannot be read: {folder / 'build.json'} is missing or damaged. Run `flask refresh` again."
        ) from None
