"""`flask link` reads a list in the forms people send one in: other encodings and delimiters, zipped, a workbook."""

import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from graph.errors import DataRefused, UsageError
from loaders.linkage.lists import read_list
from tests.workbooks import DAY, number, rows_of, text, texts, workbook

LINES = (
    "id,forename,surname,dob,address\n1,Zoë,Müller,2012-05-12,1 Foo Street\n2,Seán,O’Brien,2011-02-03,2 Foo Street\n"
)
ROWS = [("1", "Zoë", "Müller", "2012-05-12"), ("2", "Seán", "O’Brien", "2011-02-03")]


def people(path: Path, renamed: Mapping[str, str] | None = None) -> list[tuple[Any, ...]]:
    rows = read_list(path, renamed).people.to_pylist()
    return [tuple(row[name] for name in ("record_id", "forename", "surname", "dob_text")) for row in rows]


def encoded(encoding: str) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(LINES.encode(encoding))


def parted(sign: str) -> Callable[[Path], object]:
    return lambda path: path.write_text(LINES.replace(",", sign), encoding="utf-8")


def zipped(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("people.csv", LINES)


def in_a_workbook(path: Path) -> None:
    header = ("id", "forename", "surname", "dob")
    days = [number(serial, DAY) for serial in (41041, 40577)]
    cells = [[*map(text, row[:3]), day] for row, day in zip(ROWS, days, strict=True)]
    workbook(path, {"People": rows_of([*texts([header]), *cells])})


@pytest.mark.parametrize(
    "write",
    [
        *(encoded(name) for name in ("utf-8", "utf-8-sig", "cp1252", "utf-16")),
        *(parted(sign) for sign in (";", "\t", "|")),
        zipped,
        in_a_workbook,
    ],
)
def test_a_list_is_read_in_whatever_form_it_came(tmp_path: Path, write: Callable[[Path], object]) -> None:
    path = tmp_path / "people.csv"
    write(path)
    assert people(path) == ROWS


def test_what_parts_the_cells_is_told_by_renamed_columns_too(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("n1;n2;born\nAnn;Bee;2000-01-02\n", encoding="utf-8")
    found = people(tmp_path / "in.csv", {"n1": "forename", "n2": "surname", "born": "dob"})
    assert found == [("1", "Ann", "Bee", "2000-01-02")]


def test_a_sign_that_nobody_typed_loses_no_row(tmp_path: Path) -> None:
    lines = 'forename,surname,dob\nAnn\x07,Bee,2000-01-02\nDan,"Cee" Ray,2000-01-03\n'
    (tmp_path / "in.csv").write_text(lines, encoding="utf-8")
    assert [row[1:3] for row in people(tmp_path / "in.csv")] == [("Ann", "Bee"), ("Dan", "Cee Ray")]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"forename,surname,dob\nAnn,Bee,2000-01-02\nDan,Cee\n", "line 3: has 2 cells where the header has 3"),
        (b"forename,surname,dob\nAnn,Bee,2000-01-02\nDan,C", "stops in the middle of line 3"),
        (b'forename,surname,dob\n"Ann,Bee,2000-01-02\n', "quote mark opened on line 2 is not closed"),
        (b"\xd0\xcf\x11\xe0old", "Save it as .xlsx"),
        (b"forename,surname,dob\rAnn,Bee,2000-01-02\r", "line 1: holds a line end of CR alone"),
        (b"", "No column of names"),
    ],
)
def test_a_list_that_cannot_be_read_is_refused_and_says_where(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "in.csv").write_bytes(content)
    with pytest.raises((DataRefused, UsageError)) as refused:
        read_list(tmp_path / "in.csv")
    assert says in str(refused.value)
    assert "Ann" not in str(refused.value)
