"""Checking a folder of extracts: what stops a publish, what does not, and that the report adds up."""

import csv
import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from graph.errors import DataRefused, UsageError
from loaders.check import CheckResult, check
from loaders.commands import check_command
from loaders.manifest import read_manifest
from loaders.report import as_json
from loaders.report_text import as_text
from tests.small_extracts import council, people, three_sources, write_csv

FIXTURES = Path(__file__).parent.parent / "fixtures" / "sources"


@pytest.fixture
def extracts(tmp_path: Path) -> Path:
    return three_sources(tmp_path / "extracts")


def counts(result: CheckResult) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for report in result.files:
        found.setdefault(report.source, {})[report.file] = report.rows
    return found


# --- against the last load ----------------------------------------------------------------------------------------


def test_the_same_extracts_again_are_fine(extracts: Path, tmp_path: Path) -> None:
    before = check(extracts, tmp_path / "one")
    assert not check(extracts, tmp_path / "two", previous=counts(before)).problems


def test_a_source_loaded_before_and_missing_stops_the_publish_unless_it_is_retired(
    extracts: Path, tmp_path: Path
) -> None:
    before = counts(check(extracts, tmp_path / "one"))
    shutil.rmtree(extracts / "lcs")
    (problem,) = check(extracts, tmp_path / "two", previous=before).problems
    assert (problem.source, problem.file) == ("lcs", "")
    assert "--retire lcs" in problem.message
    retired = check(extracts, tmp_path / "three", previous=before, retire={"lcs"})
    assert not retired.problems
    assert not next(state for state in retired.sources if state.source == "lcs").connected


def test_a_retired_source_is_left_out_though_its_folder_is_there(extracts: Path, tmp_path: Path) -> None:
    result = check(extracts, tmp_path / "work", retire={"lcs"})
    assert {report.source for report in result.files} == {"mosaic", "school_census"}


def test_a_file_loaded_before_and_missing_stops_the_publish(extracts: Path, tmp_path: Path) -> None:
    before = counts(check(extracts, tmp_path / "one"))
    (extracts / "mosaic" / "dm_workers.csv").unlink()
    (problem,) = check(extracts, tmp_path / "two", previous=before).problems
    assert (problem.source, problem.file) == ("mosaic", "dm_workers.csv")


@pytest.mark.parametrize(("more", "stops"), [(-1, False), (2, False), (3, False), (4, True), (100, True)])
def test_a_fifth_fewer_rows_stops_the_publish(tmp_path: Path, more: int, stops: bool) -> None:
    """13 people are more than four fifths of 16 and less than four fifths of 17."""
    folder = council(tmp_path / "extracts")
    rows = ([number, "Ada", "Testford", "N"] for number in range(1, 14))
    write_csv(folder / "council_csv" / "people.csv", "person_id,forename,surname,restricted", rows)
    last_time = 13 + more
    before = {"council_csv": {"people.csv": last_time}}
    result = check(folder, tmp_path / "work", previous=before)
    assert bool(result.problems) == stops
    if stops:
        assert f"13 rows where last time there were {last_time}" in result.problems[0].message
        assert "--accept council_csv" in result.problems[0].message
    assert not check(folder, tmp_path / "accepted", previous=before, accept={"council_csv"}).problems


def test_a_source_that_does_not_exist_cannot_be_named(extracts: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"--retire.*mosaic"):
        check(extracts, tmp_path / "work", retire={"moasic"})
    with pytest.raises(UsageError, match=r"--accept.*mosaic"):
        check(extracts, tmp_path / "work", accept={"moasic"})


@pytest.mark.parametrize(
    "file",
    ["mosaic/dm_persons.csv", "mosaic/dm_personal_relationships.csv", "lcs/isperson.csv", "lcs/DIM_PERSON.csv"],
)
def test_a_required_file_may_not_be_missing(extracts: Path, tmp_path: Path, file: str) -> None:
    (extracts / file).unlink()
    problems = [str(problem) for problem in check(extracts, tmp_path / "work").problems]
    assert problems == [f"{file}: the file is missing. Add it to the extract."]


def test_nothing_to_load_is_a_problem(tmp_path: Path) -> None:
    (problem,) = check(council(tmp_path / "extracts"), tmp_path / "work").problems
    assert "mosaic" in problem.message


# --- restrictions -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("column", ["Secure", "IsHidden", "HideAllAddresses"])
def test_a_restriction_column_may_not_be_missing(extracts: Path, tmp_path: Path, column: str) -> None:
    path = extracts / "lcs" / "isperson.csv"
    path.write_text(path.read_text("utf-8").replace(f",{column},", ",Other,", 1), "utf-8")
    problem = next(problem for problem in check(extracts, tmp_path / "work").problems if problem.file == "isperson.csv")
    assert column in problem.message


def test_a_sample_without_restrictions_can_be_looked_at_and_everybody_in_it_is_restricted(
    extracts: Path, tmp_path: Path
) -> None:
    (extracts / "lcs" / "isperson.csv").unlink()
    path = extracts / "mosaic" / "dm_persons.csv"
    path.write_text(path.read_text("utf-8").replace("RESTRICTED", "SECRET"), "utf-8")
    result = check(extracts, tmp_path / "work", restrictions_required=False)
    assert not result.problems
    for table in result.tables["person"][:2]:
        kinds = pq.read_table(table)["restriction_kind"].to_pylist()
        assert set(kinds) == {"no restriction data"}


def test_a_second_row_that_restricts_is_quarantined_and_still_restricts(tmp_path: Path) -> None:
    folder = council(tmp_path / "extracts")
    shutil.copytree(FIXTURES / "mosaic", folder / "mosaic")
    rows = [[1, "Ada", "Testford", "2001-02-03", "F", "N"], [1, "Ada", "Testford", "2001-02-03", "F", "Y"]]
    people(folder / "mosaic" / "dm_persons.csv", [*rows, [2, "Ben", "Testford", "1999-08-07", "M", "N"]])
    result = check(folder, tmp_path / "work")
    found = pq.read_table(result.tables["person"][0]).to_pylist()
    assert [(row["record_id"], row["restricted"], row["restriction_kind"]) for row in found] == [
        ("1", True, "RESTRICTED"),
        ("2", False, None),
    ]


# --- identifiers --------------------------------------------------------------------------------------------------


def numbered(tmp_path: Path, sharing: int, invented: bool, number: str = "9990000018") -> CheckResult:
    folder = council(tmp_path / f"extracts-{sharing}-{invented}", invented)
    shutil.copytree(FIXTURES / "mosaic", folder / "mosaic", ignore=shutil.ignore_patterns("*references*"))
    rows = [[i, "Ada", "Testford", "2001-02-03", "F", "N", number] for i in range(1, sharing + 1)]
    people(folder / "mosaic" / "dm_persons.csv", rows)
    return check(folder, tmp_path / f"work-{sharing}-{invented}")


@pytest.mark.parametrize(("sharing", "kept"), [(1, True), (2, True), (3, False), (40, False)])
def test_a_number_on_more_than_two_people_is_no_identifier(tmp_path: Path, sharing: int, kept: bool) -> None:
    result = numbered(tmp_path, sharing, invented=True)
    numbers = pq.read_table(result.tables["person"][0])["nhs_number"].to_pylist()
    assert numbers == ["9990000018" if kept else None] * sharing
    dropped = result.dropped.read_text("utf-8")
    assert dropped.count("no identifier") == (0 if kept else sharing)
    assert "9990000018" not in dropped


@pytest.mark.parametrize(
    ("number", "invented", "kept"),
    [("9990000018", True, True), ("9990000018", False, False), ("9434765919", True, True), ("9434765919", False, True)],
)
def test_invented_numbers_are_only_for_invented_people(tmp_path: Path, number: str, invented: bool, kept: bool) -> None:
    result = numbered(tmp_path, 1, invented, number)
    assert pq.read_table(result.tables["person"][0])["nhs_number"].to_pylist() == [number if kept else None]
    assert (",NHS_ID,from a range" in result.dropped.read_text("utf-8").replace('"', "")) != kept


def test_a_value_that_fails_is_dropped_and_the_row_is_kept(extracts: Path, tmp_path: Path) -> None:
    result = check(extracts, tmp_path / "work")
    with result.dropped.open(encoding="utf-8", newline="") as lines:
        found = {(row["file"], row["line"], row["column"], row["reason"]) for row in csv.DictReader(lines)}
    assert ("dm_persons.csv", "6", "NHS_ID", "the check digit is wrong") in found
    assert "1234567890" not in result.dropped.read_text("utf-8")


# --- manifest, report, command ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "error", "words"),
    [
        (None, UsageError, "is missing"),
        ("as_at = ", DataRefused, "not valid TOML"),
        ("invented = true", DataRefused, "as_at must be a date"),
        ('as_at = "2026-06-01"\ninvented = true', DataRefused, "as_at must be a date"),
        ("as_at = 2026-06-01T10:00:00\ninvented = true", DataRefused, "as_at must be a date"),
        ("as_at = 2126-06-01\ninvented = true", DataRefused, "in the future"),
        ("as_at = 1926-06-01\ninvented = true", DataRefused, "before 2000"),
        ("as_at = 2026-06-01", DataRefused, "invented must be"),
        ('as_at = 2026-06-01\ninvented = "yes"', DataRefused, "invented must be"),
    ],
)
def test_manifests_that_cannot_be_believed(
    tmp_path: Path, content: str | None, error: type[Exception], words: str
) -> None:
    if content is not None:
        (tmp_path / "manifest.toml").write_text(content)
    with pytest.raises(error, match=words):
        read_manifest(tmp_path)


def test_the_report_adds_up_and_names_what_is_not_connected(extracts: Path, tmp_path: Path) -> None:
    shutil.rmtree(extracts / "school_census")
    result = check(extracts, tmp_path / "work")
    plain = json.loads(json.dumps(as_json(result)))
    assert {"as_at", "files", "problems", "sources"} <= set(plain)
    assert all(entry["rows"] == entry["loaded"] + entry["quarantined"] for entry in plain["files"])
    connected = {entry["source"]: entry["connected"] for entry in plain["sources"]}
    assert {name for name, is_connected in connected.items() if is_connected} == {"lcs", "mosaic"}
    assert connected["school_census"] is False
    text = as_text(plain)
    assert "Not connected: " in text
    assert "School census" in " ".join(text.split("Not connected: ")[1].split())
    assert "dm_persons.csv" in text
    assert "can be published" in text


def test_progress_goes_from_nothing_to_everything(extracts: Path, tmp_path: Path) -> None:
    told: list[tuple[str, float]] = []
    check(extracts, tmp_path / "work", progress=lambda what, share: told.append((what, share)))
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert shares[-1] == pytest.approx(1)
    assert {what for what, _ in told} >= {"mosaic/dm_persons.csv", "lcs/isperson.csv"}


def test_the_command_and_its_exit_codes(extracts: Path, tmp_path: Path) -> None:
    runner = CliRunner()
    fine = runner.invoke(check_command, [str(extracts)])
    assert (fine.exit_code, "can be published" in fine.stdout) == (0, True)
    machine = runner.invoke(check_command, [str(extracts), "--json", "--quarantine", str(tmp_path / "q.csv")])
    assert json.loads(machine.stdout)["as_at"] == "2026-06-01"
    assert (tmp_path / "q.csv").read_text("utf-8").startswith("source,file,line,column,reason\n")
    (extracts / "lcs" / "isperson.csv").unlink()
    refused = runner.invoke(check_command, [str(extracts)])
    assert (refused.exit_code, "PROBLEM lcs/isperson.csv" in refused.stdout) == (65, True)
    missing = runner.invoke(check_command, [str(tmp_path / "nowhere")])
    assert (missing.exit_code, "is not a folder" in missing.stderr) == (2, True)
    unwritable = runner.invoke(check_command, [str(extracts), "--quarantine", str(tmp_path / "no" / "q.csv")])
    assert unwritable.exit_code == 74


def test_a_check_changes_nothing_in_the_extracts(extracts: Path, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in extracts.rglob("*") if path.is_file()}
    check(extracts, tmp_path / "work")
    assert {path: path.read_bytes() for path in extracts.rglob("*") if path.is_file()} == before


def test_the_same_extracts_give_the_same_tables(extracts: Path, tmp_path: Path) -> None:
    one, two = check(extracts, tmp_path / "one"), check(extracts, tmp_path / "two")
    for table, paths in one.tables.items():
        for first, second in zip(paths, two.tables[table], strict=True):
            assert pq.read_table(first).equals(pq.read_table(second))
    assert one.quarantine.read_bytes() == two.quarantine.read_bytes()
