"""Leak probes over the running program: a real refresh of a council of canaries, every page as every kind of viewer.

What a role's pages may hold is the table MAY_SEE; a token anywhere else, or in a log, a URL, a header or a report, is a
leak. Nothing that a source wrote may run in a browser.
"""

import csv
import io
import json
import logging
import os
import re
import stat
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import redirect_stderr
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask

import web
from graph.classes import VisibilityClass
from graph.embedded import running
from graph.live import LiveGraphs
from tests.canary_council import CanaryCouncil, Secret, Somebody
from tests.client import Client
from tests.page import Page
from tests.published import settings
from web.demo import prepare_demo

KINDS = ("people", "addresses", "services", "practitioners")
UNKNOWN = "0123456789abcdef0123456789ab"

_UNITS = {Secret.UNIT_ONE, Secret.UNIT_TWO, Secret.BRIDGE}
_ANYBODY = {*_UNITS, Secret.OUTSIDE, Secret.SHIELDED_NAME, Secret.PARENT_OF_SHIELDED, Secret.ADOPTER}
_DESK = {Secret.SENSITIVE, Secret.SHIELDED, Secret.HIDDEN_ADDRESS}
_UNITS_OF_THE_DESK = {*_UNITS, *_DESK, Secret.SHIELDED_NAME, Secret.PARENT_OF_SHIELDED, Secret.ADOPTER}

MAY_SEE: dict[tuple[str, str], set[Secret]] = {
    ("leeds", "leeds.one"): {Secret.UNIT_ONE, Secret.BRIDGE},
    ("leeds", "leeds.two"): {Secret.UNIT_TWO, Secret.BRIDGE},
    ("leeds", "manager"): _UNITS,
    ("leeds", "steward"): set(),
    ("leeds", "sensitive"): {*_UNITS, Secret.SENSITIVE, Secret.ADOPTER},
    ("leeds", "shield"): _UNITS_OF_THE_DESK,
    ("stockport", "leeds.one"): _ANYBODY,
    ("stockport", "sensitive"): {*_ANYBODY, Secret.SENSITIVE},
    ("stockport", "shield"): {*_ANYBODY, *_DESK},
}
"""Kinds of fact each viewer's pages hold: some of each, and none of any other."""


@dataclass
class Seen:
    """What one viewer was shown, and what went anywhere else than into a page's body."""

    tokens: set[str] = field(default_factory=set)
    elsewhere: set[str] = field(default_factory=set)
    unsafe: set[str] = field(default_factory=set)


class World:
    """The canary council published for real, and what the refresh said about it."""

    def __init__(self, root: Path) -> None:
        self.data, self.council = root / "data", CanaryCouncil()
        self.council.write(root / "extracts")
        self.refresh = subprocess.run(
            [sys.executable, "-m", "flask", "refresh", str(root / "extracts")],
            env=os.environ | {"FNX_DATA": str(self.data)}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        self._seen: dict[tuple[str, str], Seen] = {}
        self.log = io.StringIO()

    def application(self, journey: str) -> Flask:
        """The program on this council."""
        app = Flask("web")
        web.register(app, settings(data=self.data, demo=True, journey=journey))
        return app

    def client(self, journey: str, username: str) -> Client:
        """Somebody signed in."""
        client = Client(self.application(journey))
        client.sign_in(username)
        return client

    def ids(self) -> dict[str, str]:
        """Record id to person id."""
        with (self.data / "live" / "people.csv").open(newline="") as lines:
            return {row["record_id"]: row["person_id"] for row in csv.DictReader(lines)}

    def id_of(self, name: str) -> str:
        """The person id of somebody."""
        return self.ids()[self.council.people[name].mosaic]

    def found(self, text: str) -> set[str]:
        """Every token in a text, however it is spaced."""
        folded = text.lower()
        packed = folded.replace(" ", "")
        return {token for token in self.council.tokens.kinds if token in folded or token.replace(" ", "") in packed}

    def seen(self, journey: str, username: str) -> Seen:
        """What that viewer is shown by every page there is."""
        if (journey, username) not in self._seen:
            handler = logging.StreamHandler(self.log)
            logging.getLogger().addHandler(handler)
            with redirect_stderr(self.log):
                self._seen[journey, username] = _Crawl(self, journey, username).everything()
            logging.getLogger().removeHandler(handler)
        return self._seen[journey, username]


class _Crawl:
    """One viewer opening every page, by links and by guessing."""

    def __init__(self, world: World, journey: str, username: str) -> None:
        self.world, self.journey, self.seen = world, journey, Seen()
        self.client = world.client(journey, username)
        self._done: set[str] = set()

    def everything(self) -> Seen:
        self.visit("/search")
        for person in sorted(set(self.world.ids().values())):
            for path in ("", "/family", "/services"):
                self.visit(f"/person/{person}{path}")
            expand = "&".join(f"expand={kind}.{person}" for kind in KINDS)
            self.visit(f"/network/{person}.json?{expand}")
            self.visit(f"/person/{person}/family?{expand}")
        for one in self.world.council.people.values():
            for typed in _searches(self.journey, one):
                self.search(typed)
        self.visit("/healthz")
        return self.seen

    def visit(self, path: str, typed: str = "") -> None:
        if path in self._done:
            return
        self._done.add(path)
        answer = self.client.raw("GET", path)
        self._look(path, answer.get_data(as_text=True), answer.mimetype or "", dict(answer.headers), typed)
        if answer.status_code in {301, 302, 303}:
            self.visit(answer.headers["Location"], typed)

    def search(self, typed: Mapping[str, str]) -> None:
        self.client.get("/search")
        answer = self.client.raw("POST", "/search", data={"csrf_token": self.client._token, **typed})
        assert answer.status_code in {303, 400}
        said = " ".join(typed.values())
        self._look("/search", answer.get_data(as_text=True), answer.mimetype or "", dict(answer.headers), said)
        if answer.status_code == 303:
            self.visit(answer.headers["Location"], said)

    def _look(self, path: str, body: str, mimetype: str, headers: Mapping[str, str], typed: str) -> None:
        world, seen = self.world, self.seen
        seen.tokens |= world.found(body) - world.found(typed)
        addresses = ""
        if mimetype == "text/html" and "Location" not in headers:
            page = Page(200, body)
            seen.unsafe |= {f"{path}: {fault}" for fault in page.faults}
            addresses = " ".join(_addresses(page))
            for script in page.all("script", type="application/json"):
                json.loads(script.text)
            for link in page.all("a"):
                href = link.attributes.get("href") or ""
                if href.startswith("/") and "?" not in href:
                    self.visit(href.partition("#")[0], typed)
        if mimetype == "application/json":
            json.loads(body)
        if mimetype == "text/html":
            seen.unsafe |= {
                f"{path}: holds {bit}" for bit in ("<script>alert", "<img src=x", "{{49", "qz49") if bit in body
            }
        outside = " ".join([path, addresses, self.client.cookie(), *map(" ".join, headers.items())])
        seen.elsewhere |= world.found(outside)


def _addresses(page: Page) -> Iterator[str]:
    for element in page.elements:
        for name in ("href", "action", "src"):
            address = element.attributes.get(name) or ""
            if not address.startswith(("mailto:", "tel:")):
                yield address


def _searches(journey: str, one: Somebody) -> Iterator[dict[str, str]]:
    dated = {"dob_day": str(one.dob.day), "dob_month": str(one.dob.month), "dob_year": str(one.dob.year)}
    yield {"surname": one.surname, "forename": one.forename, **dated}
    for record in (one.mosaic, one.nhs):
        yield {"case_id" if journey == "leeds" else "record_id": record}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    root = tmp_path_factory.mktemp("canaries")
    (root / "data").mkdir(mode=0o700)
    with running(root / "data", 384):
        (root / "data").chmod(0o700)
        made = World(root)
        assert made.refresh.returncode == 0, made.refresh.stderr
        live = LiveGraphs(settings(data=made.data))
        prepare_demo(settings(data=made.data, demo=True), live)
        live.close()
        yield made


# --- who may see what ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("journey", "username"), MAY_SEE)
def test_a_role_sees_its_kinds_of_fact_and_no_other(world: World, journey: str, username: str) -> None:
    kinds = world.council.tokens.kinds
    seen = {kind: {token for token in world.seen(journey, username).tokens if kinds[token] is kind} for kind in Secret}
    beyond = {
        kind.name: sorted(tokens) for kind, tokens in seen.items() if tokens and kind not in MAY_SEE[journey, username]
    }
    assert beyond == {}
    assert {kind for kind in MAY_SEE[journey, username] if not seen[kind]} == set(), "the crawl no longer reaches these"


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
    held = {name for row in rows if isinstance(row, dict) for name, value in row.items() if world.found(str(value))}
    assert held == {"role"}


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
        "known as": {"forename": "Bathsheba", "surname": "Wolstenholme"}, "known": {"forename": "Bathsheba", **born},
    }  # fmt: skip
    assert [name for name, typed in by.items() if wanted in _fits(world, client, **typed)] == []
    desk = world.client("stockport", "shield")
    not_found = [name for name, typed in by.items() if wanted not in _fits(world, desk, **typed)]
    assert set(not_found) <= {"census", "postcode", "street", "former", "address", "known as", "former and birth"}
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


# --- careless and hostile requests -----------------------------------------------------------------------------------


HOSTILE = (
    "x" * 10_000,
    "a\0b", "\U0001f600" * 50, "%ED%A0%80", "%FF%FE", "%00", "%0d%0aSet-Cookie:%20a=b", "../../etc/passwd",
    "' OR 1=1 --", "}) RETURN p //", "${jndi:ldap://x}", "\u202e\u2066", "%E2%80%A8", "-1", "null", "[]", "1e999",
)  # fmt: skip


@pytest.mark.parametrize("journey", ["leeds", "stockport"])
def test_whatever_is_sent_gets_a_clean_page(world: World, journey: str) -> None:
    client = world.client(journey, "leeds.one")
    child = world.id_of("child one")
    client.get("/search")
    for bad in HOSTILE:
        safe = bad.replace("\0", "%00")
        for path in (
            f"/person/{safe}", f"/person/{safe}/family", f"/network/{safe}.json", f"/search/results/{safe}", f"/{safe}",
            f"/person/{child}/family?expand={safe}", f"/person/{child}/family?of={safe}", f"/static/{safe}",
            f"/person/{child}/services?from={safe}", f"/network/{child}.json?expand=people.{safe}&of={safe}",
        ):  # fmt: skip
            _clean(client, "GET", path)
        form = dict.fromkeys(
            ("surname", "forename", "dob_day", "dob_month", "dob_year", "age", "address", "postcode", "case_id",
             "record_id"), bad)  # fmt: skip
        for fields in (form, {"surname": bad}, {"case_id": bad, "record_id": bad}, {"address": bad, "surname": "Lee"}):
            _clean(client, "POST", "/search", data={"csrf_token": client._token, **fields})
            assert client.last is not None
            if client.last.status_code == 303:
                _clean(client, "GET", client.location)
        _clean(client, "POST", "/search", data={"csrf_token": bad, **form})


@pytest.mark.parametrize("bad", HOSTILE)
def test_whatever_is_sent_at_sign_in_gets_a_clean_page(world: World, bad: str) -> None:
    client = Client(world.application("leeds"))
    for path in ("/sign-in", "/sign-in/demo"):
        client.get("/sign-in")
        _clean(client, "POST", path, data={"csrf_token": client._token, "username": bad, "password": bad})
    client.use_cookie(bad.replace("\0", "").encode("ascii", "ignore").decode()[:4000] or "x")
    _clean(client, "GET", "/search")


@pytest.mark.parametrize("headers", [
    {"Content-Type": "application/json"}, {"Content-Type": "multipart/form-data"}, {"Content-Type": "\xff"},
    {"Content-Type": "multipart/form-data; boundary=x"}, {"Cookie": "fnx=\xff; fnx=a"}, {"Accept": "\xff" * 99},
    {"Content-Length": "-1"}, {"Content-Length": "many"}, {"Range": "bytes=9-1"}, {"If-None-Match": "\xff"},
    {"X-Forwarded-For": "8.8.8.8"}, {"X-HTTP-Method-Override": "DELETE"}, {"Sec-Fetch-Site": "\xff"},
])  # fmt: skip
def test_odd_headers_get_a_clean_page(world: World, headers: dict[str, str]) -> None:
    client = world.client("leeds", "leeds.one")
    _clean(client, "GET", "/search", headers=headers)
    _clean(client, "POST", "/search", headers=headers, data=b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n")
    _clean(client, "GET", "/static/explorer.css", headers=headers)


@pytest.mark.parametrize("path", ["/search", "/sign-in", "/sign-in/demo", "/sign-out"])
def test_a_form_without_its_token_and_one_too_large_are_refused(world: World, path: str) -> None:
    client = world.client("leeds", "leeds.one")
    records = len(client.records())
    for data in ({}, {"csrf_token": ""}, {"csrf_token": "x"}, {"surname": "Williams"}):
        assert client.raw("POST", path, data=data).status_code == 400
    for size in (70_000, 2_000_000):
        token = client.get("/search").csrf_token
        assert client.raw("POST", path, data={"csrf_token": token, "surname": "x" * size}).status_code in {400, 413}
    assert client.get("/search").status == 200, "still signed in"
    assert all(record["action"] != "search" for record in client.records()[records:])


def test_other_hosts_and_methods_are_refused_on_every_route(world: World) -> None:
    client = world.client("leeds", "leeds.one")
    for rule in client.app.url_map.iter_rules():
        path = rule.rule.replace("<person_id>", UNKNOWN).replace("<token>", "x").replace("<path:filename>", "a.css")
        for host in ("evil.example", "127.0.0.1.evil.example", "localhost:80@evil.example"):
            assert client.raw("GET", path, headers={"Host": host}).status_code == 400, (path, host)
        for method in ("PUT", "DELETE", "PATCH", "PROPFIND", "CONNECT", "GET\n"):
            assert client.raw(method, path).status_code in {400, 405}, (path, method)


def _clean(client: Client, method: str, path: str, **options: object) -> None:
    """The answer is one of ours: never a fault, its page whole, nothing in it that could run."""
    answer = client.raw(method, path, **options)
    assert answer.status_code < 500, (method, path[:60])
    body = answer.get_data(as_text=True)
    if answer.mimetype == "text/html" and answer.status_code not in {301, 302, 303, 308}:
        assert Page(answer.status_code, body).faults == [], (method, path[:60])
