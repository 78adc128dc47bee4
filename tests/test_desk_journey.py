"""A steward's decisions from end to end: on a generated council, through the pages and three refreshes.

Decide, refresh, see; undo, refresh, see. What the pages say at once, between a decision and its refresh, is seen too.
"""

import csv
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

import web
from graph.embedded import running
from graph.evidence import Evidence
from graph.live import LiveGraphs
from tests.client import Client
from tests.councils import extract
from tests.page import Page
from tests.published import settings
from web.demo import prepare_demo

PEOPLE, SEED = 300, 2
Key = tuple[str, str]


class Council:
    """A generated council, published, and a steward at the desk."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.refresh()
        live = LiveGraphs(settings(data=data))
        prepare_demo(settings(data=data, demo=True), live)
        live.close()
        self.app = Flask("web")
        web.register(self.app, settings(data=data, demo=True, journey="stockport"))
        self.steward = Client(self.app)
        self.steward.sign_in("steward")

    def refresh(self) -> None:
        command = [sys.executable, "-m", "flask", "refresh", str(extract(PEOPLE, SEED).folder)]
        done = subprocess.run(command, env=os.environ | {"FNX_DATA": str(self.data)}, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr[-2000:]

    def records(self) -> dict[str, list[Key]]:
        """The records of every person."""
        found: dict[str, list[Key]] = {}
        with (self.data / "live" / "people.csv").open(newline="") as lines:
            for row in csv.DictReader(lines):
                found.setdefault(row["person_id"], []).append((row["source"], row["record_id"]))
        return found

    def people(self, keys: list[Key]) -> set[str]:
        """Who the owners of those records are."""
        return {person for person, held in self.records().items() if set(keys) & set(held)}

    def decide(self, verdict: str) -> None:
        """Decide about the two records of the pair that was opened last."""
        address = self.steward.location.partition("#")[0]
        self.steward.get(address)
        self.steward.post(address, status=303, verdict=verdict, reason="Seen on both files")

    def undo(self, address: str, number: int) -> None:
        self.steward.get(address)
        self.steward.post(f"/review/decision/{number}/undo", status=303, reason="It was the wrong pair")

    def page(self, person: str, tab: str = "") -> Page:
        return self.steward.get(f"/person/{person}{tab}")


@pytest.fixture
def council(tmp_path: Path) -> Iterator[Council]:
    with running(tmp_path, 512):
        found = Council(tmp_path)
        yield found
        found.app.extensions["fnx"].close()


def warned(page: Page) -> bool:
    return any(one.attributes.get("data-notice") == "doubt" for one in page.elements)


def doubtful_people(council: Council) -> list[set[str]]:
    """Every two people of the desk's evidence who still wait to be looked at."""
    kept = Evidence(council.data / "live")
    return [{one.person_left, one.person_right} for guard in kept.guards() for one in kept.doubtful(guard, 1_000)]


@dataclass
class Two:
    """Two people decided to be one, and two records of one person decided to be two people's."""

    one: str
    other: str
    both: list[Key]
    pair: str
    joined: str
    kept: list[Key]
    parted: str


def decided(council: Council) -> Two:
    """Decide, as a steward would: about a pair of the queue, and about a wrong join on a person's own page."""
    steward, before = council.steward, council.records()
    steward.raw("GET", "/review/next?show=twins")
    pair = steward.location
    one, other = pair.rpartition("/")[2].split(".")[:2]
    council.decide("same")
    joined, kept = next((who, held) for who, held in sorted(before.items())
                        if len(held) == 2 and who not in (one, other)
                        and steward.raw("GET", f"/person/{who}").status_code == 200
                        and "data-fact=\"record_id\"" in council.page(who, "/records").body)  # fmt: skip
    chosen = {f"r-{place}": ":".join(key) for place, key in enumerate(kept)}
    steward.post("/review/compare", status=303, person=joined, back="records", **chosen)
    parted = steward.location.partition("#")[0]
    council.decide("different")
    return Two(one, other, before[one] + before[other], pair, joined, kept, parted)


def test_decide_refresh_see_undo_refresh_see(council: Council) -> None:
    before = council.records()
    two = decided(council)
    # At once: a warning where the two are still shown as one, and a notice where the one are still two.
    assert warned(council.page(two.joined))
    assert not warned(council.page(two.one))
    assert "are of one person. They are joined by the next refresh." in council.page(two.other).text
    council.refresh()
    now = obeyed(council, two)
    # Undone, and refreshed once more, everything is as it was, but for ids that were given up.
    council.undo(two.pair, 1)
    assert warned(council.page(now)), "until the refresh they may be two"
    council.undo(two.parted, 2)
    council.refresh()
    again = council.records()
    assert {frozenset(held) for held in again.values()} == {frozenset(held) for held in before.values()}
    assert council.people(two.kept) == {two.joined}
    assert now in council.people(two.both)
    for person in council.people(two.both) | council.people(two.kept):
        page = council.page(person, "/records")
        assert not warned(page)
        assert "Decided by a person" not in page.text


def obeyed(council: Council, two: Two) -> str:
    """After a refresh both are as decided: nobody's record was left behind, the old id leads on, and it says why. Who
    the one person is now.
    """
    (now,) = council.people(two.both)
    assert set(council.records()[now]) == set(two.both)
    gone = ({two.one, two.other} - {now}).pop()
    assert council.steward.raw("GET", f"/person/{gone}").headers["Location"] == f"/person/{now}"
    assert "Decided by a person" in council.page(now, "/records").text
    apart = council.people(two.kept)
    assert len(apart) == 2
    assert apart not in doubtful_people(council)
    assert two.joined in apart
    for person in (now, *apart):
        page = council.page(person)
        assert not warned(page)
        assert "by the next refresh" not in page.text
    return now
