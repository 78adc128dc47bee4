"""The council of canaries published for real, once per test run, and one viewer opening every page there is of it."""

import atexit
import csv
import io
import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, redirect_stderr
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from flask import Flask

import web
from graph.embedded import running
from graph.live import LiveGraphs
from tests.canary_council import CanaryCouncil, Somebody
from tests.client import Client
from tests.page import Page
from tests.published import settings
from web.demo import prepare_demo

KINDS = ("people", "addresses", "services", "practitioners")


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
