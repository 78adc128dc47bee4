"""Bad files and bad rows: each is refused or quarantined with file, line, column and reason, and no row is ever lost.

The corpus is fixtures/sources with one thing broken at a time.
"""

import csv
import io
import re
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loaders.check import CheckResult, check
from loaders.opening import open_table
from loaders.reading import MAX_RECORD_LINES, Fault, FileRefused, Record
from tests.small_extracts import three_sources

FIXTURES = Path(__file__).parent.parent / "fixtures" / "sources"
PEOPLE = "mosaic/dm_persons.csv"
HEADER = "PERSON_ID,FIRST_NAME,LAST_NAME,DATE_OF_BIRTH,GENDER,RESTRICTED"
GOOD = ["1,Ada,Testford,2001-02-03,F,N", "2,Ben,Testford,1999-08-07,M,N"]

Break = Callable[[bytes], bytes]


@pytest.fixture
def extracts(tmp_path: Path) -> Path:
    return three_sources(tmp_path / "extracts")


def quarantined(result: CheckResult) -> list[tuple[str, int, str, str]]:
    """(file, line, column, reason) of every row in quarantine."""
    with result.quarantine.open(encoding="utf-8", newline="") as lines:
        return [(row["file"], int(row["line"]), row["column"], row["reason"]) for row in csv.DictReader(lines)]


def reconcile(result: CheckResult) -> None:
    with result.quarantine.open(encoding="utf-8", newline="") as lines:
        listed = Counter((row["source"], row["file"]) for row in csv.DictReader(lines))
    refused = {(problem.source, problem.file) for problem in result.problems}
    for report in result.files:
        assert report.rows == report.loaded + report.quarantined, report
        if (report.source, report.file) not in refused:
            assert report.quarantined == listed[report.source, report.file], report


def replaced(old: bytes, new: bytes) -> Break:
    def change(content: bytes) -> bytes:
        assert old in content
        return content.replace(old, new, 1)

    return change


def line_changed(number: int, change: Break) -> Break:
    def apply(content: bytes) -> bytes:
        lines = content.split(b"\n")
        lines[number - 1] = change(lines[number - 1])
        return b"\n".join(lines)

    return apply


REFUSED: dict[str, tuple[Break, str]] = {
    "a column missing": (replaced(b",GENDER,", b",SEX,"), "no column GENDER"),
    "the restriction column missing": (replaced(b",RESTRICTED,", b",SECRET,"), "no column RESTRICTED"),
    "a column twice": (replaced(b",TITLE,", b",GENDER,"), "names GENDER twice"),
    "no header": (lambda content: content.split(b"\n", 1)[1], "line 1 is not the header"),
    "empty": (lambda content: b"", "the file is empty"),
    "blank lines only": (lambda content: b"\n\r\n\n", "the file is empty"),
    "no rows": (lambda content: content.split(b"\n")[0] + b"\n", "holds 0 rows"),
    "UTF-16 without a mark": (lambda content: content.decode().encode("utf-16-le"), "without a byte order mark"),
    "CR line ends": (lambda content: content.replace(b"\n", b"\r"), "CR alone"),
    "an open quote": (line_changed(5, replaced(b"Chantelle", b'"Chantelle')), "opened on line 5"),
    "an open quote on the last line": (line_changed(14, replaced(b"1975-04-05", b'"1975-04-05')), "opened on line 14"),
    "two stray quotes that swallow rows": (
        lambda content: content.replace(b",Baby,", b',"Baby,').replace(b",Pauline,", b',Pauline",'),
        "opened on line 4",
    ),
    "quotes that two readers understand differently": (
        line_changed(5, replaced(b"Chantelle Testford,Ms", b'"Chantelle"x,"Ms')),
        "two ways of counting its rows disagree",
    ),
    "cut off in the middle of a line": (lambda content: content.rstrip()[:-20], "stops in the middle of line"),
    "nothing said of restrictions": (
        lambda content: re.sub(rb",[YN],([ABC]),", rb",,\1,", content),
        "says of nobody",
    ),
    "dates with the month first": (
        lambda content: re.sub(rb"(?<=,)(\d{4})-(\d\d)-(\d\d)(?=,)", rb"\2/\3/\1", content),
        "with the month before the day",
    ),
    "a column twice in other signs": (
        replaced(b",TITLE,FIRST_NAME,", b",First Name,First-Name,"), "names FIRST_NAME twice",
    ),
    "every row ragged": (
        lambda content: content.split(b"\n")[0] + b"\n" + b"1,2,3\n" * 5,
        "5 of its 5 rows could not be loaded",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("break_file", "reason"), REFUSED.values(), ids=REFUSED)
def test_a_bad_file_stops_the_publish_and_says_why(
    extracts: Path, tmp_path: Path, break_file: Break, reason: str
) -> None:
    path = extracts / PEOPLE
    path.write_bytes(break_file(path.read_bytes()))
    result = check(extracts, tmp_path / "work")
    problem = next(problem for problem in result.problems if problem.file == "dm_persons.csv")
    assert reason in problem.message
    assert str(problem).startswith("mosaic/dm_persons.csv: ")
    assert "Testford" not in problem.message
    reconcile(result)


def test_a_folder_in_the_place_of_a_file_is_a_problem_of_that_file(extracts: Path, tmp_path: Path) -> None:
    (extracts / PEOPLE).unlink()
    (extracts / PEOPLE).mkdir()
    assert [str(problem) for problem in check(extracts, tmp_path / "work").problems] == [
        "mosaic/dm_persons.csv: it is not a file. Replace it with the extract.",
    ]


ROWS: dict[str, tuple[str, str, str]] = {
    "too few cells": ("3,Cora,Testford", "", "has 3 cells where the header has 6"),
    "too many cells": ("3,Cora,Testford,2001-02-03,F,N,extra", "", "has 7 cells"),
    "a NUL": ("3,Co\0ra,Testford,2001-02-03,F,N", "", "control character"),
    "an escape": ("3,Co\x1bra,Testford,2001-02-03,F,N", "", "control character"),
    "text that runs backwards": ("3,Co\u202era,Testford,2001-02-03,F,N", "", "control character"),
    "a stray CR": ("3,Co\rra,Testford,2001-02-03,F,N", "", "CR alone"),
    "a line over 1 MB": (f"3,{'x' * 1_100_000},Testford,2001-02-03,F,N", "", "longer than 1 MB"),
    "quotes not doubled": ('3,"The "Old" one",Testford,2001-02-03,F,N', "", "not doubled"),
    "an id met before": ("1,Cora,Testford,2001-02-03,F,N", "PERSON_ID", "earlier line"),
    "no id": (",Cora,Testford,2001-02-03,F,N", "PERSON_ID", "no id"),
    "nothing but delimiters": (" ,,,, ,", "", "a row of empty cells"),
    "the header again": (HEADER, "", "the header row again"),
    "a line of dashes": ("---------,----------,---------,-------------,------,----------", "", "a line of dashes"),
    "the null key": ("-1,Cora,Testford,2001-02-03,F,N", "PERSON_ID", "no id"),
    "a day that does not exist": ("3,Cora,Testford,2001-02-31,F,N", "DATE_OF_BIRTH", "no such day"),
    "a date that is none": ("3,Cora,Testford,in May,F,N", "DATE_OF_BIRTH", "not a date"),
    "a date before 1900": ("3,Cora,Testford,1805-02-03,F,N", "DATE_OF_BIRTH", "before 1900"),
    "year one": ("3,Cora,Testford,0001-02-03,F,N", "DATE_OF_BIRTH", "before 1900"),
    "a birth in the future": ("3,Cora,Testford,2026-06-02,F,N", "DATE_OF_BIRTH", "future"),
}


@pytest.mark.parametrize(("row", "column", "reason"), ROWS.values(), ids=ROWS)
def test_a_bad_row_is_quarantined_and_the_load_goes_on(
    extracts: Path, tmp_path: Path, row: str, column: str, reason: str
) -> None:
    content = "\n".join([HEADER, *GOOD, row, "4,Dan,Testford,2002-03-04,M,N", ""])
    (extracts / PEOPLE).write_bytes(content.encode())
    # Accepted: of a line too short or too long nobody can tell whom it restricts (tests/test_unread.py).
    result = check(extracts, tmp_path / "work", accept={"mosaic"})
    found = [entry for entry in quarantined(result) if entry[0] == "dm_persons.csv"]
    assert len(found) == 1
    assert found[0][:3] == ("dm_persons.csv", 4, column)
    assert reason in found[0][3]
    assert "Testford" not in result.quarantine.read_text("utf-8")
    report = next(report for report in result.files if report.file == "dm_persons.csv")
    assert (report.rows, report.loaded, report.quarantined) == (4, 3, 1)
    assert not [problem for problem in result.problems if problem.file == "dm_persons.csv"]
    reconcile(result)


def test_rows_that_are_none_are_not_held_against_the_file(extracts: Path, tmp_path: Path) -> None:
    """A spreadsheet saved with a thousand formatted, empty rows below the last one."""
    path = extracts / PEOPLE
    path.write_bytes(path.read_bytes() + (b"," * 18 + b"\n") * 40)
    result = check(extracts, tmp_path / "work")
    assert not result.problems
    report = next(report for report in result.files if report.file == "dm_persons.csv")
    assert report.quarantined == 41
    assert [entry[3] for entry in quarantined(result)].count("a row of empty cells") == 40
    reconcile(result)


@pytest.mark.parametrize(
    "change",
    [
        lambda content: b"\xef\xbb\xbf" + content,
        lambda content: content.replace(b"\n", b"\r\n"),
        lambda content: content.rstrip(b"\n"),
        lambda content: content + b"\n\n",
        lambda content: content.replace(b"PERSON_ID", b"person_id"),
        lambda content: content.replace(b"PERSON_ID", b"Person ID").replace(b"DATE_OF_BIRTH", b"Date-of-Birth"),
        lambda content: content.replace(b"Maisie Testford", b'"Maisie\n\nTestford, called ""Mai"""', 1),
    ],
    ids=[
        "byte order mark",
        "CRLF",
        "no last line end",
        "blank lines",
        "small letters",
        "other signs between words",
        "line breaks in a value",
    ],
)
def test_harmless_differences_change_nothing(extracts: Path, tmp_path: Path, change: Break) -> None:
    before = check(extracts, tmp_path / "before")
    path = extracts / PEOPLE
    path.write_bytes(change(path.read_bytes()))
    after = check(extracts, tmp_path / "after")
    assert not after.problems
    assert after.files == before.files


def test_a_case_note_is_dropped_and_the_extra_column_reported(extracts: Path, tmp_path: Path) -> None:
    path = extracts / PEOPLE
    lines = path.read_text("utf-8").splitlines()
    noted = [lines[0] + ",case_note", *(line + ",SECRETNOTE" for line in lines[1:])]
    path.write_text("\n".join(noted) + "\n", "utf-8")
    result = check(extracts, tmp_path / "work")
    assert not result.problems
    assert any(note.file == "dm_persons.csv" and "columns ignored" in note.message for note in result.notes)
    for file in (file for file in (tmp_path / "work").rglob("*") if file.is_file()):
        assert b"SECRETNOTE" not in file.read_bytes()


def test_a_quote_never_closed_is_found_without_reading_the_file_into_memory(tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    path.write_text('a,b\n1,"open\n' + "2,x\n" * (MAX_RECORD_LINES * 3))
    with pytest.raises(FileRefused, match="line 2"):
        list(open_table(path).records())


RAW = '{"ROOM":"","FLAT":"2","STREET":"Elm, Row"}'


@pytest.mark.parametrize(
    ("header", "row", "cells"),
    [
        ("id,address", "1," + RAW, ["1", RAW]),
        ("id,ADDRESS", '1,"{""FLAT"":""2"",""X"":1}"', ["1", '{"FLAT":"2","X":1}']),
        ("id,address", "1,a,b", ["1", "a,b"]),
        ("id,address", '"1,2",3', ["1,2", "3"]),
        ("id,address", "1,", ["1", ""]),
    ],
)
def test_a_last_column_may_be_written_raw_where_its_source_says_so(
    tmp_path: Path, header: str, row: str, cells: list[str]
) -> None:
    path = tmp_path / "raw.csv"
    path.write_text(f"{header}\n{row}\n{row}\n")
    table = open_table(path, tail="address")
    assert [one.cells for one in table.records() if isinstance(one, Record)][1:] == [cells, cells]
    assert table.survey() == 2


def test_elsewhere_a_cell_too_many_is_a_fault_as_ever(tmp_path: Path) -> None:
    path = tmp_path / "raw.csv"
    path.write_text(f"id,address,town\n1,{RAW},Testbury\n")
    for tail in ("address", ""):
        assert isinstance(list(open_table(path, tail=tail).records())[1], Fault)


def test_a_header_of_a_million_columns_is_refused_in_a_line(extracts: Path, tmp_path: Path) -> None:
    for columns, reason in ((1_000_000, "line longer than 1 MB"), (100_000, "names 100,001 columns")):
        (extracts / PEOPLE).write_text(HEADER + "," + ",".join(map(str, range(columns - 5))) + "\n")
        found = check(extracts, tmp_path / f"work-{columns}")
        (told,) = (problem.message for problem in found.problems if problem.file == "dm_persons.csv")
        assert reason in told
        assert len(told) < 200


def written(rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def safe_text() -> st.SearchStrategy[str]:
    controls = st.characters(exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp"))
    return st.text(controls | st.sampled_from(['"', ",", " "]), max_size=12)


@given(
    st.integers(2, 5).flatmap(lambda width: st.lists(st.lists(safe_text(), min_size=width, max_size=width), min_size=1))
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_what_a_csv_writer_writes_is_read_back_whole(tmp_path: Path, rows: list[list[str]]) -> None:
    path = tmp_path / "round.csv"
    path.write_bytes(written(rows))
    found = list(open_table(path).records())
    assert [record.cells for record in found if isinstance(record, Record)] == rows
    assert open_table(path).survey() == len(rows) - 1


def pieces() -> st.SearchStrategy[bytes]:
    texts = st.sampled_from(
        [b'"', b",", b"\n", b"\r\n", b"\r", b'""', b"a", b"\0", b"\xff", "é".encode(), b"2001-02-03"]
    )
    return st.lists(texts | st.binary(max_size=3), max_size=40).map(b"".join)


@given(pieces())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=400)
def test_any_bytes_are_records_faults_or_a_refusal(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "any.csv"
    path.write_bytes(content)
    try:
        counted = open_table(path).survey()
        found = list(open_table(path).records())
    except FileRefused:
        return
    lines = [one.line for one in found]
    assert lines == sorted(set(lines))
    assert all(isinstance(one, Record | Fault) for one in found)
    assert counted <= len(found)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("any") / "extracts"
    (folder / "mosaic").mkdir(parents=True)
    shutil.copy(FIXTURES / "manifest.toml", folder)
    for name in ("dm_personal_rel_types.csv", "dm_personal_relationships.csv"):
        shutil.copy(FIXTURES / "mosaic" / name, folder / "mosaic")
    return folder


@given(pieces())
@settings(deadline=None, max_examples=40)
def test_any_bytes_for_a_file_of_people_never_crash_a_check_and_always_reconcile(shared: Path, content: bytes) -> None:
    (shared / PEOPLE).write_bytes("\n".join([HEADER, *GOOD, ""]).encode() + content)
    result = check(shared, shared.parent / "work")
    reconcile(result)
    shutil.rmtree(shared.parent / "work")
