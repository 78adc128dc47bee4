"""The how-to of docs/adding-a-source.md works as it stands: its files are written out, checked and become people."""

import json
import re
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from graph.errors import DataRefused
from loaders.check import check
from loaders.commands import check_command
from tests.generated_docs import DOCS

PAGE = (DOCS / "adding-a-source.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"```(?:toml|python|csv)\n# (?P<name>[^\n]+)\n(?P<text>.*?)```", re.DOTALL)
FILES = {found["name"]: found["text"] for found in BLOCK.finditer(PAGE)}


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """The extracts and the council's own sources, as the page says."""
    extracts, own = tmp_path / "extracts", tmp_path / "own"
    extracts.mkdir()
    (extracts / "manifest.toml").write_text("as_at = 2026-06-01\ninvented = true\n")
    for name, text in FILES.items():
        folder = own if name.endswith((".py", "source.toml")) else extracts
        path = folder / name.removeprefix("DIR/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return extracts, own


def test_the_page_has_its_blocks() -> None:
    assert set(FILES) == {
        "DIR/council_csv/columns.toml",
        "DIR/council_csv/Family Hub Members.csv",
        "young_carers/source.toml",
        "young_carers/mapping.py",
        "young_carers/members.csv",
        "young_carers/caring.csv",
    }


def test_a_source_of_the_councils_own_is_read_as_the_page_says(folders: tuple[Path, Path], tmp_path: Path) -> None:
    extracts, own = folders
    result = check(extracts, tmp_path / "work", own_sources=own)
    assert result.problems == []
    rows = {
        (table, row["source"], row.get("record_id") or row.get("code")): row
        for table, paths in result.tables.items()
        for path in paths
        for row in pq.read_table(path).to_pylist()
    }
    assert ("person", "young_carers", "1") in rows
    assert ("person", "young_carers", "2") in rows, "above the age limit, and there for the child's sake"
    assert ("person", "young_carers", "3") not in rows, "a date of birth that cannot be"
    assert rows["involvement", "young_carers", "1"]["status"] == "open"
    assert rows["relationship", "young_carers", "PARENT"]["to_record"] == "1"
    assert rows["relationship", "young_carers", "INFORMAL_CARER"]["to_record"] == "2"
    assert rows["person", "council_csv", "2"]["restriction_kind"] == "restricted"
    assert rows["relationship", "council_csv", "PARENT"]["from_record"] == "1"
    assert "not read" not in "".join(map(str, rows.values()))


def test_the_command_reads_it_too(folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    extracts, own = folders
    monkeypatch.setenv("FNX_SOURCES", str(own))
    monkeypatch.setenv("FNX_DATA", str(tmp_path / "data"))
    run = CliRunner().invoke(check_command, [str(extracts), "--json"])
    assert run.exit_code == 0, run.output
    files = {(one["source"], one["file"]): one for one in json.loads(run.stdout)["files"]}
    assert files["young_carers", "members.csv"]["loaded"] == 2
    assert files["young_carers", "members.csv"]["reasons"] == [
        {"column": "dob", "reason": "no such day in the calendar", "rows": 1}
    ]


def test_a_broken_block_would_be_seen(folders: tuple[Path, Path], tmp_path: Path) -> None:
    extracts, own = folders
    path = own / "young_carers" / "source.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('onward_sharing = "', 'onward = "'), encoding="utf-8")
    with pytest.raises(DataRefused, match="onward"):
        check(extracts, tmp_path / "work", own_sources=own)
