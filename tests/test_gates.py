"""Sources that a council must switch on, and sources that it brings itself: what is read, told and refused."""

import csv
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from graph.errors import DataRefused, UsageError
from loaders.check import check
from loaders.commands import check_command
from loaders.gates import SWITCHED_OFF
from loaders.source import every_source
from tests.own_source import MAPPING, TOML, own_source
from tests.small_extracts import FIXTURES, council, three_sources


def visitors(folder: Path, content: str = "id,name\n1,Testford\n2,Sample\n") -> Path:
    (council(folder) / "family_hubs").mkdir()
    (folder / "family_hubs" / "visitors.csv").write_text(content)
    return folder


# --- gates --------------------------------------------------------------------------------------------------------


@pytest.fixture
def gated(tmp_path: Path) -> tuple[Path, Path]:
    """An extract of one ordinary source and one gated one, and the folder of sources."""
    own = own_source(tmp_path / "own", toml='gate = "hubs"\n' + TOML)
    extracts = visitors(tmp_path / "extracts")
    shutil.copytree(FIXTURES / "mosaic", extracts / "mosaic")
    return extracts, own


def test_a_source_whose_gate_is_closed_is_not_read_and_says_so(gated: tuple[Path, Path], tmp_path: Path) -> None:
    extracts, own = gated
    (extracts / "family_hubs" / "visitors.csv").write_text("nonsense that would be refused")
    result = check(extracts, tmp_path / "work", own_sources=own)
    assert not result.problems
    assert {report.source for report in result.files} == {"mosaic"}
    assert [note.message for note in result.notes if note.source == "family_hubs"] == [SWITCHED_OFF]
    (state,) = (state for state in result.sources if state.source == "family_hubs")
    assert (state.connected, state.switched_off, state.extracted_on) == (False, True, None)


def test_a_source_whose_gate_is_open_is_read(gated: tuple[Path, Path], tmp_path: Path) -> None:
    extracts, own = gated
    result = check(extracts, tmp_path / "work", own_sources=own, gates={"hubs"})
    assert {report.source: report.loaded for report in result.files if report.source != "mosaic"} == {"family_hubs": 2}
    assert not [note for note in result.notes if note.source == "family_hubs"]
    (state,) = (state for state in result.sources if state.source == "family_hubs")
    assert (state.connected, state.switched_off) == (True, False)


def test_closing_a_gate_stops_no_publish_and_a_missing_folder_behind_an_open_one_does(
    gated: tuple[Path, Path], tmp_path: Path
) -> None:
    extracts, own = gated
    before = {"family_hubs": {"visitors.csv": 2}}
    assert not check(extracts, tmp_path / "one", own_sources=own, previous=before).problems
    shutil.rmtree(extracts / "family_hubs")
    assert not check(extracts, tmp_path / "two", own_sources=own, previous=before).problems
    (problem,) = check(extracts, tmp_path / "three", own_sources=own, previous=before, gates={"hubs"}).problems
    assert "loaded last time and missing today" in problem.message


def test_a_gate_that_no_source_has_is_a_mistake_in_the_settings(gated: tuple[Path, Path], tmp_path: Path) -> None:
    extracts, own = gated
    with pytest.raises(UsageError, match=r"FNX_GATES names hub, which no source has as its gate. Gates: .*hubs"):
        check(extracts, tmp_path / "work", own_sources=own, gates={"hub"})


def test_the_command_takes_gates_and_sources_from_the_settings(
    gated: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    extracts, own = gated
    run = CliRunner().invoke
    monkeypatch.setenv("FNX_SOURCES", str(own))
    assert {one["source"] for one in json.loads(run(check_command, [str(extracts), "--json"]).stdout)["files"]} == {
        "mosaic"
    }
    monkeypatch.setenv("FNX_GATES", "hubs")
    files = json.loads(run(check_command, [str(extracts), "--json"]).stdout)["files"]
    assert {one["source"] for one in files} == {"mosaic", "family_hubs"}
    monkeypatch.setenv("FNX_GATES", "hubs,hbus")
    refused = run(check_command, [str(extracts)])
    assert (refused.exit_code, "FNX_GATES names hbus" in refused.stderr) == (2, True)


# --- the council's own sources ------------------------------------------------------------------------------------

FOLDERS: dict[str, tuple[Callable[[Path], object], str]] = {
    "the name of a shipped source": (
        lambda own: own_source(own, "mosaic"),
        "mosaic: this program has a source of that",
    ),
    "a name with a space": (lambda own: own_source(own, "family hubs"), "Rename the folder"),
    "a folder with nothing in it": (lambda own: (own / "hubs").mkdir(parents=True), "hubs holds no source.toml"),
    "a map for a source misspelt": (
        lambda own: own_source(own, "x", "") and None,
        "this description of a source is wrong",
    ),
    "a mapping that is no Python": (
        lambda own: own_source(own, mapping="def visitors(:"),
        "mapping.py cannot be loaded .SyntaxError",
    ),
    "a mapping that fails as it is loaded": (
        lambda own: own_source(own, mapping="import nothing_of_that_name"),
        "mapping.py cannot be loaded .ModuleNotFoundError",
    ),
    "no mapping": (lambda own: (own_source(own) / "family_hubs" / "mapping.py").unlink(), "mapping.py"),
    "a service others call sensitive": (
        lambda own: own_source(own, toml=TOML.replace('"family_hub"', '"camhs"')),
        "not every source says of the service camhs",
    ),
}


@pytest.mark.parametrize(("make", "reason"), FOLDERS.values(), ids=FOLDERS)
def test_a_source_of_the_council_that_cannot_be_is_refused_by_name(
    tmp_path: Path, make: Callable[[Path], object], reason: str
) -> None:
    make(tmp_path / "own")
    with pytest.raises(DataRefused, match=reason):
        every_source(own=tmp_path / "own")


def test_the_folder_of_sources_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Set FNX_SOURCES"):
        every_source(own=tmp_path / "own")


FAILURES: dict[str, tuple[str, str]] = {
    "a key nobody has": ('{}["Sample"]', "line 5 of mapping.py fails on line 3 with KeyError"),
    "a value that is no number": ("int(row['name'])", "line 5 of mapping.py fails on line 3 with ValueError"),
    "a table nobody knows": ("(yield 'persons', {})", "makes rows of persons, which is no standard table"),
    "a column nobody knows": ("(yield 'person', {'surnam': 'x'})", "fills person.surnam, which is no column"),
    "a row of no table": ("(yield {'record_id': '9'})", "mapping.py fails on line 3 with ValueError"),
    "a table without a row": ("(yield 'person', None)", "mapping.py fails on line 3 with AttributeError"),
    "a text for a day": (
        "(yield 'person', {'record_id': '9', 'dob': '2001-02-03'})",
        "fills person.dob with something other than date32[day]: visitors.csv:3",
    ),
}


@pytest.mark.parametrize(("statement", "reason"), FAILURES.values(), ids=FAILURES)
def test_a_mapping_that_fails_is_a_problem_of_its_file_and_line(tmp_path: Path, statement: str, reason: str) -> None:
    mapping = MAPPING + f'    if row["name"] == "Sample":\n        {statement}\n'
    own = own_source(tmp_path / "own", mapping=mapping.replace("\ndef", "def", 1))
    result = check(visitors(tmp_path / "extracts"), tmp_path / "work", own_sources=own)
    (problem,) = result.problems
    assert (problem.source, problem.file) == ("family_hubs", "visitors.csv")
    assert reason in problem.message
    assert "Sample" not in problem.message
    assert all(report.rows == report.loaded + report.quarantined for report in result.files)


def test_a_source_added_at_run_time_is_published_and_its_person_is_in_the_graph(tmp_path: Path) -> None:
    extracts = three_sources(tmp_path / "extracts")
    (extracts / "family_hubs").mkdir()
    (extracts / "family_hubs" / "visitors.csv").write_text("id,name\nhub-1,Besucher\n")
    environment = {
        "FNX_DATA": str(tmp_path / "data"),
        "FNX_SOURCES": str(own_source(tmp_path / "own")),
        "FNX_ENGINE_HEAP_MB": "512",
    }

    def flask(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "flask", *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    refreshed = flask("refresh", str(extracts), "--json")
    assert refreshed.returncode == 0, refreshed.stderr
    with (tmp_path / "data" / "live" / "people.csv").open(newline="") as lines:
        (person,) = (row["person_id"] for row in csv.DictReader(lines) if row["source"] == "family_hubs")
    asked = flask("ask", "person", "--param", f"person_id={person}", "--class", "standard", "--as", "test")
    assert asked.returncode == 0, asked.stderr
    assert '"surname": "Besucher"' in asked.stdout or '"surname":"Besucher"' in asked.stdout
    states = json.loads((tmp_path / "data" / "live" / "sources.json").read_text())
    assert next(state for state in states if state["source"] == "family_hubs")["connected"] is True
