"""`flask refresh` from outside: what it publishes, what it refuses, and that nothing but a whole build is ever read."""

import csv
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from graph.classes import VisibilityClass
from graph.embedded import attach, running
from graph.live import LiveGraphs
from graph.settings import Settings
from queries.catalogue import ask
from tests.councils import extract

PEOPLE = 300
EVERYBODY: dict[str, Any] = {"scoped": False, "allowed": []}


class Council:
    """One data folder with an engine running on it, and extracts to refresh it from."""

    def __init__(self, root: Path) -> None:
        self.root, self.data, self.extracts = root, root / "data", root / "extracts"
        shutil.copytree(extract(PEOPLE, seed=2).folder, self.extracts)

    def command(self, *options: str, extracts: Path | None = None) -> list[str]:
        return [sys.executable, "-m", "flask", "refresh", str(extracts or self.extracts), *options]

    def environment(self) -> dict[str, str]:
        return os.environ | {"FNX_DATA": str(self.data)}

    def refresh(self, *options: str, extracts: Path | None = None) -> subprocess.CompletedProcess[str]:
        return self.run(self.command(*options, extracts=extracts))

    def run(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, env=self.environment(), capture_output=True, text=True, check=False)

    def start(self) -> subprocess.Popen[bytes]:
        quiet = subprocess.DEVNULL
        return subprocess.Popen(self.command(), env=self.environment(), stdout=quiet, stderr=quiet)

    def live(self) -> str | None:
        pointer = self.data / "live"
        return os.readlink(pointer) if pointer.is_symlink() else None

    def report(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads((self.data / "live" / "report.json").read_text())
        return content

    def people(self) -> dict[tuple[str, str], str]:
        with (self.data / "live" / "people.csv").open(newline="") as lines:
            return {(row["source"], row["record_id"]): row["person_id"] for row in csv.DictReader(lines)}

    def sources(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads((self.data / "live" / "sources.json").read_text())
        return found

    def spoilt(self, name: str) -> Path:
        """A copy of the extracts, to be spoilt by a test."""
        return Path(shutil.copytree(self.extracts, self.root / name))

    def ask(self, visibility: VisibilityClass, query: str, **parameters: Any) -> list[dict[str, Any]]:
        graphs = LiveGraphs(Settings(data=self.data))
        try:
            return list(ask(graphs.reader(visibility), query, **parameters))
        finally:
            graphs.close()


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Council]:
    made = Council(tmp_path_factory.mktemp("refresh"))
    made.data.mkdir()
    with running(made.data, 512):
        result = made.refresh()
        assert result.returncode == 0, result.stderr
        yield made


def test_every_row_is_loaded_or_quarantined(council: Council) -> None:
    report = council.report()
    assert report["status"] == "published"
    connected = {one["source"] for one in council.sources() if one["connected"]}
    assert {file["source"] for file in report["files"]} == connected > {"mosaic", "lcs", "school_census"}
    for file in report["files"]:
        assert file["rows"] == file["loaded"] + file["quarantined"]
        with (council.extracts / file["source"] / file["file"]).open(newline="") as lines:
            assert file["rows"] == sum(1 for _ in csv.DictReader(lines))
    with (council.data / "live" / "quarantine.csv").open(newline="") as lines:
        assert len(list(csv.DictReader(lines))) == sum(file["quarantined"] for file in report["files"])


def test_people_and_classes_are_counted(council: Council) -> None:
    report = council.report()
    assert report["people"] == len(set(council.people().values()))
    assert set(report["classes"]) == set(VisibilityClass)
    assert report["classes"]["shield"]["Person"] == report["people"]
    held = {one["source"] for one in council.sources() if VisibilityClass.RESEARCH in one["classes"]}
    known = {person for (source, _), person in council.people().items() if source in held}
    assert len(known) - report["shielded"] <= report["classes"]["research"]["Person"] <= len(known) < report["people"]


def test_a_second_refresh_keeps_every_person_id(council: Council) -> None:
    before, build = council.people(), council.live()
    assert council.refresh().returncode == 0
    assert council.live() != build
    assert council.people() == before


def test_tommys_unit_reads_from_his_side(council: Council) -> None:
    (tommy,) = council.ask(VisibilityClass.STANDARD, "record", record_id="249012")
    unit = council.ask(
        VisibilityClass.STANDARD,
        "family_unit",
        person_id=tommy["person_id"],
        sources=["mosaic"],
        scoped=False,
        allowed=[],
    )
    mosaic = {(row["forename"], row["code"], row["forwards"]) for row in unit if row["source"] == "mosaic"}
    assert {("Kate", "PARENT", True), ("Dominic", "PARENT", True)} <= mosaic
    assert {"Paula", "Jason"} <= {row["forename"] for row in unit}
    holders = {row["forename"] for row in unit if row["parental_responsibility"] == "Y"}
    assert holders == {"Kate"}


def test_every_restricted_person_of_the_truth_is_shielded(council: Council) -> None:
    with (council.extracts / "truth" / "restrictions.csv").open(newline="") as lines:
        restricted = {row["entity_id"] for row in csv.DictReader(lines)}
    with (council.extracts / "truth" / "records.csv").open(newline="") as lines:
        records = [(row["source"], row["record_id"]) for row in csv.DictReader(lines) if row["entity_id"] in restricted]
    ids = {person for key, person in council.people().items() if key in set(records)}
    assert restricted
    assert ids
    for person_id in ids:
        (row,) = council.ask(VisibilityClass.STANDARD, "person", person_id=person_id)
        assert row["shielded"] is True
        assert council.ask(VisibilityClass.STANDARD, "person_records", person_id=person_id) == []
        assert council.ask(VisibilityClass.STANDARD, "addresses", person_ids=[person_id]) == []
        assert council.ask(VisibilityClass.SHIELD, "person_records", person_id=person_id) != []


def _drop_column(folder: Path) -> None:
    file = folder / "mosaic" / "dm_persons.csv"
    with file.open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    with file.open("w", newline="") as lines:
        writer = csv.DictWriter(lines, [name for name in rows[0] if name != "RESTRICTED"], extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


def _open_quote(folder: Path) -> None:
    with (folder / "mosaic" / "dm_workers.csv").open("a") as file:
        file.write('90009,"open quote\n')


def _reverse_relationships(folder: Path) -> None:
    reversed_ = extract(PEOPLE, 2, reverse=("mosaic",)).folder / "mosaic" / "dm_personal_relationships.csv"
    shutil.copy(reversed_, folder / "mosaic" / "dm_personal_relationships.csv")


SPOILT = {
    "the restriction column is missing": (_drop_column, "RESTRICTED"),
    "a source of yesterday is missing": (lambda folder: shutil.rmtree(folder / "lcs"), "lcs"),
    "relationships are reversed": (_reverse_relationships, "wrong way round"),
    "a file is empty": (lambda folder: (folder / "lcs" / "DIM_PERSON.csv").write_text(""), "DIM_PERSON"),
    "a file is not UTF-8": (
        lambda folder: (folder / "school_census" / "pupilonroll.csv").write_bytes(b"upn,forename\n\xff\xfe,\xe9\n"),
        "pupilonroll",
    ),
    "a quote is never closed": (_open_quote, "dm_workers"),
    "the manifest is missing": (lambda folder: (folder / "manifest.toml").unlink(), "manifest"),
}


@pytest.mark.parametrize("fault", SPOILT)
def test_bad_extracts_are_refused_and_the_live_graph_stays(council: Council, fault: str) -> None:
    spoil, named = SPOILT[fault]
    extracts, before = council.spoilt(fault.replace(" ", "_")), council.live()
    spoil(extracts)
    result = council.refresh(extracts=extracts)
    assert result.returncode in (2, 65)
    assert named in result.stderr
    assert "Traceback" not in result.stderr
    assert council.live() == before


def test_a_source_may_be_retired_by_name(council: Council) -> None:
    extracts = council.spoilt("retired")
    shutil.rmtree(extracts / "school_census")
    assert council.refresh("--retire", "school_census", extracts=extracts).returncode == 0
    states = json.loads((council.data / "live" / "sources.json").read_text())
    assert {state["source"]: state["connected"] for state in states}["school_census"] is False
    assert council.refresh().returncode == 0


def test_two_refreshes_at_once_are_refused(council: Council) -> None:
    first = council.start()
    try:
        while not any(council.data.glob("refresh-*/")) and first.poll() is None:
            time.sleep(0.05)
        second = council.refresh()
        assert second.returncode == 75
        assert "running" in second.stderr
    finally:
        assert first.wait() == 0


@pytest.mark.parametrize("seed", range(5))
def test_killed_anywhere_readers_have_a_whole_build(council: Council, seed: int) -> None:
    before = council.live()
    killed = council.start()
    seconds = council.report()["seconds"]
    time.sleep(random.Random(seed).uniform(0.5, sum(seconds.values()) + 2))
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    after = council.live()
    assert before is not None
    assert after is not None
    build = Path(after).name
    assert json.loads((council.data / "live" / "build.json").read_text())["build"] == build
    (tommy,) = council.ask(VisibilityClass.STANDARD, "record", record_id="249012")
    assert council.ask(VisibilityClass.STANDARD, "person", person_id=tommy["person_id"])


def test_after_the_kills_a_refresh_succeeds_and_sweeps_up(council: Council) -> None:
    result = council.refresh()
    assert result.returncode == 0, result.stderr
    whole = [folder for folder in (council.data / "builds").iterdir() if (folder / "build.json").exists()]
    assert len(whole) <= Settings(data=council.data).keep_builds
    assert not list(council.data.glob("refresh-*/"))


def test_a_full_disk_says_so_and_leaves_the_live_graph(council: Council) -> None:
    before = council.live()
    limited = ["bash", "-c", 'ulimit -f 8; exec "$@"', "limited", *council.command()]
    result = council.run(limited)
    assert result.returncode == 74
    assert "Traceback" not in result.stderr
    assert council.live() == before


def test_no_name_reaches_the_reports_or_the_messages(council: Council) -> None:
    with (council.extracts / "mosaic" / "dm_persons.csv").open(newline="") as lines:
        names = {row["LAST_NAME"] for row in csv.DictReader(lines)} - {""}
    text = (council.data / "live" / "report.json").read_text() + (council.data / "live" / "quarantine.csv").read_text()
    assert {name for name in names if len(name) > 4 and f'"{name}"' in text} == set()


def test_a_question_on_the_command_line_brings_its_own_engine(council: Council, tmp_path: Path) -> None:
    """After a nightly refresh no server need be running for a script to ask."""
    data = tmp_path / "data"
    alone = council.environment() | {"FNX_DATA": str(data)}
    published = subprocess.run(council.command(), env=alone, capture_output=True, text=True, check=False)
    assert published.returncode == 0, published.stderr
    words = ["ask", "record", "--param", "record_id=249012", "--as", "script"]
    answer = subprocess.run(
        [sys.executable, "-m", "flask", *words], env=alone, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout)["source"] == "mosaic"
    assert attach(data) is None
