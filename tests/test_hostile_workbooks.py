"""Workbooks made to fill the memory, to bring the reader down or to hide rows from one of the two readers: each is
refused in one line before the library that would hold it opens it.
"""

import time
import tracemalloc
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from loaders.opening import open_table
from loaders.reading import FileRefused
from tests.workbooks import letters, number, rows_of, texts, workbook

HEADER = rows_of(texts([["a", "b"]]))
LAST = f'<row r="1048576"><c r="A1048576" {number(1)}</c></row>'


def cell(place: str, row: int = 2) -> str:
    return f'{HEADER}<row r="{row}"><c r="{place}" {number(1)}</c></row>'


Sheet = str | Mapping[str, str | bytes]

SHEETS: dict[str, tuple[Sheet, str]] = {
    "a cell in the furthest corner": (cell("XFD1048576", 1_048_576), "more than 702 columns"),
    "a wide and long sheet": (cell("ZZ1048576", 1_048_576), "more than 12,000,000 cells"),
    "a cell beyond every row": (cell("A9999999", 9_999_999), "more than 12,000,000 cells"),
    "a cell beyond every number": (cell("A4000000000"), "do not say where they stand"),
    "a cell that says it stands in another row": (
        f'{HEADER}<row r="2"><c r="A2" {number(1)}</c><c r="A900000" {number(1)}</c></row>',
        "stand in several",
    ),
    "cells that do not say where they stand": (f"{HEADER}<row><c {number(1)}</c></row>", "do not say where they stand"),
    "a place in another namespace": (
        f'{HEADER}<row r="2"><c x:r="A2" r="XFD1048576" {number(1)}</c></row>',
        "more than 702 columns",
    ),
    "a blank text in the furthest corner": (
        {
            "xl/sharedStrings.xml": "<sst><si/></sst>",
            "xl/worksheets/sheet1.xml": '<row r="1048576"><c r="XFD1048576" t="s"><v>0</v></c></row>',
        },
        "more than 702 columns",
    ),
    "a row hidden in character data": (f"{HEADER}<![CDATA[</row>]]>", "not written as a spreadsheet writes one"),
    "a comment": (f"{HEADER}<!-- rows -->", "not written as a spreadsheet writes one"),
    "columns without end": (rows_of(texts([[letters(n) for n in range(1, 1_000)]])), "more than 702 columns"),
    "a row without end": (HEADER + "<row>" + "<x>1</x>" * 600_000, "longer than 4 MB"),
    "a sheet full to its last row": (HEADER + LAST, "rows are probably missing"),
    "nothing": ("", "the sheet is empty"),
    "another alphabet": ({"xl/worksheets/sheet1.xml": "<worksheet/>".encode("utf-16")}, "not written as a spreadsheet"),
    "a declared entity": (
        {"xl/workbook.xml": '<!DOCTYPE x [<!ENTITY a "b">]><workbook/>'},
        "list of sheets is not as a spreadsheet writes one",
    ),
    "a list of sheets that is none": ({"xl/workbook.xml": "<workbook>"}, "list of sheets is damaged"),
    "no sheets": ({"xl/workbook.xml": "<workbook/>"}, "holds no sheet"),
    "another list of sheets": ({"_rels/.rels": "<Relationships/>"}, "holds no list of its sheets"),
    "texts without end": ({"xl/sharedStrings.xml": "<sst><si><t>" + " " * 40_000_000}, "expand more than 200 times"),
    "a sheet that is no sheet": ({"xl/styles.xml": "<styleSheet"}, "cannot be read as an Excel workbook"),
}


@pytest.mark.parametrize(("sheet", "reason"), SHEETS.values(), ids=SHEETS)
def test_a_workbook_made_to_harm_is_refused_in_a_line(tmp_path: Path, sheet: Sheet, reason: str) -> None:
    rows, parts = (sheet, None) if isinstance(sheet, str) else (HEADER, sheet)
    path = workbook(tmp_path / "people.xlsx", {"S": rows}, parts)
    began = time.monotonic()
    tracemalloc.start()
    try:
        with pytest.raises(FileRefused, match=reason) as refused:
            read(path)
        assert "\n" not in str(refused.value)
        assert tracemalloc.get_traced_memory()[1] < 40_000_000
    finally:
        tracemalloc.stop()
    assert time.monotonic() - began < 10


def read(path: Path) -> None:
    table = open_table(path)
    table.survey()
    list(table.records())


def test_a_workbook_that_names_a_part_twice_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "people.xlsx", {"S": HEADER})
    with zipfile.ZipFile(path, "a") as archived, pytest.warns(UserWarning, match="Duplicate name"):
        archived.writestr("xl/worksheets/sheet1.xml", "<worksheet/>")
    with pytest.raises(FileRefused, match="names a file twice"):
        open_table(path)


def test_an_ordinary_workbook_is_read(tmp_path: Path) -> None:
    """The control: nothing but the harm is refused."""
    read(workbook(tmp_path / "people.xlsx", {"S": HEADER + rows_of(texts([["1", "2"]]), 2)}))
    read(workbook(tmp_path / "wide.xlsx", {"S": rows_of(texts([[letters(n) for n in range(1, 703)]]))}))
    far = f'{HEADER}<row r="900000"><c r="A900000" {number(1)}</c></row>'
    read(workbook(tmp_path / "long.xlsx", {"S": far}))
