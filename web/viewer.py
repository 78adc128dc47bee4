"""The person looking at this page: their class, their caseload, and the only way a view gets a reader.

One build serves a whole request: the reader, the caseload and the sources all come from the build that was live when
the request first asked. Nothing here decides what a role may do (`web.permissions`).
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TypedDict

from flask import abort, current_app, g

from graph.bolt import Reader, Rows
from graph.classes import VisibilityClass
from graph.errors import EngineDown
from graph.live import BuildInfo, LiveGraphs
from graph.search import PeopleIndex
from graph.settings import Journey, Settings
from queries.catalogue import ask, named
from web.audit import slip
from web.exclusions import excluded_people


class Scope(TypedDict):
    """The query parameters that confine a traversal before it begins."""

    scoped: bool
    allowed: list[str]
    excluded: list[str]


@dataclass(frozen=True, slots=True)
class Viewer:
    """A signed-in person, as far as what they may see is concerned."""

    username: str
    display_name: str
    role: str
    visibility: VisibilityClass
    worker_ids: tuple[str, ...]
    email: str = ""

    def reader(self) -> Reader:
        """The live graph of this viewer's class. Raises EngineDown while there is none."""
        if "reader" not in g:
            g.reader = live_graphs().reader(self.visibility, live_build())
        reader: Reader = g.reader
        return reader

    def index(self) -> PeopleIndex:
        """The search index of this viewer's class in the live build."""
        return _opened_index(live_build().folder / "index" / self.visibility)

    def unit_sources(self) -> list[str]:
        """The case management systems whose links make a family unit; none named means any source (Stockport)."""
        settings = web_settings()
        return [settings.cms.value] if settings.journey is Journey.LEEDS else []

    def caseload(self) -> list[dict[str, object]]:
        """The people on this viewer's caseload, as the live build has it. Empty for a viewer without one."""
        if "caseload" not in g:
            g.caseload = list({str(row["person_id"]): row for row in self._held("caseload")}.values())
        people: list[dict[str, object]] = g.caseload
        return people

    def scope(self) -> Scope:
        """Whom a traversal may touch: the units of the caseload in Leeds, anybody of the class graph in Stockport, and
        in neither anybody this viewer is excluded from.
        """
        if web_settings().journey is not Journey.LEEDS:
            return {"scoped": False, "allowed": [], "excluded": self.excluded()}
        if "allowed" not in g:
            g.allowed = sorted({str(row["person_id"]) for row in self._held("caseload_units")})
        return {"scoped": True, "allowed": g.allowed, "excluded": self.excluded()}

    def excluded(self) -> list[str]:
        """The people who do not exist for this viewer, by user name, worker id or e-mail address."""
        if "excluded" not in g:
            names = (self.username, self.email, *self.worker_ids)
            g.excluded = excluded_people(live_build().folder, names, date.today())
        people: list[str] = g.excluded
        return people

    def ask(self, name: str, /, **parameters: object) -> Rows:
        """Ask the catalogue of this viewer's graph: what can be scoped always is, and nobody excluded exists."""
        if any(one.name == "scoped" for one in named(name).parameters):
            return ask(self.reader(), name, **parameters, **self.scope())
        return ask(self.reader(), name, **parameters, excluded=self.excluded())

    def _held(self, question: str) -> Iterable[dict[str, object]]:
        if not self.worker_ids:
            return []
        return self.ask(question, worker_ids=list(self.worker_ids), sources=[web_settings().cms.value])

    def may_open(self, person_id: str) -> bool:
        """Whether this viewer may open that person. Unknown, hidden and excluded people give the same answer."""
        scope = self.scope()
        if scope["scoped"]:
            return person_id in scope["allowed"]
        return bool(self.ask("person", person_id=person_id))


@lru_cache(maxsize=8)
def _opened_index(folder: Path) -> PeopleIndex:
    """Opening checks every byte of an index: done once per process and build (a built index never changes)."""
    return PeopleIndex.open(folder)


def current_viewer() -> Viewer:
    """Who is looking. Stops the request where nobody is signed in (the guard has let nobody so far)."""
    viewer = signed_in_viewer()
    if viewer is None:
        abort(401)
    return viewer


def signed_in_viewer() -> Viewer | None:
    """Who is looking, or None."""
    viewer: Viewer | None = g.get("viewer")
    return viewer


def web_settings() -> Settings:
    """The settings this application was made with."""
    settings: Settings = current_app.extensions["fnx_settings"]
    return settings


def live_graphs() -> LiveGraphs:
    """The graphs readers open."""
    graphs: LiveGraphs = current_app.extensions["fnx"]
    return graphs


def live_build() -> BuildInfo:
    """The build this request is answered from. Raises EngineDown before the first publish."""
    if "build" not in g:
        g.build = live_graphs().build()
    build: BuildInfo | None = g.build
    if build is None:
        raise EngineDown("Nothing has been published yet. Run `flask refresh` on the council's extracts first.")
    slip().build = build.build
    return build


def build_sources() -> list[dict[str, object]]:
    """Every source the live build knows, connected or not (its `sources.json`)."""
    if "sources" not in g:
        g.sources = json.loads((live_build().folder / "sources.json").read_text(encoding="utf-8"))
    sources: list[dict[str, object]] = g.sources
    return sources
