"""The council of canaries published for real, once per test run, and one viewer opening every page there is of it."""

import atexit
import csv
import io
import json
import logging
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, redirect_stderr
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from flask import Flask

import web
from graph.embedded import running
from graph.judgements import Judgements, Verdict
from graph.live import LiveGraphs
from tests.canary_council import HIDDEN, Somebody
from tests.canary_rows import checked_council, who_is_whom
from tests.canary_sources import sources
from tests.client import Client
from tests.page import Page
from tests.published import settings
from web.demo import prepare_demo

KINDS = ("people", "addresses", "services", "practitioners")
GATES = ",".join(sorted({one.gate for one in sources().values()} - {""}))
_ROADS = ("/", "/search", "/search/change", "/review", "/review?show=alarms", "/review/next", "/review/decisions",
          "/healthz", "/no/such/page")  # fmt: skip
_EXPANDED = ("child one", "mother one", "child two", "friend of both", "shielded", "excluded", "known to marac")
PAIRS = 6
_FORM_TOKEN = re.compile(r'name="csrf_token"[^>]*value="[^"]*"')
"""Random letters, in which a token or a piece of a script stands by chance sooner or later."""


@dataclass
class Seen:
    """What one viewer was shown, and what went anywhere else than into a page's body."""

    tokens: set[str] = field(default_factory=set)
    places: dict[str, str] = field(default_factory=dict)
    """Where each token was seen first."""
    elsewhere: set[str] = field(default_factory=set)
    unsafe: set[str] = field(default_factory=set)
    endpoints: set[str] = field(default_factory=set)
    both_lives: set[str] = field(default_factory=set)
    """Addresses whose page tells of an adopted child before and after."""


class World:
    """The canary council published for real, and what the refresh said about it."""

    def __init__(self, root: Path) -> None:
        self.data = root / "data"
        self.council, checked = checked_council(root)
        self._judged(who_is_whom(self.council, checked))
        self.refresh = subprocess.run(
            [sys.executable, "-m", "flask", "refresh", str(root / "extracts")],
            env=os.environ | {"FNX_DATA": str(self.data), "FNX_GATES": GATES},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        self._seen: dict[tuple[str, str], Seen] = {}
        self.log = io.StringIO()

    def _judged(self, who: Mapping[tuple[str, str], str]) -> None:
        """Tokens for names look alike: whose records are whose is decided, not left to linking."""
        records: dict[str, list[tuple[str, str]]] = {}
        for key, name in who.items():
            records.setdefault(name, []).append(key)
        judgements = Judgements(self.data)
        for keys in records.values():
            for one in keys[1:]:
                judgements.decide(keys[0], one, Verdict.SAME, "steward", "one canary")

    def application(self, journey: str) -> Flask:
        """The program on this council."""
        app = Flask("web")
        web.register(app, settings(data=self.data, demo=True, journey=journey, gates=GATES))
        atexit.register(app.extensions["fnx"].close)
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
        one, ids = self.council.people[name], self.ids()
        return ids[one.mosaic or next(iter(one.records.values()))]

    def found(self, text: str) -> set[str]:
        """Every token in a text, however it is spaced."""
        return self.council.tokens.found(text)

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
        self._routes = self.client.app.url_map.bind("localhost")
        self._done: set[str] = set()
        self._pairs: Counter[str] = Counter()

    def everything(self) -> Seen:
        for path in _ROADS:
            self.visit(path)
        for name in self.world.council.people:
            person = self.world.id_of(name)
            for path in ("", "/services") if name.startswith(HIDDEN) else ("", "/family", "/services", "/records"):
                self.visit(f"/person/{person}{path}")
            expand = "&".join(f"expand={kind}.{person}" for kind in KINDS if name in _EXPANDED)
            self.visit(f"/network/{person}.json?{expand}&of={person}")
            self.visit(f"/review/person/{person}")
        child = self.world.id_of("child one")
        for name in ("mother one", "shielded", "excluded", "after"):
            self.visit(f"/person/{child}/apart/{self.world.id_of(name)}")
        self.visit(f"/person/{child}/family?{'&'.join(f'expand={kind}.{child}' for kind in KINDS)}")
        named = {self.world.id_of(name) for name in self.world.council.people}
        for person in sorted(set(self.world.ids().values()) - named):
            self.visit(f"/person/{person}")
        for one in self.world.council.people.values():
            for typed in _searches(self.journey, one):
                self.search(typed)
        return self.seen

    def visit(self, path: str, typed: str = "") -> None:
        if path in self._done:
            return
        self._done.add(path)
        if self._routes.test(path.partition("?")[0]):
            self.seen.endpoints.add(str(self._routes.match(path.partition("?")[0])[0]))
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
        body = _FORM_TOKEN.sub("", body)
        found = world.found(body) - world.found(typed)
        seen.tokens |= found
        for token in found:
            seen.places.setdefault(token, path)
        if path.startswith(("/person", "/network")) and {"before", "after"} <= self._lives(found):
            seen.both_lives.add(path)
        addresses = ""
        if mimetype == "text/html" and "Location" not in headers:
            page = Page(200, body)
            seen.unsafe |= {f"{path}: {fault}" for fault in page.faults}
            addresses = " ".join(_addresses(page))
            for script in page.all("script", type="application/json"):
                json.loads(script.text)
            for link in page.all("a"):
                href = link.attributes.get("href") or ""
                if href.startswith("/") and "?" not in href and self._is_worth(href):
                    self.visit(href.partition("#")[0], typed)
        if mimetype == "application/json":
            json.loads(body)
        if mimetype == "text/html":
            seen.unsafe |= {
                f"{path}: holds {bit}" for bit in ("<script>alert", "<img src=x", "{{49", "qz49") if bit in body
            }
        outside = " ".join([path, addresses, self.client.cookie(), *map(" ".join, headers.items())])
        seen.elsewhere |= world.found(outside)

    def _is_worth(self, href: str) -> bool:
        """Whether to follow a link: of the many pairs of records whose names look alike, a few of each kind."""
        for kind in ("/review/pair/", "/apart/"):
            if kind in href:
                self._pairs[kind] += 1
                return self._pairs[kind] <= PAIRS
        return True

    def _lives(self, found: Iterable[str]) -> set[str]:
        return {self.world.council.tokens.owners[token][0] for token in found}


def _addresses(page: Page) -> Iterator[str]:
    for element in page.elements:
        for name in ("href", "action", "src"):
            address = element.attributes.get(name) or ""
            if not address.startswith(("mailto:", "tel:")):
                yield address


def _searches(journey: str, one: Somebody) -> Iterator[dict[str, str]]:
    dated = {"dob_day": str(one.dob.day), "dob_month": str(one.dob.month), "dob_year": str(one.dob.year)}
    yield {"surname": one.surname, "forename": one.forename, **dated}
    for record in filter(None, (one.mosaic, one.nhs)):
        yield {"case_id" if journey == "leeds" else "record_id": record}


@cache
def canary_world() -> World:
    """The one world of the test run; its engine ends with it."""
    root = Path(tempfile.mkdtemp(prefix="fnx-canaries-"))
    stack = ExitStack()
    stack.callback(shutil.rmtree, root, ignore_errors=True)
    atexit.register(stack.close)
    (root / "data").mkdir(mode=0o700)
    stack.enter_context(running(root / "data", 384))
    made = World(root)
    assert made.refresh.returncode == 0, made.refresh.stderr
    live = LiveGraphs(settings(data=made.data))
    prepare_demo(settings(data=made.data, demo=True), live)
    live.close()
    return made
