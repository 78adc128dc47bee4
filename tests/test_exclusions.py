"""People whom one reader may not see: every page, count, search and picture is as if they had never been recorded."""

import re
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from graph.search import build_index
from tests.client import Client
from tests.person_pages import (
    AMIRA,
    CHLOE,
    DOMINIC,
    ELLEN,
    KATE,
    PAULA,
    RYAN,
    SARA,
    SHEILA,
    TOMMY,
    rows,
    signed_in,
)  # fmt: skip
from tests.published import BUILD, CLASSES, Edges, Nodes, beside, copied, published, search_records
from web import accounts

NAMES = {KATE: "Kate Williams", AMIRA: "Amira Reed", ELLEN: "Ellen Marsh"}
ADDED = "&".join(f"expand={kind}.{{0}}" for kind in ("people", "addresses", "services", "practitioners"))
VIEWERS = (("stockport", "steward"), ("stockport", "shield"), ("leeds", "manager"))
NEAR = (TOMMY, DOMINIC, SHEILA, RYAN, PAULA, SARA, CHLOE, *NAMES, "nobody")


def excluding(viewer: str, *people: str, until: str | None = None) -> list[dict[str, Any]]:
    return [{"viewer": viewer, "person_id": one, "until": until} for one in people]


# --- the same answers as from a graph that never held them -----------------------------------------------------------


def never_held(nodes: Nodes, edges: Edges) -> tuple[Nodes, Edges]:
    """The graph without them, without what is only theirs, and without their names on others' nodes."""
    own = {"RECORDED_AS": 4, "HAD": 4, "HAPPENED_TO": 2}
    gone = set(NAMES) | {
        end for edge in edges if edge[0] in own and {edge[2], edge[4]} & set(NAMES) for end in (edge[own[edge[0]]],)
    }
    kept: Nodes = [
        (label, {name: value for name, value in row.items() if name != "pr_holder" or value not in NAMES.values()})
        for label, row in nodes
        if not gone & {str(value) for name, value in row.items() if name.endswith(("_id", "_key"))}
    ]
    return kept, [edge for edge in edges if not gone & {edge[2], edge[4]}]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The build with everybody of `NAMES` excluded for every viewer, and the build that never held them."""
    everybody = [row for _, who in VIEWERS for row in excluding(who, *NAMES)]
    one = copied(tmp_path_factory.mktemp("excluded"), exclusions=everybody)
    other = copied(tmp_path_factory.mktemp("never"), build={"databases": beside("without", never_held)})
    for cls in CLASSES:
        folder = other / "builds" / BUILD / "index" / cls
        shutil.rmtree(folder)
        build_index(folder, (record for record in search_records(cls) if record.person_id not in NAMES))
    return one, other


def requests() -> Iterator[str]:
    yield "/search"
    for one in NEAR:
        yield from (f"/person/{one}{tab}" for tab in ("", "/family", "/services", f"/services?from={KATE}"))
        yield f"/network/{one}.json?{ADDED.format(one)}"
        yield f"/network/{one}.json?expand=people.{one}&expand=people.{KATE}"


@cache
def answers(data: Path, journey: str, who: str) -> dict[str, tuple[int, str, Any]]:
    """What each request is answered with, and what the audit says of it."""
    client = signed_in(who, journey=journey, data=data)
    found = {path: _answer(client, path) for path in requests()}
    for typed in SEARCHES if journey == "stockport" else ():
        client.get("/search")
        client.post("/search", status=303, **typed)
        found[f"search {typed}"] = _answer(client, client.location)
    return found


SEARCHES = (
    {"surname": "Williams", "forename": "Kate"},
    {"surname": "Reed", "dob_year": "2016"},
    {"record_id": "249013"},
    {"address": "320 Overdale Road", "surname": "Williams"},
)


def _answer(client: Client, path: str) -> tuple[int, str, Any]:
    response = client.raw("GET", path)
    text = re.sub(r'name="csrf_token"[^>]*value="[^"]*"', "", response.get_data(as_text=True))
    audited = client.records()[-1]
    return response.status_code, text, {name: audited[name] for name in ("action", "outcome", "people")}


@pytest.mark.parametrize(("journey", "who"), VIEWERS)
def test_every_answer_is_that_of_a_graph_which_never_held_them(both: tuple[Path, Path], journey: str, who: str) -> None:
    excluded, never = (answers(data, journey, who) for data in both)
    for path, answer in excluded.items():
        assert answer == never[path], path
    assert sum(status == 200 for status, _, _ in excluded.values()) > 20


@pytest.mark.parametrize(("journey", "who"), VIEWERS)
def test_without_the_exclusion_the_comparison_sees_them_everywhere(
    both: tuple[Path, Path], journey: str, who: str
) -> None:
    """The negative control: lists of relatives, pictures, counts and searches all differ then."""
    plain, never = answers(published(), journey, who), answers(both[1], journey, who)
    differ = {path for path in plain if plain[path] != never[path]}
    assert {f"/person/{TOMMY}", f"/person/{TOMMY}/family", f"/network/{TOMMY}.json?{ADDED.format(TOMMY)}"} <= differ
    assert {f"/person/{KATE}{tab}" for tab in ("", "/family", "/services")} <= differ
    assert [path for path in differ if path.startswith("search")] != [] or journey == "leeds"
    if journey == "leeds":
        assert "/search" in differ
    assert any("2 people fit" in text for _, text, _ in plain.values()) or journey == "leeds"


# --- who is meant, and for how long ----------------------------------------------------------------------------------


def opens(data: Path, person: str = KATE, who: str = "leeds.one") -> bool:
    client = signed_in(who, data=data)
    return client.raw("GET", f"/person/{person}").status_code == 200


@pytest.mark.parametrize(
    ("viewer", "seen"),
    [
        ("leeds.one", False),
        ("LEEDS.ONE ", False),
        ("90001", False),
        ("asha.daniels@council.example", False),
        ("Asha.Daniels@Council.example", False),
        ("leeds.two", True),
        ("90002", True),
        ("", True),
        ("asha", True),
    ],
)
def test_a_viewer_is_meant_by_user_name_worker_id_or_email(tmp_path: Path, viewer: str, seen: bool) -> None:
    assert opens(copied(tmp_path, exclusions=excluding(viewer, KATE))) is seen


@pytest.mark.parametrize(("days", "seen"), [(-1, True), (0, False), (1, False)])
def test_an_exclusion_holds_to_the_end_of_its_last_day(tmp_path: Path, days: int, seen: bool) -> None:
    until = (date.today() + timedelta(days=days)).isoformat()
    assert opens(copied(tmp_path, exclusions=excluding("leeds.one", KATE, until=until))) is seen


def test_an_account_without_an_email_is_not_meant_by_an_empty_one(tmp_path: Path) -> None:
    data = copied(tmp_path, exclusions=excluding("", KATE))
    accounts.save(data, accounts.Account("plain", "Plain Person", "social_worker", ("90001",)), "right")
    client = signed_in("leeds.one", data=data)
    client.use_cookie("")
    client.sign_in("plain", "right")
    assert client.raw("GET", f"/person/{KATE}").status_code == 200


def test_the_excluded_and_the_unknown_give_the_same_page_and_the_same_record(tmp_path: Path) -> None:
    client = signed_in("leeds.one", data=copied(tmp_path, exclusions=excluding("leeds.one", KATE)))
    pages = [client.get(f"/person/{who}{tab}", status=404).bare for who in (KATE, "nobody") for tab in ("", "/family")]
    assert len(set(pages)) == 1
    kate, nobody = client.records()[-3], client.records()[-1]
    for name in ("action", "asked", "outcome", "people"):
        assert kate[name] == nobody[name], name


def test_a_child_of_the_caseload_is_neither_listed_counted_nor_found_by_case_id(tmp_path: Path) -> None:
    client = signed_in("leeds.one", data=copied(tmp_path, exclusions=excluding("leeds.one", TOMMY)))
    page = client.get("/search")
    assert TOMMY not in page.person_ids
    assert TOMMY in signed_in("leeds.one").get("/search").person_ids
    client.post("/search", status=303, case_id="249012")
    assert client.follow().heading == "Nobody on your caseload fits"
    assert not opens(copied(tmp_path / "again", exclusions=excluding("leeds.one", TOMMY)), DOMINIC), (
        "who is reached through an excluded child alone is in no unit any more"
    )


def test_the_shield_desk_is_no_exception(tmp_path: Path) -> None:
    client = signed_in("shield", journey="stockport", data=copied(tmp_path, exclusions=excluding("shield", CHLOE)))
    client.get(f"/person/{CHLOE}", status=404)
    assert CHLOE not in rows(client.get(f"/person/{ELLEN}/family"))


@pytest.mark.parametrize("held", [None, "[", '[{"viewer": "x"}]', '{"viewer": "x"}'])
def test_a_build_that_does_not_say_who_is_excluded_shows_nobody(tmp_path: Path, held: str | None) -> None:
    data = copied(tmp_path)
    file = data / "builds" / BUILD / "exclusions.json"
    if held is None:
        file.unlink()
    else:
        file.write_text(held)
    client = signed_in("leeds.one", data=data)
    for path in ("/search", f"/person/{TOMMY}", f"/person/{TOMMY}/services"):
        page = client.get(path, status=503)
        assert page.person_ids == set()


def test_accounts_made_by_an_earlier_version_get_room_for_an_email(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "web.sqlite") as old:
        old.execute(
            "CREATE TABLE users (username VARCHAR(64) PRIMARY KEY, display_name VARCHAR(100), role VARCHAR(32), "
            "worker_ids VARCHAR, password_hash VARCHAR(200), failures INTEGER, locked_until FLOAT)"
        )
        old.execute("""INSERT INTO users VALUES ('old', 'Old Hand', 'social_worker', '["1"]', '-', 0, 0)""")
    found = accounts.find(tmp_path, "old")
    assert found is not None
    assert (found.worker_ids, found.email) == (("1",), "")
