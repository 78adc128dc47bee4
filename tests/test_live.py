"""Which build is live: it follows the pointer, never mixes two nights, and says plainly when there is nothing."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from graph.bulk import bulk_writer
from graph.classes import VisibilityClass
from graph.embedded import EngineAddress, grant, running
from graph.errors import EngineDown
from graph.live import LiveGraphs
from graph.settings import Settings

STANDARD, SHIELD = VisibilityClass.STANDARD, VisibilityClass.SHIELD
NAME = "MATCH (n:Person) RETURN n.forename AS name"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("live")


@pytest.fixture(scope="module")
def address(data: Path) -> Iterator[EngineAddress]:
    with running(data, 256) as started:
        for night in ("one", "two"):
            writer = bulk_writer(Settings(_env_file=None), started, f"g_{night}")
            writer.create_database()
            writer.create_schema()
            writer.load([("Person", {"person_id": "p", "forename": night})], [])
        yield started


@pytest.fixture
def graphs(data: Path) -> Iterator[LiveGraphs]:
    live = LiveGraphs(Settings(_env_file=None, data=data))
    yield live
    live.close()
    (data / "live").unlink(missing_ok=True)


def publish(data: Path, build: str) -> None:
    folder = data / "builds" / build
    folder.mkdir(parents=True, exist_ok=True)
    held = {"build": build, "as_at": "2026-11-23", "databases": {"standard": f"g_{build}"}}
    (folder / "build.json").write_text(json.dumps(held), encoding="utf-8")
    (data / "next").symlink_to(f"builds/{build}")
    (data / "next").replace(data / "live")


def test_nothing_published(graphs: LiveGraphs) -> None:
    assert graphs.build() is None
    with pytest.raises(EngineDown, match="flask refresh"):
        graphs.reader(STANDARD)


def test_no_engine(tmp_path: Path) -> None:
    publish(tmp_path, "one")
    live = LiveGraphs(Settings(_env_file=None, data=tmp_path))
    with pytest.raises(EngineDown, match="flask serve"):
        live.reader(STANDARD)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"build": "one"}', '{"build": 1, "as_at": "x", "databases": {}}'])
def test_a_damaged_build_is_said_so(tmp_path: Path, text: str) -> None:
    publish(tmp_path, "one")
    (tmp_path / "live" / "build.json").write_text(text, encoding="utf-8")
    with pytest.raises(EngineDown, match="damaged"):
        LiveGraphs(Settings(_env_file=None, data=tmp_path)).build()


def test_what_a_build_says_of_itself(data: Path, graphs: LiveGraphs) -> None:
    publish(data, "one")
    build = graphs.build()
    assert build is not None
    assert (build.build, build.as_at, build.databases) == ("one", date(2026, 11, 23), {STANDARD: "g_one"})
    assert build is graphs.build(), "read once"


def test_a_class_without_a_graph(data: Path, address: EngineAddress, graphs: LiveGraphs) -> None:
    publish(data, "one")
    with pytest.raises(EngineDown, match="shield"):
        graphs.reader(SHIELD)


def test_it_follows_the_pointer_and_never_mixes_two_nights(
    data: Path, address: EngineAddress, graphs: LiveGraphs
) -> None:
    publish(data, "one")
    grant(data, address, {STANDARD: ["g_one"]})
    first = graphs.build()
    before = graphs.reader(STANDARD, first)
    assert before.rows(NAME, {}, seconds=5, rows=1) == [{"name": "one"}]

    grant(data, address, {STANDARD: ["g_two", "g_one"]})
    assert before.rows(NAME, {}, seconds=5, rows=1) == [{"name": "one"}], "a grant breaks no open connection"
    publish(data, "two")
    assert graphs.reader(STANDARD).rows(NAME, {}, seconds=5, rows=1) == [{"name": "two"}]
    assert before.rows(NAME, {}, seconds=5, rows=1) == [{"name": "one"}], "a page begun before goes on with its night"
    assert graphs.reader(STANDARD, first).rows(NAME, {}, seconds=5, rows=1) == [{"name": "one"}]


def test_a_neo4j_server_for_one_class() -> None:
    settings = Settings(_env_file=None, graph_url="bolt://127.0.0.1:1", graph_url_shield="bolt://127.0.0.1:2")
    assert [settings.graph_url_for(cls)[-1] for cls in (STANDARD, SHIELD)] == ["1", "2"]
