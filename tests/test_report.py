"""What `flask check` prints of a clinic that does not exist, as text and as JSON, and what it must never print.

`python -m tests.test_report` writes the goldens of fixtures/check again: read every line of the difference.
"""

import json
import os
import tempfile
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import StorageFailed
from loaders.check import CheckResult, check
from loaders.commands import check_command
from loaders.compare import previous_counts
from loaders.context import Context, Row
from loaders.relate import Statement, relationship
from loaders.report import as_json
from loaders.report_text import as_text, percent, share_of
from loaders.watch import BATCH_ROWS, MOST_CODES, FileWatch, unknown_codes
from tests.small_source import clinic, extract

GOLDEN = Path(__file__).parents[1] / "fixtures" / "check"
LAST_TIME = {"clinic": {"patients.csv": 40, "visits.csv": 18}}
TODAY = date(2026, 6, 10)
SAID = {"report.txt": False, "report_full.txt": True}


def checked(folder: Path) -> CheckResult:
    return check(extract(folder / "extracts"), folder / "work", registry=clinic(folder / "sources"))


def reports(folder: Path) -> dict[str, str]:
    plain = as_json(checked(folder), LAST_TIME, TODAY)
    texts = {name: as_text(plain, full=full) for name, full in SAID.items()}
    return {**texts, "report.json": json.dumps(plain, indent=2, ensure_ascii=False) + "\n"}


@pytest.mark.parametrize("name", [*SAID, "report.json"])
def test_the_report_is_the_golden_one(name: str, tmp_path: Path) -> None:
    assert (GOLDEN / name).read_text(encoding="utf-8") == reports(tmp_path)[name], "python -m tests.test_report"


def test_no_line_is_wider_than_the_screen(tmp_path: Path) -> None:
    plain = as_json(checked(tmp_path), LAST_TIME, TODAY)
    for width in (60, 80, 100):
        assert max(map(len, as_text(plain, full=True, width=width).splitlines())) <= width


def test_text_and_json_say_the_same(tmp_path: Path) -> None:
    found = reports(tmp_path)
    plain = json.loads(found["report.json"])
    for entry in plain["files"]:
        assert entry["rows"] == entry["loaded"] + entry["quarantined"]
        assert entry["quarantined"] == sum(each["rows"] for each in entry["reasons"])
        assert f"{entry['rows']:,}" in found["report.txt"]
        for each in entry["identifiers"]:
            dropped = sum(one["values"] for one in each["dropped"])
            assert each["filled"] == each["valid"] + each["placeholders"] + dropped
        for reason in (*entry["reasons"], *entry["dropped"]):
            assert reason["reason"] in " ".join(found["report_full.txt"].split())


def test_no_value_of_a_row_is_in_any_report(tmp_path: Path) -> None:
    """Everything typed about anybody, short of codes that stand on several rows of a column of codes."""
    said = " ".join(reports(tmp_path).values())
    typed = {
        cell
        for path in (tmp_path / "extracts").rglob("*.csv")
        for line in path.read_text(encoding="utf-8").splitlines()[1:]
        for cell in line.split(",")
        if len(cell) > 3
    }
    assert {cell for cell in typed if cell in said} == {"ZTALK", "2026-05-30"}, "a code, and the newest day"


def test_codes_are_shown_only_where_they_can_be_codes() -> None:
    unknown = Counter({
        ("KIND", "ZTALK"): 5,
        ("KIND", "RARE"): 2,
        ("KIND", "Ada Byron"): 9,
        ("KIND", "9434765919"): 9,
        ("KIND", "14/05/2012"): 9,
        ("NOTE", "ZTALK"): 9,
    })  # fmt: skip
    kind, note = unknown_codes(["KIND"], unknown)
    assert (kind.rows, kind.different, kind.shown) == (34, 5, (("ZTALK", 5),))
    assert (note.rows, note.different, note.shown) == (9, 1, ())


@pytest.mark.parametrize(("code", "counted"), [("UNKNOWN", {("word", "ZKIN"): 1}), ("PARENT", {})])
def test_a_word_for_a_relationship_that_nobody_places_is_counted(code: str, counted: dict[object, int]) -> None:
    context = Context(TODAY, True)
    for record_id in ("1", "2"):
        context.add_person(record_id, "U", None)
    relationship(Statement("r", "1", code, "2", "a", "b", source_code="ZKIN", code_column="word"), context)
    assert context.unknown == counted


def test_a_column_that_holds_everything_shows_nothing() -> None:
    """Columns moved by one: a list of surnames must not pass for a list of codes."""
    unknown = Counter({("KIND", f"Byron{n}"): 3 for n in range(MOST_CODES + 1)})
    (kind,) = unknown_codes(["KIND"], unknown)
    assert (kind.different, kind.shown) == (MOST_CODES + 1, ())


@given(st.lists(st.tuples(st.sampled_from(("", "a")), st.sampled_from(("", "b"))), max_size=3 * BATCH_ROWS))
def test_columns_are_counted_as_one_would_count_them(rows: list[tuple[str, str]]) -> None:
    watch = FileWatch(("one", "two"))
    for row in rows:
        watch.row(Row(zip(("one", "two"), row, strict=True)))
    facts = watch.facts((), Counter(), ())
    assert facts.seen == len(rows)
    assert facts.filled == {"one": sum(bool(one) for one, _ in rows), "two": sum(bool(two) for _, two in rows)}


@pytest.mark.parametrize(("today", "late"), [(date(2026, 6, 1), False), (date(2026, 6, 8), False), (TODAY, True)])
def test_an_extract_older_than_its_rhythm_is_late(today: date, late: bool, tmp_path: Path) -> None:
    plain = as_json(checked(tmp_path), None, today)
    assert [state["late"] for state in plain["sources"] if state["source"] == "clinic"] == [late]
    assert ("days old" in as_text(plain)) is late


def test_a_source_in_which_nothing_changes_is_quiet(tmp_path: Path) -> None:
    source, folder = clinic(tmp_path / "sources"), extract(tmp_path / "extracts")
    visits = folder / "clinic" / "visits.csv"
    visits.write_text(visits.read_text("utf-8").replace("2026-05-30", "2026-02-01"), encoding="utf-8")
    plain = as_json(check(folder, tmp_path / "work", registry=source), None, TODAY)
    assert [state["quiet"] for state in plain["sources"] if state["source"] == "clinic"] == [True]
    assert "its newest row is of" in as_text(plain)


def test_last_time_is_the_live_build(tmp_path: Path) -> None:
    assert previous_counts(None) is None
    (tmp_path / "report.json").write_text(json.dumps({"files": [{"source": "a", "file": "b.csv", "rows": 7}]}))
    assert previous_counts(tmp_path) == {"a": {"b.csv": 7}}


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"files": [{}]}', '{"files": 1}', None])
def test_a_live_report_that_cannot_be_read_is_said(content: str | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "report.json").write_text(content)
    with pytest.raises(StorageFailed, match="report of the live build cannot be read"):
        previous_counts(tmp_path)


def test_the_command_puts_the_live_build_beside_the_extracts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """More rows last time: said, and no reason why these extracts should not be published by themselves."""
    source, folder = clinic(tmp_path / "sources"), extract(tmp_path / "extracts")
    monkeypatch.setenv("FNX_SOURCES", str(source))
    monkeypatch.setenv("FNX_DATA", str(tmp_path / "data"))
    first = CliRunner().invoke(check_command, [str(folder)])
    assert (first.exit_code, "a refresh will refuse" in first.stdout) == (0, False)
    build = tmp_path / "data" / "builds" / "b1"
    build.mkdir(parents=True)
    files = [{"source": "clinic", "file": "patients.csv", "rows": 50}, {"source": "other", "file": "a.csv", "rows": 1}]
    (build / "report.json").write_text(json.dumps({"files": files}))
    os.symlink("builds/b1", tmp_path / "data" / "live")
    run = CliRunner().invoke(check_command, [str(folder), "--full"])
    assert run.exit_code == 0
    assert "50 (-60%)" in run.stdout
    assert "clinic/patients.csv: 20 rows where last time there were 50" in " ".join(run.stdout.split())
    assert "other: loaded last time and missing today" in " ".join(run.stdout.split())
    plain = json.loads(CliRunner().invoke(check_command, [str(folder), "--json"]).stdout)
    assert {(entry["source"], entry["file"]) for entry in plain["refused_by_last_time"]} == {
        ("clinic", "patients.csv"), ("other", ""),
    }  # fmt: skip
    (build / "report.json").write_text("spoilt")
    spoilt = CliRunner().invoke(check_command, [str(folder)])
    assert (spoilt.exit_code, "can be published" in spoilt.stdout) == (0, True)
    assert "report of the live build cannot be read" in spoilt.stderr


@given(st.integers(0, 10**9), st.integers(1, 10**9))
def test_a_share_is_whole_only_where_it_is_whole(part: int, whole: int) -> None:
    part = min(part, whole)
    assert (percent(part, whole) == "100.0 %") == (part == whole)
    assert (percent(part, whole) == "0.0 %") == (part == 0)
    assert (share_of(part / whole) == "100%") == (part / whole == 1)
    assert (share_of(part / whole) == "0%") == (part == 0)
    assert percent(0, 0) == "-"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        for filename, content in reports(Path(made)).items():
            (GOLDEN / filename).write_text(content, encoding="utf-8")
