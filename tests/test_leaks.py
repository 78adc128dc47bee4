"""Leak probes over the running program: a real refresh of a council of canaries, every page as every kind of viewer.

What a role's pages may hold is the table MAY_SEE; a token anywhere else, or in a log, a URL, a header or a report, is a
leak. Nothing that a source wrote may run in a browser.
"""

import re
import stat
from dataclasses import replace
from datetime import date

import pytest

from graph.classes import VisibilityClass
from graph.live import LiveGraphs
from tests.canary_sources import is_closed, sources
from tests.canary_tokens import Secret
from tests.canary_world import KINDS, World, canary_world
from tests.client import Client
from tests.page import Page
from tests.published import settings
from web.permissions import ROLES

UNKNOWN = "0123456789abcdef0123456789ab"

_UNITS = {Secret.UNIT_ONE, Secret.UNIT_TWO, Secret.BRIDGE}
_ANYBODY = {*_UNITS, Secret.OUTSIDE, Secret.SHIELDED_NAME, Secret.PARENT_OF_SHIELDED, Secret.ADOPTER}
_FEW = {Secret.SENSITIVE, Secret.UNPLACED}
_DESK = {*_FEW, Secret.SHIELDED, Secret.HIDDEN_ADDRESS}
_EXCLUDED = {Secret.EXCLUDED, Secret.EXCLUDED_CLOSED}
_UNITS_OF_THE_DESK = {*_UNITS, *_DESK, Secret.SHIELDED_NAME, Secret.PARENT_OF_SHIELDED, Secret.ADOPTER}

MAY_SEE: dict[tuple[str, str], set[Secret]] = {
    ("leeds", "leeds.one"): {Secret.UNIT_ONE, Secret.BRIDGE},
    ("leeds", "leeds.two"): {Secret.UNIT_TWO, Secret.BRIDGE},
    ("leeds", "manager"): {*_UNITS, Secret.EXCLUDED},
    ("leeds", "steward"): set(),
    ("leeds", "sensitive"): {*_UNITS, *_FEW, *_EXCLUDED, Secret.ADOPTER},
    ("leeds", "shield"): _UNITS_OF_THE_DESK,
    ("stockport", "leeds.one"): _ANYBODY,
    ("stockport", "sensitive"): {*_ANYBODY, *_FEW, *_EXCLUDED, Secret.CLOSED},
    ("stockport", "shield"): {*_ANYBODY, *_DESK, Secret.CLOSED},
}
"""Kinds of fact each viewer's pages hold: some of each, and none of any other."""

DESK = {
    ("leeds", "steward"): {*_ANYBODY, Secret.EXCLUDED},
    ("leeds", "shield"): {*_ANYBODY, *_DESK, Secret.CLOSED},
}
"""What the review desk may show besides: records of whoever its reader's class holds, caseload or not."""


@pytest.fixture(scope="module")
def world() -> World:
    return canary_world()


# --- who may see what ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("journey", "username"), MAY_SEE)
def test_a_role_sees_its_kinds_of_fact_and_no_other(world: World, journey: str, username: str) -> None:
    kinds, seen = world.council.tokens.kinds, world.seen(journey, username)
    may = MAY_SEE[journey, username] | DESK.get((journey, username), set())
    beyond = {(kinds[token].name, token): seen.places[token] for token in seen.tokens if kinds[token] not in may}
    assert beyond == {}
    reached = {kinds[token] for token in seen.tokens}
    assert MAY_SEE[journey, username] - reached == set(), "the crawl no longer reaches these"


@pytest.mark.parametrize(("journey", "username"), MAY_SEE)
def test_no_page_tells_of_both_lives_of_an_adopted_child(world: World, journey: str, username: str) -> None:
    assert world.seen(journey, username).both_lives == set()


def test_pages_tell_something_of_every_source_a_role_may_see_and_nothing_of_another(world: World) -> None:
    owners = world.council.tokens.owners
    for username, closed in (("leeds.one", False), ("sensitive", True)):
        told_by = {owners[token][1] for token in world.seen("stockport", username).tokens} - {""}
        assert told_by == {name for name in sources() if closed or not is_closed(name)}


def test_the_crawl_opens_every_page_there_is(world: World) -> None:
    """A page added later, and linked from nowhere, would otherwise be looked at by nobody."""
    app = world.application("stockport")
    pages = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    opened = {end for one in MAY_SEE for end in world.seen(*one).endpoints}
    assert pages - opened == {"static", "sign_in.page"}


def test_a_role_that_reads_another_class_is_found_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: the social worker's role with the graph of the shield desk."""
    monkeypatch.setitem(ROLES, "social_worker", replace(ROLES["social_worker"], visibility=VisibilityClass.SHIELD))
    page = world.client("stockport", "leeds.one").get(f"/person/{world.id_of('shielded')}/services")
    kinds = {world.council.tokens.kinds[token] for token in world.found(page.body)}
    assert Secret.SHIELDED in kinds - MAY_SEE["stockport", "leeds.one"]


def test_no_file_is_named_after_anybody(world: World) -> None:
    names = " ".join(str(path.relative_to(world.data)) for path in world.data.rglob("*"))
    assert "judgements.sqlite" in names
    assert world.found(names) == set()


def test_a_page_of_another_class_or_journey_would_be_seen(world: World) -> None:
    """Negative control: what one viewer rightly sees is far too much for another."""
    kinds = world.council.tokens.kinds
    for more, less in (("shield", "sensitive"), ("sensitive", "leeds.one")):
        beyond = {kinds[token] for token in world.seen("stockport", more).tokens} - MAY_SEE["stockport", less]
        assert beyond == MAY_SEE["stockport", more] - MAY_SEE["stockport", less]
    assert {kinds[token] for token in world.seen("stockport", "leeds.one").tokens} - MAY_SEE["leeds", "leeds.one"]


@pytest.mark.parametrize(("journey", "username"), MAY_SEE)
def test_nothing_personal_stands_in_an_address_a_header_or_a_cookie(world: World, journey: str, username: str) -> None:
    assert world.seen(journey, username).elsewhere == set()


@pytest.mark.parametrize(("journey", "username"), MAY_SEE)
def test_nothing_a_source_wrote_can_run(world: World, journey: str, username: str) -> None:
    assert world.seen(journey, username).unsafe == set()


def test_nothing_personal_stands_in_logs_and_reports(world: World) -> None:
    world.seen("leeds", "leeds.one")
    said = {"refresh": world.refresh.stdout + world.refresh.stderr, "log": world.log.getvalue()}
    live = world.data / "live"
    for path in (*live.glob("*.json"), live / "quarantine.csv", live / "dropped.csv", *live.glob("index/*/*.json"),
                 *(world.data / "engine").glob("*.log"), *(world.data / "engine" / "log").glob("*")):  # fmt: skip
        said[path.name] = path.read_text(errors="replace")
    assert len(said) >= 8
    assert {name: world.found(text) for name, text in said.items() if world.found(text)} == {}


def test_the_research_graph_names_nobody_and_no_place(world: World) -> None:
    """Job titles are in it; nothing else that a source wrote by hand."""
    live = LiveGraphs(settings(data=world.data))
    reader = live.reader(VisibilityClass.RESEARCH)
    rows = [
        row["all"]
        for text in ("MATCH (n) RETURN properties(n) AS all", "MATCH ()-[r]->() RETURN properties(r) AS all")
        for row in reader.rows(text, {}, seconds=5, rows=10_000)
    ]
    live.close()
    assert len(rows) > 60
    held = {
        name for row in rows if isinstance(row, dict) for name, value in row.items()
        if not isinstance(value, date) and world.found(str(value))
    }  # fmt: skip
    assert held == {"role"}, "and days, of facts that it may have"


def test_the_canaries_reached_the_quarantine_and_the_audit(world: World) -> None:
    """A grep of an empty file proves nothing."""
    assert len((world.data / "live" / "quarantine.csv").read_text().splitlines()) >= 4
    assert len((world.data / "live" / "dropped.csv").read_text().splitlines()) >= 5
    world.seen("stockport", "leeds.one")
    audit = "".join(path.read_text() for path in (world.data / "audit").glob("*.jsonl"))
    assert world.council.people["stranger"].mosaic in audit


def test_every_file_of_the_data_folder_is_for_its_owner_only(world: World) -> None:
    world.seen("leeds", "leeds.one")
    open_to_others = [
        str(path.relative_to(world.data))
        for path in (world.data, *world.data.rglob("*"))
        if not path.is_symlink() and stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    assert open_to_others == []


# --- nobody at all, and somebody one may not see ---------------------------------------------------------------------


_CLOCK = re.compile("Expires=[^;]+")

NOT_THERE = (
    "child two",
    "stranger",
    "shielded",
    "placed",
    "adopter",
    "excluded",
    "hidden by nhs",
    "known to marac",
    UNKNOWN,
    "x",
    "249012",
    "a" * 500,
    "é",
    "%2e%2e",
    "{{7}}",
)


@pytest.mark.parametrize("path", ["/person/{}", "/person/{}/family", "/person/{}/services", "/network/{}.json"])
def test_somebody_else_and_nobody_are_the_same_answer(world: World, path: str) -> None:
    """Status, headers and bytes: a child of another worker, a shielded child, an unknown id, and what is no id."""
    client = world.client("leeds", "leeds.one")
    client.get("/search")  # the first page after signing in puts the form token into the session: a cookie of its own
    answers = set()
    for one in NOT_THERE:
        name = world.id_of(one) if one in world.council.people else one
        answer = client.raw("GET", path.format(name))
        body = answer.get_data(as_text=True)
        token = Page(404, body).csrf_token if answer.mimetype == "text/html" else ""
        headers = tuple(sorted((key, _CLOCK.sub("", value)) for key, value in answer.headers.items() if key != "Date"))
        answers.add((answer.status_code, headers, body.replace(token, "") if token else body))
    assert len(answers) == 1, [(one[0], len(one[2])) for one in answers]
    assert answers.pop()[0] == 404


def test_expanding_never_leaves_the_units(world: World) -> None:
    """The friend is linked to a child of each worker, and to a shielded child's family through another."""
    client = world.client("leeds", "leeds.one")
    child, friend, mother = (world.id_of(name) for name in ("child one", "friend of both", "mother one"))
    expand = "&".join(f"expand={kind}.{one}" for one in (friend, mother, child) for kind in KINDS)
    content = client.json(f"/network/{child}.json?{expand}&of={friend}")
    people = {node["id"] for node in content["nodes"] if not node["id"].startswith(KINDS)}
    assert people == {child, friend, mother}
    words = {choice["kind"]: choice["words"] for choice in content["choices"]}
    assert words["people"] == "1 linked person"
    for outside in ("child two", "shielded", "adopter"):
        for asked in (f"expand=people.{world.id_of(outside)}", f"of={world.id_of(outside)}"):
            here = client.raw("GET", f"/network/{child}.json?{asked}")
            nowhere = client.raw("GET", f"/network/{child}.json?{asked.replace(world.id_of(outside), UNKNOWN)}")
            assert (here.status_code, here.get_data()) == (nowhere.status_code, nowhere.get_data())


# --- a shielded child in an open search ------------------------------------------------------------------------------


def _fits(world: World, client: Client, **typed: str) -> set[str]:
    client.get("/search")
    answer = client.raw("POST", "/search", data={"csrf_token": client._token, **typed})
    if answer.status_code == 400:
        return set()
    return client.get(answer.headers["Location"]).person_ids


def test_a_shielded_child_is_found_by_name_and_birth_only(world: World) -> None:
    client = world.client("stockport", "leeds.one")
    one, wanted = world.council.people["shielded"], world.id_of("shielded")
    born = {"dob_day": "17", "dob_month": "9", "dob_year": "2015"}
    assert wanted in _fits(world, client, surname=one.surname, forename=one.forename)
    assert wanted in _fits(world, client, surname=one.surname, **born)
    (place,) = world.council.places[one.mosaic]
    by = {
        "mosaic": {"record_id": one.mosaic}, "lcs": {"record_id": one.lcs}, "nhs": {"record_id": one.nhs},
        "upn": {"record_id": one.upn}, "census": {"record_id": one.census},
        "address": {"address": f"{place['STREET_NUMBER']} {place['STREET']}", "postcode": place["POST_CODE"]},
        "postcode": {"postcode": place["POST_CODE"]}, "street": {"address": place["STREET"]},
        "former": {"surname": "Wolstenholme"}, "former and birth": {"surname": "Wolstenholme", **born},
        **{source: {"record_id": record} for source, record in one.records.items()},
        "known as": {"forename": "Bathsheba", "surname": "Wolstenholme"}, "known": {"forename": "Bathsheba", **born},
    }  # fmt: skip
    assert [name for name, typed in by.items() if wanted in _fits(world, client, **typed)] == []
    desk = world.client("stockport", "shield")
    not_found = [name for name, typed in by.items() if wanted not in _fits(world, desk, **typed)]
    assert set(not_found) <= {"postcode", "street", "former", "address", "known as", "former and birth"}
    assert "nhs" not in not_found


def test_a_shielded_child_shows_four_facts(world: World) -> None:
    """The name of one visible holder of parental responsibility, and never that of prospective adopters."""
    client = world.client("stockport", "leeds.one")
    people = world.council.people
    for name, holder in (("shielded", people["mother of shielded"]), ("placed", None)):
        for path in ("", "/family", "/services"):
            page = client.get(f"/person/{world.id_of(name)}{path}")
            named = [who for who in (people[name], holder) if who]
            assert world.found(page.body) == {part[:7].lower() for who in named for part in (who.forename, who.surname)}
            born = people[name].dob
            assert f"{born.day} {born:%B %Y}" in page.text


@pytest.mark.parametrize(
    "typed",
    [{"surname": "*"}, {"surname": "%"}, {"surname": "z"}, {"surname": " "}, {}, {"surname": "Zq*"},
     {"dob_day": "7", "dob_month": "3", "dob_year": "2014"}, {"dob_year": "2014"}, {"age": "12"},
     {"surname": ".*"}, {"surname": "' OR 1=1"}, {"postcode": "AA"}, {"address": "1"}, {"record_id": "*"}],
)  # fmt: skip
def test_a_search_cannot_trawl(world: World, typed: dict[str, str]) -> None:
    assert _fits(world, world.client("stockport", "leeds.one"), **typed) == set()
