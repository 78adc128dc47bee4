"""A published build of the fixture graph on a real engine, and applications that read it: what web tests stand on.

The engine starts once per test run, on first use, and ends with it.
"""

import atexit
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask

import web
from graph.bulk import EdgeRow, NodeRow, bulk_writer
from graph.classes import VisibilityClass
from graph.embedded import EngineAddress, attach, grant, running
from graph.home import DataHome, write_json
from graph.live import LiveGraphs
from graph.search import Identifier, SearchRecord, build_index, names_of
from graph.settings import Settings
from tests.fixture_graph import fixture_graph, write_fixture_graph
from tests.review_fixture import write_fixture_evidence
from web.demo import prepare_demo

Nodes = list[NodeRow]
Edges = list[EdgeRow]
BUILD = "20261123T020000-0001"
AS_AT = "2026-11-23"
CLASSES = (VisibilityClass.STANDARD, VisibilityClass.SENSITIVE, VisibilityClass.SHIELD)

SOURCES = [
    {
        "source": name, "title": title, "owner": "Example Council", "service": "csc", "frequency": "every night",
        "frequency_days": 1, "connected": True, "switched_off": False, "extracted_on": AS_AT,
        "coverage": "whole council", "services": [{"service_id": service, "title": service_title, "sensitive": False,
                                                   "age_from": None, "age_to": None}],
        "makes_units": name in ("mosaic", "lcs"), "about": "places" if name == "dwp" else "people",
        "classes": list(VisibilityClass),
        "lawful_basis": f"The Act under which {title} is held", "onward_sharing": f"Whom to tell of {title}",
    }
    for name, title, service, service_title in (
        ("mosaic", "Mosaic", "csc", "Children's social care"), ("lcs", "LCS", "csc", "Children's social care"),
        ("school_census", "School Census", "csc", "Children's social care"), ("dwp", "DWP", "benefits", "Benefits"),
    )
]  # fmt: skip


@cache
def published() -> Path:
    """The data folder of the one published build, its engine running."""
    data = Path(tempfile.mkdtemp(prefix="fnx-web-"))
    stack = ExitStack()
    stack.callback(shutil.rmtree, data, ignore_errors=True)
    atexit.register(stack.close)
    DataHome(data).prepare()
    publish(data, stack.enter_context(running(data, 512)))
    live = LiveGraphs(settings(data=data))
    prepare_demo(settings(data=data, demo=True), live)
    live.close()
    return data


def copied(folder: Path, **held: Any) -> Path:
    """A data folder that is the published one again, with other contents in these files of its build: `sources`,
    `exclusions` or `build`. It has an audit log of its own, and shares the engine.
    """
    data = folder / "data"
    shutil.copytree(published(), data, symlinks=True, ignore=shutil.ignore_patterns("audit", "engine"))
    (data / "engine").symlink_to(published() / "engine")
    for name, content in held.items():
        file = data / "builds" / BUILD / f"{name}.json"
        known = json.loads(file.read_text(encoding="utf-8"))
        write_json(file, {**known, **content} if isinstance(content, dict) else content)
    return data


@cache
def beside(name: str, change: Callable[[Nodes, Edges], tuple[Nodes, Edges]]) -> dict[VisibilityClass, str]:
    """Graphs of every class, published beside the fixture's, that hold the fixture as changed: their names by class."""
    address = attach(published())
    assert address is not None
    made = {cls: f"{name}_{cls}" for cls in CLASSES}
    for cls, database in made.items():
        writer = bulk_writer(settings(), address, database)
        writer.create_database()
        writer.create_schema()
        writer.load(*change(*fixture_graph(cls)))
        writer.create_indexes()
    _BESIDE.append(made)
    grant(published(), address, {cls: [f"fixture_{cls}", *(one[cls] for one in _BESIDE)] for cls in CLASSES})
    return made


_BESIDE: list[dict[VisibilityClass, str]] = []


def publish(data: Path, address: EngineAddress) -> None:
    """Publish the fixture graph, and its search index, for each class."""
    home = DataHome(data)
    folder = home.build(BUILD)
    folder.mkdir()
    databases = {cls: f"fixture_{cls}" for cls in CLASSES}
    for cls, database in databases.items():
        write_fixture_graph(bulk_writer(settings(), address, database), cls)
        build_index(folder / "index" / cls, search_records(cls))
    grant(data, address, {cls: [name] for cls, name in databases.items()})
    write_json(folder / "build.json", {"build": BUILD, "as_at": AS_AT, "databases": dict(databases)})
    write_json(folder / "sources.json", list(SOURCES))
    write_json(folder / "exclusions.json", [])
    write_fixture_evidence(folder)
    home.point_live_at(BUILD)


def settings(**values: Any) -> Settings:
    """Settings that take nothing from the environment or a `.env` file."""
    return Settings(**{"_env_file": None, **values})


def application(**values: Any) -> Flask:
    """An application on the published build: demo mode unless told."""
    app = Flask("web")
    web.register(app, settings(**{"data": published(), "demo": True, **values}))
    atexit.register(app.extensions["fnx"].close)
    return app


def demo_user(username: str) -> Mapping[str, Any]:
    """The entry of a demo person in `demo-users.json`."""
    rows: list[dict[str, Any]] = json.loads((published() / "demo-users.json").read_text())
    return next(row for row in rows if row["username"] == username)


def search_records(cls: VisibilityClass) -> Iterator[SearchRecord]:
    """The fixture graph of a class as search records."""
    nodes, edges = fixture_graph(cls)
    found = {(label, str(properties[key])): properties for label, properties in nodes for key in (_KEYS[label],)}
    records: dict[str, list[Mapping[str, object]]] = {}
    places: dict[str, list[Mapping[str, object]]] = {}
    for kind, _, start, label, end, _ in edges:
        if kind == "RECORDED_AS":
            records.setdefault(start, []).append(found[label, end])
        if kind == "LIVED_AT":
            places.setdefault(start, []).append(found[label, end])
    for label, one in nodes:
        if label == "Person":
            person = str(one["person_id"])
            yield _record(one, records.get(person, []), places.get(person, []))


_KEYS = {
    "Person": "person_id", "Record": "record_key", "Address": "address_id", "Service": "service_id",
    "Organisation": "organisation_id", "Practitioner": "practitioner_id", "Involvement": "involvement_id",
    "Plan": "plan_id", "Event": "event_id",
}  # fmt: skip


def _record(one: Mapping[str, Any], records: list[Any], places: list[Any]) -> SearchRecord:
    return SearchRecord(
        person_id=one["person_id"],
        names=names_of(one.get("forename"), one.get("surname"), known_as=one.get("known_as"),
                       other_names=one.get("other_names")),
        sex=one.get("sex", ""),
        dob=one.get("dob"),
        postcodes=tuple(place["postcode"] for place in places if place.get("postcode")),
        address_lines=tuple(place["text"] for place in places if place.get("text")),
        ids=tuple(Identifier(f"{record['source'].title()} ID", record["record_id"]) for record in records),
        place=places[0]["text"] if places else "",
    )  # fmt: skip
