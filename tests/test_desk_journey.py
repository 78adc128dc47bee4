"""A steward's decisions from end to end: on a generated council, through the pages and three refreshes.

Decide, refresh, see; undo, refresh, see. What the pages say at once, between a decision and its refresh, is seen too.
"""

import csv
import os
import subprocess
import sys
from collections.abc import Iterator
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


def test_decide_refresh_see_undo_refresh_see(council: Council) -> None:
    steward, before = council.steward, council.records()
    # Two people of the queue are one; the records of one other person are two people's.
    steward.raw("GET", "/review/next?show=twins")
    pair = steward.location
    one, other = pair.rpartition("/")[2].split(".")[:2]
    both = before[one] + before[other]
    council.decide("same")
    joined, kept = next((who, held) for who, held in sorted(before.items())
                        if len(held) == 2 and who not in (one, other)
                        and steward.raw("GET", f"/person/{who}").status_code == 200
                        and "data-fact=\"record_id\"" in council.page(who, "/records").body)  # fmt: skip
    chosen = {f"r-{place}": ":".join(key) for place, key in enumerate(kept)}
    steward.post("/review/compare", status=303, person=joined, back="records", **chosen)
    parted = steward.location.partition("#")[0]
    council.decide("different")
    # At once: a warning where the two are still shown as one, and a notice where the one are still two.
    assert warned(council.page(joined))
    assert not warned(council.page(one))
    assert "are of one person. They are joined by the next refresh." in council.page(other).text
    # After a refresh both are as decided: nobody's record was left behind, the old id leads on, and it says why.
    council.refresh()
    (now,) = council.people(both)
    assert set(council.records()[now]) == set(both)
    gone = ({one, other} - {now}).pop()
    assert steward.raw("GET", f"/person/{gone}").headers["Location"] == f"/person/{now}"
    assert "Decided by a person" in council.page(now, "/records").text
    assert len(council.people(kept)) == 2
    assert set(council.people(kept)) not in doubtful_people(council)
    assert joined in council.people(kept)
    for person in (now, *council.people(kept)):
        page = council.page(person)
        assert not warned(page)
        assert "by the next refresh" not in page.text
    # Undone, and refreshed once more, everything is as it was, but for ids that were given up.
    council.undo(pair, 1)
    assert warned(council.page(now)), "until the refresh they may be two"
    council.undo(parted, 2)
    council.refresh()
    again = council.records()
    assert {frozenset(held) for held in again.values()} == {frozenset(held) for held in before.values()}
    assert council.people(kept) == {joined}
    assert now in council.people(both)
    for person in council.people(both) | council.people(kept):
        page = council.page(person, "/records")
        assert not warned(page)
        assert "Decided by a person" not in page.text
