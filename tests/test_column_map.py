"""A council's own names for files, columns and values: with a map they read as ours do, and a map that is wrong is a
clear problem that names the map.
"""

import csv
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loaders.check import CheckResult, check
from loaders.column_map import folded
from loaders.source import FileSpec, discover
from tests.small_extracts import FIXTURES, council, three_sources, write_csv
from tests.workbooks import rows_of, texts, workbook

SOURCES = ("council_csv", "mosaic", "school_census")


def copied(folder: Path, source: str) -> Path:
    """The small extract of one source, alone."""
    shutil.copytree(FIXTURES / source, council(folder) / source)
    return folder


def standard_rows(result: CheckResult) -> dict[str, list[dict[str, Any]]]:
    return {table: pq.read_table(path).to_pylist() for table, paths in result.tables.items() for path in paths}


def read(path: Path) -> tuple[list[str], list[list[str]]]:
    with path.open(encoding="utf-8", newline="") as lines:
        header, *rows = csv.reader(lines)
    return header, rows


def write(path: Path, header: list[str], rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows([header, *rows])


def as_toml(said: Mapping[str, Mapping[str, Any]]) -> str:
    """A map as a council would write it. JSON's texts are TOML's."""
    lines = []
    for file, parts in said.items():
        lines += [f"[{file}]", f"file = {json.dumps(parts['file'], ensure_ascii=False)}", f"[{file}.columns]"]
        lines += [f"{ours} = {json.dumps(theirs, ensure_ascii=False)}" for ours, theirs in parts["columns"].items()]
        for ours, values in parts["values"].items():
            lines.append(f"[{file}.values.{ours}]")
            lines += [f"{json.dumps(theirs)} = {json.dumps(value)}" for theirs, value in values.items()]
    return "\n".join(lines)


def disguised(path: Path, spec: FileSpec, data: st.DataObject) -> dict[str, Any]:
    """Give a file and its columns other names, and one column of few values other values; what stands for what."""
    header, rows = read(path)
    kept = [name for name in header if name not in spec.never_read]
    strange = data.draw(st.booleans(), "names of their own, or ours in another order")
    made = st.text(st.sampled_from("abcdeÄß %/-"), min_size=1, max_size=6).map(lambda text: f"x {text} y")
    names = st.lists(made, min_size=len(kept), max_size=len(kept), unique_by=str.casefold)
    theirs = data.draw(names if strange else st.permutations(kept), "their names")
    columns = dict(zip(kept, theirs, strict=True))
    place = data.draw(st.integers(0, len(header) - 1), "the column with other values")
    found = sorted({row[place].strip() for row in rows if len(row) == len(header)})
    values = {}
    if header[place] in columns and 0 < len({one.casefold() for one in found}) == len(found) < 6:
        values[header[place]] = {f"code {number}": value for number, value in enumerate(found)}
        codes = {value: code for code, value in values[header[place]].items()}
        for row in rows:
            if len(row) == len(header):
                row[place] = codes[row[place].strip()]
    write(path.with_name(f"Their {path.name}"), [columns.get(name, name) for name in header], rows)
    path.unlink()
    return {"file": f"THEIR {path.name}", "columns": columns, "values": values}


@given(st.data(), st.sampled_from(SOURCES))
@settings(deadline=None, max_examples=10, suppress_health_check=[HealthCheck.too_slow])
def test_an_extract_with_its_map_is_the_extract_with_our_names(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, source: str
) -> None:
    root = tmp_path_factory.mktemp("map")
    extracts = copied(root / "extracts", source)
    before = check(extracts, root / "before")
    specs = {spec.name: spec for spec in discover()[source].files}
    said = {}
    for path in sorted((extracts / source).glob("*.csv")):
        known = {column.casefold() for column in specs[path.stem].columns}
        found = disguised(path, specs[path.stem], data)
        found["columns"] = {ours: name for ours, name in found["columns"].items() if ours.casefold() in known}
        found["values"] = {ours: values for ours, values in found["values"].items() if ours.casefold() in known}
        said[path.stem] = found
    (extracts / source / "columns.toml").write_text(as_toml(said), "utf-8")
    after = check(extracts, root / "after")
    assert [str(problem) for problem in after.problems] == [str(problem) for problem in before.problems]
    assert standard_rows(after) == standard_rows(before)
    assert [(one.file, one.rows, one.loaded) for one in after.files] == [
        (one.file, one.rows, one.loaded) for one in before.files
    ]
    assert after.quarantine.read_bytes() == before.quarantine.read_bytes()
    shutil.rmtree(root)


# --- wrong maps ---------------------------------------------------------------------------------------------------

PEOPLE = "person_id,forename,surname,restricted"
WRONG: dict[str, tuple[str, str]] = {
    "a file nobody knows": ("[poeple]", "[poeple] is no file of council_csv. Its files: people"),
    "a column nobody knows": ('[people.columns]\nfornames = "A"', "fornames is no column of ours. Ours: person_id"),
    "values of a column nobody knows": ('[people.values.gendre]\nA = "B"', "gendre is no column of ours"),
    "a part nobody knows": ("[people.colums]", "colums is not known. Known: file, columns, values"),
    "a number for a name": ("[people.columns]\nforename = 3", "forename must be text between quote marks"),
    "a number for a value": ("[people.values.sex]\nA = 3", "[people.values.sex] must be text"),
    "a text for a table": ('people = "x"', "[people] must be a table"),
    "not TOML": ("[people", "is not valid TOML"),
    "a file elsewhere": ('[people]\nfile = "../people.csv"', "without a folder"),
    "a file that is not there": ('[people]\nfile = "List.csv"', "Add it to the extract as 'List.csv', or mend the"),
    "a column that is not there": (
        '[people.columns]\nforename = "Given"',
        "columns.toml says forename = 'Given', and the header has no such column",
    ),
}


def one_list(folder: Path, header: str = PEOPLE, rows: tuple[str, ...] = ("1", "Ada", "Testford", "N")) -> Path:
    write_csv(council(folder) / "council_csv" / "people.csv", header, [rows])
    return folder


@pytest.mark.parametrize(("said", "reason"), WRONG.values(), ids=WRONG)
def test_a_map_that_is_wrong_is_a_problem_that_names_the_map(tmp_path: Path, said: str, reason: str) -> None:
    extracts = one_list(tmp_path / "extracts")
    assert not check(extracts, tmp_path / "before").problems
    (extracts / "council_csv" / "columns.toml").write_text(said)
    (problem,) = check(extracts, tmp_path / "work").problems
    assert problem.source == "council_csv"
    assert reason in problem.message
    assert "columns.toml" in problem.message or "column map" in problem.message
    assert "\n" not in problem.message


@pytest.mark.parametrize("name", ["adoptedLINKEDpersonID", "Adopted Linked Person-ID"])
def test_a_map_may_not_read_what_nobody_may_read(tmp_path: Path, name: str) -> None:
    extracts = three_sources(tmp_path / "extracts")
    (extracts / "lcs" / "columns.toml").write_text(f'[isperson.columns]\nAliasInfo = "{name}"')
    (problem,) = check(extracts, tmp_path / "work").problems
    assert f"AliasInfo is to be read from {name}, which nobody may read" in problem.message


def test_no_two_columns_of_a_file_differ_only_in_the_signs_between_their_words() -> None:
    """Else one of them could be read for the other, or what nobody may read for what is read."""
    for spec in (spec for source in discover().values() for spec in source.files):
        names = [folded(name) for name in {*spec.columns, *spec.never_read}]
        assert len(names) == len(set(names)), spec.name


def test_a_column_the_council_does_not_supply_is_not_read_under_its_name(tmp_path: Path) -> None:
    extracts = one_list(tmp_path / "extracts", PEOPLE + ",upn", ("1", "Ada", "Testford", "N", "Z999000000001"))
    before = check(extracts, tmp_path / "before")
    assert "upn" in before.dropped.read_text("utf-8")
    (extracts / "council_csv" / "columns.toml").write_text('[people.columns]\nupn = ""')
    after = check(extracts, tmp_path / "after")
    assert not after.problems
    assert "upn" not in after.dropped.read_text("utf-8")


def test_one_list_may_stand_for_two_of_our_files_and_be_a_workbook(tmp_path: Path) -> None:
    folder = council(tmp_path / "extracts") / "council_csv"
    folder.mkdir()
    header = ["Ref", "Given name", "Family", "Protected?", "Open to", "Since", "Until"]
    rows = [["7", "Ada", "Testford", "no", "Early Help Hub", "03/02/2025", ""]]
    workbook(folder / "Client list.xlsx", {"Sheet1": rows_of(texts([header, *rows]))})
    (folder / "columns.toml").write_text("""
        people.file = "Client list.xlsx"
        involvements.file = "Client list.xlsx"
        [people.columns]
        person_id = "Ref"
        forename = "Given name"
        surname = "Family"
        restricted = "Protected?"
        [involvements.columns]
        involvement_id = "Ref"
        person_id = "Ref"
        service = "Open to"
        start_date = "Since"
        end_date = "Until"
        [involvements.values.service]
        "early help hub" = "Early help"
    """)
    result = check(folder.parent, tmp_path / "work")
    assert [str(problem) for problem in result.problems] == []
    (spell,) = standard_rows(result)["involvement"]
    assert (spell["record_id"], spell["service_id"], str(spell["start"])) == ("7", "early_help", "2025-02-03")
    assert spell["source_row"] == "involvements.csv:2"


def test_a_map_may_lie_with_the_council_s_own_sources_and_the_extract_s_own_comes_first(tmp_path: Path) -> None:
    extracts = one_list(tmp_path / "extracts", "Ref,forename,surname,restricted")
    own = tmp_path / "own"
    (own / "council_csv").mkdir(parents=True)
    (own / "council_csv" / "columns.toml").write_text('[people.columns]\nperson_id = "Ref"')
    assert not check(extracts, tmp_path / "one", own_sources=own).problems
    (extracts / "council_csv" / "columns.toml").write_text('[people.columns]\nperson_id = "Number"')
    (problem,) = check(extracts, tmp_path / "two", own_sources=own).problems
    assert "person_id = 'Number'" in problem.message
