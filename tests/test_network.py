"""The network picture: placed the same every time, nothing moved by an addition, nobody lost without a word."""

import hashlib
import itertools
import json
import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.errors import NotFound, UsageError
from graph.vocabulary import vocabulary
from tests.present_rows import ON, SOURCES, family, link, tommy
from web.network.drawing import OPTIONS, drawing
from web.network.expand import MOST, Addition, Drawn, choices, draw, read_additions
from web.network.layout import Places
from web.network.picture import LARGEST, Kind
from web.present.rows import Row

VENDORED = Path(__file__).parent.parent / "web" / "static" / "vis-network-10.1.5"


class Graph:
    """A few rows that answer the questions a picture asks."""

    def __init__(
        self, links: Iterable[Row] = (), around: Mapping[str, Mapping[str, Sequence[Row]]] | None = None
    ) -> None:
        self.links = list(links)
        self.around = around or {}

    def __call__(self, name: str, /, **asked: Any) -> Sequence[Row]:
        if name == "links_between":
            shown = set(asked["person_ids"])
            return [row for row in self.links if {row["from_id"], row["to_id"]} <= shown]
        if name == "neighbours":
            return self.around.get(asked["person_id"], {}).get(asked["kind"], [])
        kinds = self.around.get(asked["person_id"], {})
        return [{"kind": kind, "n": len({row["node_id"] for row in rows})} for kind, rows in kinds.items()]


def between(first: str, code: str, second: str, **values: Any) -> dict[str, Any]:
    return {"from_id": first, "code": code, "to_id": second, "source": "mosaic", "basis": "asserted", **values}


def near(node_id: str, **values: Any) -> dict[str, Any]:
    return {"node_id": node_id, "label_text": f"Thing {node_id}", "status": "open", "source": "mosaic", **values}


def made(rows: Iterable[Row], graph: Graph, *additions: str) -> Drawn:
    return draw(tommy(), family(*rows), read_additions(additions), graph, SOURCES, ON)


codes = st.lists(st.sampled_from(sorted(vocabulary())), min_size=1, max_size=40)


def relatives_of(names: list[str]) -> list[dict[str, Any]]:
    return [
        link(f"p{index:02}", code, sex="FMU"[index % 3], dob=date(1950 + index, 1, 1))
        for index, code in enumerate(names)
    ]


@given(codes, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_same_family_in_any_order_stands_in_the_same_places_apart_from_each_other(
    names: list[str], chance: random.Random
) -> None:
    rows = relatives_of(names)
    first = made(rows, Graph())
    chance.shuffle(rows)
    assert made(rows, Graph()).places == first.places
    _apart(first.places)


@given(codes, st.lists(st.sampled_from(["addresses", "services", "practitioners", "people"]), min_size=1, max_size=4))
@settings(max_examples=40, deadline=None)
def test_an_addition_moves_nothing_that_stands(names: list[str], kinds: list[str]) -> None:
    rows = relatives_of(names)
    things = {kind.value: [near(f"{kind}{index}") for index in range(5)] for kind in Kind}
    graph = Graph([between("p00", "PARTNER", "people1")], {"t": things, "p00": things})
    wanted = [f"{kind}.{who}" for kind in kinds for who in ("t", "p00")]
    before: dict[str, tuple[float, float]] = {}
    for count in range(len(wanted) + 1):
        places = made(rows, graph, *wanted[:count]).places
        assert {key: places[key] for key in before} == before
        before = places
    _apart(before)


def test_older_generations_stand_above_and_younger_below() -> None:
    rows = [link("mum", "PARENT"), link("gran", "GRANDPARENT"), link("son", "CHILD"), link("sis", "SIBLING")]
    places = made(rows, Graph()).places
    assert places["gran"][1] < places["mum"][1] < places["t"][1] == places["sis"][1] < places["son"][1]
    assert places["t"] == (0.0, 0.0)


def test_siblings_stand_oldest_left_and_partners_of_a_row_side_by_side() -> None:
    rows = [
        link("older", "SIBLING", dob=date(2010, 1, 1)), link("younger", "SIBLING", dob=date(2015, 1, 1)),
        link("mum", "PARENT", dob=date(1980, 1, 1)), link("aunt", "AUNT_UNCLE", dob=date(1979, 1, 1)),
        link("other", "PARENT", dob=date(1981, 1, 1)), link("boy", "STEP_PARENT", dob=date(1990, 1, 1)),
    ]  # fmt: skip
    places = made(rows, Graph([between("boy", "PARTNER", "mum")])).places
    assert places["older"][0] < places["t"][0] < places["younger"][0]
    row = sorted(("mum", "boy", "other", "aunt"), key=lambda who: places[who][0])
    assert abs(row.index("mum") - row.index("boy")) == 1


def test_nothing_above_the_limit_is_drawn_and_whoever_is_left_out_is_named() -> None:
    rows = relatives_of(["COUSIN"] * (LARGEST + 5))
    drawn = made(rows, Graph())
    assert len(drawn.picture.nodes) == LARGEST
    assert len(drawn.picture.left_out) == 6
    assert set(drawn.picture.left_out).isdisjoint(node.name for node in drawn.picture.nodes.values())


def test_a_second_link_between_two_people_is_kept_and_bends_away() -> None:
    graph = Graph([between("mum", "PARENT", "t"), between("mum", "FRIEND", "t", source="lcs")])
    data = drawing(*_picture(made([link("mum", "PARENT")], graph)), {}, SOURCES)
    assert [edge["words"] for edge in data["edges"]] == ["mother", "friend"]
    assert "smooth" not in data["edges"][0]
    assert data["edges"][1]["smooth"]["roundness"] > 0


def test_sources_that_say_the_same_share_a_line_that_names_them_both() -> None:
    graph = Graph([between("mum", "PARENT", "t"), between("mum", "PARENT", "t", source="lcs", start=date(2012, 5, 12))])
    (edge,) = made([link("mum", "PARENT")], graph).picture.edges.values()
    assert edge.said == (
        "Mosaic, start not recorded (last update not recorded)", "LCS, since 12 May 2012 (last update not recorded)"
    )  # fmt: skip
    assert edge.sources == ("mosaic", "lcs")


def test_a_link_reads_in_its_direction_and_a_symmetric_one_has_none() -> None:
    graph = Graph([between("mum", "PARENT", "t"), between("pal", "FRIEND", "t"), between("gone", "SPOUSE", "mum",
                  end=date(2020, 1, 1))])  # fmt: skip
    rows = [link("mum", "PARENT"), link("pal", "FRIEND"), link("gone", "STEP_PARENT")]
    edges = drawing(*_picture(made(rows, graph)), {}, SOURCES)["edges"]
    assert [(edge["reads"], edge["arrows"]["to"]["enabled"], edge["ended"]) for edge in edges] == [
        ("mother of", True, False), ("friend", False, False), ("spouse (ended)", False, True),
    ]  # fmt: skip


def test_links_of_the_centre_are_read_first_and_everything_says_which_source_holds_it() -> None:
    graph = Graph(
        [between("dad", "EX_PARTNER", "mum", end=date(2016, 1, 1)), between("dad", "PARENT", "t")],
        {"t": {"addresses": [near("home", source="school_census")]}},
    )
    drawn = made([link("mum", "PARENT"), link("dad", "PARENT", sex="M")], graph, "addresses.t")
    data = drawing(*_picture(drawn), {"t": ["lcs", "mosaic"]}, SOURCES)
    assert [edge["reads"] for edge in data["edges"]] == ["father of", "home", "former partner"]
    assert [edge["sources"] for edge in data["edges"]] == [["mosaic"], ["school_census"], ["mosaic"]]
    held = {node["id"]: node["from"] for node in data["nodes"]}
    assert held["t"] == "LCS and Mosaic"
    assert held["addresses:home"] == "School Census"
    assert held["mum"] == "", "nothing is made up where nobody told"


def test_shapes_follow_genogram_practice() -> None:
    rows = [
        link("Mum A", "PARENT"), link("Dad A", "PARENT", sex="M"), link("Un Known", "FRIEND", sex="U"),
        link("Baby A", "SIBLING", sex="U", status="unborn"), link("Gran A", "GRANDPARENT", status="deceased"),
    ]  # fmt: skip
    drawn = {node["id"]: node for node in drawing(*_picture(made(rows, Graph())), {}, SOURCES)["nodes"]}
    shapes = {who: node["shape"] for who, node in drawn.items()}
    assert shapes == {"t": "square", "Mum A": "dot", "Dad A": "square", "Un Known": "diamond", "Baby A": "triangle",
                      "Gran A": "dot"}  # fmt: skip
    assert drawn["Gran A"]["died"]
    assert "sex not recorded" in drawn["Un Known"]["label"]
    assert drawn["t"]["borderWidth"] > drawn["Mum A"]["borderWidth"]


def test_a_service_is_drawn_once_for_each_person_and_a_home_once_for_all() -> None:
    things = {"services": [near("csc")], "addresses": [near("home"), near("hostel", communal=True)]}
    graph = Graph([between("mum", "PARENT", "t")], {"t": things, "mum": things})
    drawn = made([link("mum", "PARENT")], graph, "services.t", "services.mum", "addresses.t", "addresses.mum")
    kinds = [node.kind for node in drawn.picture.nodes.values()]
    assert (kinds.count(Kind.SERVICES), kinds.count(Kind.ADDRESSES)) == (2, 3)
    assert len(drawn.picture.edges) == 1 + 2 + 4


def test_what_happened_is_of_the_past_unless_it_holds_until_it_is_ended() -> None:
    """A service that only a happening leads to: `event` rows of neighbours.cypher."""
    told = {"edge_label": "event", "status": None, "start": date(2025, 3, 3), "end": None}
    things = [
        near("school") | told | {"detail": "suspension"},
        near("neet") | told | {"detail": "not in education"},
        near("send") | {"edge_label": "open", "status": "open", "detail": "EHC"},
        near("housing") | told | {"detail": "not in education", "end": date(2025, 4, 4)},
    ]
    drawn = made([], Graph([], {"t": {"services": things}}), "services.t")
    words = {edge.to_id.rpartition(":")[2]: edge.words for edge in drawn.picture.edges.values()}
    assert words == {
        "school": "involved before", "neet": "involved now", "send": "involved now", "housing": "involved before",
    }  # fmt: skip


def test_counts_come_before_the_addition_and_say_when_all_is_shown() -> None:
    around = {"services": [near("csc"), near("csc"), near("gp")], "people": [near("mum")]}
    graph = Graph([between("mum", "PARENT", "t")], {"t": around})
    rows = [link("mum", "PARENT")]
    offered = {one.kind: (one.words, one.shown) for one in choices(made(rows, graph), "t", graph)}
    assert offered[Kind.SERVICES] == ("2 services", False)
    assert offered[Kind.PEOPLE] == ("1 linked person", True)
    assert offered[Kind.ADDRESSES] == ("0 addresses", True)
    after = {one.kind: one.shown for one in choices(made(rows, graph, "services.t"), "t", graph)}
    assert after[Kind.SERVICES]


def test_nobody_outside_the_picture_can_be_expanded_or_chosen() -> None:
    with pytest.raises(NotFound):
        made([link("mum", "PARENT")], Graph(), "people.stranger")
    with pytest.raises(NotFound):
        choices(made([link("mum", "PARENT")], Graph()), "stranger", Graph())
    graph = Graph([], {"t": {"people": [near("new")]}})
    assert "new" in made([], graph, "people.t", "services.new").places


@pytest.mark.parametrize("asked", ["t", ".t", "people.", "secrets.t", "people", ""])
def test_an_addition_that_makes_no_sense_is_refused(asked: str) -> None:
    with pytest.raises(UsageError):
        read_additions([asked])


def test_too_many_additions_are_refused_and_repeats_count_once() -> None:
    assert read_additions(["people.t", "people.t"]) == (Addition(Kind.PEOPLE, "t"),)
    with pytest.raises(UsageError):
        read_additions([f"people.{number}" for number in range(MOST + 1)])


def test_the_picture_is_plain_data_with_whole_coordinates_and_no_physics() -> None:
    graph = Graph([between("mum", "PARENT", "t")], {"t": {"addresses": [near("home")]}})
    data = drawing(*_picture(made([link("mum", "PARENT")], graph, "addresses.t")), {}, SOURCES)
    assert json.loads(json.dumps(data)) == data
    assert all(isinstance(node[axis], int) for node in data["nodes"] for axis in "xy")
    assert data["options"]["physics"] == {"enabled": False}
    assert OPTIONS["edges"]["font"]["align"] == "horizontal", "vis-network misplaces other labels of level lines"


def test_the_vendored_library_is_the_one_that_was_built() -> None:
    lines = (VENDORED / "SHA256SUMS").read_text().splitlines()
    sums = {name: digest for digest, name in (line.split() for line in lines)}
    assert set(sums) == {file.name for file in VENDORED.iterdir()} - {"SHA256SUMS"}
    for name, digest in sums.items():
        assert hashlib.sha256((VENDORED / name).read_bytes()).hexdigest() == digest
    code = (VENDORED / "vis-network.min.js").read_text()
    assert 'createElement("style")' not in code, "the standalone build would break the pages' policy"
    assert "https://" not in code.replace("https://visjs.github.io", "").replace("https://github.com", "")


def _picture(drawn: Drawn) -> tuple[Any, Any]:
    return drawn.picture, drawn.places


def _apart(places: Places) -> None:
    """No two things so near that their names could touch."""
    for (ax, ay), (bx, by) in itertools.combinations(places.values(), 2):
        assert abs(ax - bx) >= 150 or abs(ay - by) >= 90
