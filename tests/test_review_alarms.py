"""Alarms of the review desk for who sees a part of the records: they ring on that part alone, and lead to it alone."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from graph.evidence import Alarm
from graph.judgements import Judgements, Verdict
from tests.client import Client
from tests.fixture_graph import person_id
from tests.person_pages import CHLOE, TOMMY, signed_in
from tests.published import BUILD, Edges, Nodes, beside, copied
from tests.review_fixture import write_fixture_evidence

HIDDEN = "police:9002"
FIRM, WEAK = (
    "forename same, surname same, dob same, sex same, llid same",
    "forename else, surname same, dob same, sex else",
)
VISIBLE = ("lcs:50012", "mosaic:249012", "school_census:9001")
ONLY_SHIELD = "mosaic:252001"
Told = tuple[str, str, str, str]


def more_records(nodes: Nodes, edges: Edges) -> tuple[Nodes, Edges]:
    """The fixture with a third record of Tommy for everybody, and a fourth that only the shield desk's graph has."""
    shield = any(row.get("record_key") == ONLY_SHIELD for label, row in nodes if label == "Record")
    model = next(row for label, row in nodes if label == "Record" and row["record_key"] == VISIBLE[0])
    joined = next(edge for edge in edges if edge[0] == "RECORDED_AS" and edge[4] == VISIBLE[0])
    nodes, edges = list(nodes), list(edges)
    for key in (VISIBLE[2], HIDDEN) if shield else VISIBLE[2:]:
        source, _, record = key.partition(":")
        nodes.append(("Record", {**model, "record_key": key, "source": source, "record_id": record}))
        edges.append((*joined[:4], key, joined[5]))
    return nodes, edges


def pairs(inside: str, hidden: str = "") -> list[Told]:
    """Every two of Tommy's records: those for everybody, and where said, those with the hidden one."""
    told = [(one, other, "", inside) for n, one in enumerate(VISIBLE) for other in VISIBLE[n + 1 :]]
    return told + [(one, HIDDEN, "", hidden) for one in VISIBLE if hidden]


def desk(folder: Path, told: Sequence[Told], *kinds: str, who: str = "steward", **held: object) -> Client:
    """Somebody at the desk of a build with those pairs, and alarms of those kinds about Tommy."""
    data = copied(folder, build={"databases": beside("alarms", more_records)}, **held)
    alarms = [Alarm(TOMMY, kind, 21.0 if kind == "large" else 5.0) for kind in kinds]
    write_fixture_evidence(data / "builds" / BUILD, told, alarms)
    return signed_in(who, data=data)


def answers(client: Client) -> list[str]:
    """What the desk answers about alarms, but for what differs between any two sessions."""
    said = [client.get("/review?show=alarms").bare]
    response = client.raw("GET", f"/review/person/{TOMMY}")
    said += [str(response.status_code), client.get(f"/review/person/{TOMMY}", status=response.status_code).bare]
    return [re.sub(r"\.[0-9a-f]{24}", "", one) for one in said]


WORLDS = {
    "hidden records make them look firm": (pairs(WEAK, FIRM), ["perhaps"], pairs(WEAK), ["loose"], True),
    "hidden records make them look loose": (pairs(FIRM, WEAK), ["loose"], pairs(FIRM), [], False),
    "hidden records make them many": (pairs(FIRM, FIRM), ["large"], pairs(FIRM), [], False),
    "loose with them and without": (pairs(WEAK, WEAK), ["loose"], pairs(WEAK), ["loose"], True),
    "firm with them and without": (pairs(FIRM, FIRM), [], pairs(FIRM), [], False),
}


@pytest.mark.parametrize("name", WORLDS)
def test_an_alarm_is_that_of_evidence_which_never_held_what_is_hidden(tmp_path: Path, name: str) -> None:
    told, kinds, never_told, never_kinds, rings = WORLDS[name]
    mine, never = desk(tmp_path / "mine", told, *kinds), desk(tmp_path / "never", never_told, *never_kinds)
    assert answers(mine) == answers(never)
    page = mine.get("/review?show=alarms")
    assert (TOMMY in page.person_ids) is rings
    assert "9002" not in page.body


def test_an_alarm_of_a_steward_shows_the_records_of_their_graph_and_leads_to_a_decision(tmp_path: Path) -> None:
    client = desk(tmp_path, pairs(WEAK, FIRM), "perhaps")
    page = client.get(f"/review/person/{TOMMY}")
    assert "hardly agree" in page.text
    keys = [one.attributes["value"] for one in page.all("input", type="checkbox")]
    assert keys == list(VISIBLE)
    assert page.person_ids == {TOMMY}
    client.post(
        "/review/compare", status=303, person=TOMMY, back="alarm", **{"r-1": keys[0] or "", "r-2": keys[1] or ""}
    )
    address = client.location.partition("#")[0]
    client.get(address)
    client.post(address, status=303, verdict="same", reason="One boy, three forms of a name")
    assert TOMMY not in client.get("/review?show=alarms").person_ids, "who looked has said so"
    client.get(f"/review/person/{TOMMY}")


@pytest.mark.parametrize("chosen", [(), (VISIBLE[0],), VISIBLE])
def test_two_records_must_be_chosen(tmp_path: Path, chosen: Sequence[str]) -> None:
    client = desk(tmp_path, pairs(WEAK), "loose")
    client.get(f"/review/person/{TOMMY}")
    fields = {f"r-{number}": one for number, one in enumerate(chosen)}
    client.post("/review/compare", status=303, person=TOMMY, back="alarm", **fields)
    assert "Choose two records to compare" in client.follow().text


@pytest.mark.parametrize("other", [HIDDEN, ONLY_SHIELD, "nowhere:1"])
def test_a_record_that_is_not_for_this_reader_cannot_be_chosen(tmp_path: Path, other: str) -> None:
    client = desk(tmp_path, pairs(WEAK, FIRM), "perhaps")
    client.get(f"/review/person/{TOMMY}")
    fields = {"r-1": VISIBLE[0], "r-2": other}
    page = client.post("/review/compare", status=404, person=TOMMY, back="alarm", **fields)
    assert page.bare == client.get("/review/pair/nothing", status=404).bare
    assert client.records()[-2]["people"] == []


def test_an_alarm_about_somebody_excluded_or_restricted_is_not_there(tmp_path: Path) -> None:
    out = [{"viewer": "steward", "person_id": TOMMY, "until": None}]
    client = desk(tmp_path, pairs(WEAK), "loose", exclusions=out)
    assert TOMMY not in client.get("/review?show=alarms").person_ids
    client.get(f"/review/person/{TOMMY}", status=404)
    write_fixture_evidence(tmp_path / "data" / "builds" / BUILD, pairs(WEAK), [Alarm(CHLOE, "large", 21.0)])
    other = signed_in("steward", data=tmp_path / "data")
    other.get(f"/review/person/{CHLOE}", status=404)


def test_the_shield_desk_hears_what_rings_on_everything(tmp_path: Path) -> None:
    client = desk(tmp_path, pairs(WEAK, FIRM), "perhaps", "large", who="shield")
    page = client.get("/review?show=alarms")
    assert [one.text for one in page.all("a") if "/review/person/" in (one.attributes["href"] or "")] == [
        "Tommy Williams"
    ]
    assert "21 records" in page.text
    assert "9002" in client.get(f"/review/person/{TOMMY}").text
    Judgements(client.audit_folder.parent).decide(
        ("lcs", "50012"), ("police", "9002"), Verdict.SAME, "shield", "Seen on both files"
    )
    assert TOMMY not in client.get("/review?show=alarms").person_ids
    assert person_id("mosaic:249012") == TOMMY
