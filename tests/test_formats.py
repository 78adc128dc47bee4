"""The same extract in every form a council may hand it over in is the same extract; archives and workbooks made to
harm are refused in one clear line, quickly, and without filling the memory.
"""

import csv
import gzip
import io
import re
import shutil
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loaders import archive
from loaders.check import CheckResult, check
from loaders.clean import placeholders
from loaders.opening import open_table
from loaders.reading import Fault, FileRefused, Record
from tests.small_extracts import council, people, three_sources
from tests.workbooks import DAY, MOMENT, flag, formula, number, rows_of, text, texts, workbook

PEOPLE = "mosaic/dm_persons.csv"
Reshape = Callable[[Path], None]


def standard_rows(result: CheckResult) -> dict[str, list[dict[str, Any]]]:
    """Every standard row, without the day it was read."""
    return {str(path.name): pq.read_table(path).to_pylist() for paths in result.tables.values() for path in paths}


def recoded(encoding: str) -> Reshape:
    def reshape(path: Path) -> None:
        path.write_bytes(path.read_text("utf-8").encode(encoding))

    return reshape


def zipped(name: str) -> Reshape:
    def reshape(path: Path) -> None:
        with zipfile.ZipFile(path.with_name(name), "w", zipfile.ZIP_DEFLATED) as packed:
            packed.write(path, path.name)
        path.unlink()

    return reshape


def gzipped(path: Path) -> None:
    path.with_name(path.name + ".gz").write_bytes(gzip.compress(path.read_bytes()))
    path.unlink()


def parted(sign: str, name: str) -> Reshape:
    def reshape(path: Path) -> None:
        rows = list(csv.reader(path.read_text("utf-8").splitlines(keepends=True)))
        path.unlink()
        with path.with_name(name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=sign).writerows(rows)

    return reshape


def excel(sheet: str, others: tuple[str, ...] = ()) -> Reshape:
    def reshape(path: Path) -> None:
        rows = list(csv.reader(path.read_text("utf-8").splitlines(keepends=True)))
        path.unlink()
        sheets = {other: rows_of(texts([["nothing"]])) for other in others} | {sheet: rows_of(texts(rows))}
        workbook(path.with_suffix(".xlsx"), sheets)

    return reshape


def excel_called_csv(path: Path) -> None:
    excel("Export")(path)
    shutil.move(path.with_suffix(".xlsx"), path)


def turned_round(path: Path) -> None:
    path.write_bytes(b"\xfe\xff" + path.read_text("utf-8").encode("utf-16-be"))


def renamed(name: str) -> Reshape:
    def reshape(path: Path) -> None:
        shutil.move(path, path.with_name(name))

    return reshape


FORMS: dict[str, tuple[Reshape, str]] = {
    "UTF-8 with a byte order mark": (recoded("utf-8-sig"), ""),
    "UTF-16": (recoded("utf-16"), "read as UTF-16"),
    "UTF-16, the other way round": (turned_round, "read as UTF-16"),
    "Windows-1252": (recoded("cp1252"), "read as Windows-1252"),
    "zip": (zipped("dm_persons.zip"), ""),
    "csv.zip": (zipped("dm_persons.csv.zip"), ""),
    "gzip": (gzipped, ""),
    "semicolons": (parted(";", "dm_persons.csv"), "read with semicolons between the cells"),
    "tabs": (parted("\t", "dm_persons.tsv"), "read with tabs between the cells"),
    "vertical bars": (parted("|", "dm_persons.csv"), "read with vertical bars between the cells"),
    "txt": (renamed("dm_persons.txt"), ""),
    "capital letters": (renamed("DM_Persons.CSV"), ""),
    "Excel, the first sheet": (excel("Export"), ""),
    "Excel, the sheet named as the file": (excel("DM_PERSONS", ("Read me",)), "sheets not read"),
    "an Excel workbook called csv": (excel_called_csv, ""),
}


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> CheckResult:
    """The extract as it was sent."""
    root = tmp_path_factory.mktemp("before")
    return check(three_sources(root / "extracts"), root / "work")


@pytest.mark.parametrize(("reshape", "note"), FORMS.values(), ids=FORMS)
def test_the_same_extract_in_another_form_is_the_same_extract(
    tmp_path: Path, before: CheckResult, reshape: Reshape, note: str
) -> None:
    extracts = three_sources(tmp_path / "extracts")
    reshape(extracts / PEOPLE)
    after = check(extracts, tmp_path / "after")
    assert [str(problem) for problem in after.problems] == []
    assert after.files == before.files
    assert standard_rows(after) == standard_rows(before)
    assert after.quarantine.read_bytes() == before.quarantine.read_bytes()
    said = {one.message for one in after.notes} - {one.message for one in before.notes}
    assert [one.startswith(note) for one in said] == ([True] if note else [])


@pytest.mark.parametrize("nothing", sorted(placeholders.exact("cells")))
def test_what_a_program_writes_for_an_empty_cell_is_an_empty_cell(
    tmp_path: Path, before: CheckResult, nothing: str
) -> None:
    extracts = three_sources(tmp_path / "extracts")
    for path in extracts.glob("*/*.csv"):
        header, *rows = csv.reader(path.read_text("utf-8").splitlines(keepends=True))
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *([cell.strip() or nothing for cell in row] for row in rows)])
    after = check(extracts, tmp_path / "after")
    assert [str(problem) for problem in after.problems] == []
    assert standard_rows(after) == standard_rows(before)


def test_whole_numbers_that_a_program_took_for_floats_are_whole_numbers(tmp_path: Path, before: CheckResult) -> None:
    extracts = three_sources(tmp_path / "extracts")
    for path in extracts.glob("*/*.csv"):
        text = path.read_text("utf-8")
        path.write_text(re.sub(r"(?<=[,\n])(-?[1-9]\d{0,9}|0)(?=[,\n])", r"\1.0", text), "utf-8")
    assert "101.0" in (extracts / PEOPLE).read_text()
    after = check(extracts, tmp_path / "after")
    assert standard_rows(after) == standard_rows(before)


def test_of_two_forms_of_one_file_the_first_is_read_and_the_other_told(tmp_path: Path, before: CheckResult) -> None:
    extracts = three_sources(tmp_path / "extracts")
    (extracts / "mosaic" / "dm_persons.txt").write_text("nonsense")
    after = check(extracts, tmp_path / "after")
    assert after.files == before.files
    assert any(note.source == "mosaic" and "files ignored" in note.message for note in after.notes)


# --- encodings ----------------------------------------------------------------------------------------------------

MIXED: dict[str, tuple[bytes, str]] = {
    "UTF-8 above Windows-1252": ("a,b\nZoë,1\n".encode() + b"Zo\xeb,2\n", "line 3 is not UTF-8 and line 2 is"),
    "Windows-1252 above UTF-8": (b"a,b\nZo\xeb,1\nAda,2\n" + "Siân,3\n".encode(), "line 2 is not UTF-8 and line 4 is"),
    "bytes of neither": (b"a,b\nZo\x81,1\n", "line 2 is neither UTF-8 nor Windows-1252"),
    "half a UTF-16 character": ("a,b\nc,d\n".encode("utf-16") + b"x", "not UTF-16 throughout"),
    "half a UTF-16 pair": ("a,b\n".encode("utf-16") + b"\x00\xd8\n\x00", "not UTF-16 throughout"),
}


@pytest.mark.parametrize(("content", "reason"), MIXED.values(), ids=MIXED)
def test_two_encodings_in_one_file_are_refused_by_their_lines(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(content)
    with pytest.raises(FileRefused, match=reason):
        list(open_table(path).records())


@given(st.lists(st.text(st.sampled_from("Zoë Siân ÓNéillÿ"), min_size=1, max_size=9), min_size=1))
@settings(deadline=None)
def test_windows_1252_is_read_as_what_was_written(tmp_path_factory: Any, names: list[str]) -> None:
    """Of these letters no two after each other are valid UTF-8 by accident."""
    path = tmp_path_factory.mktemp("encoding") / "people.csv"
    with path.open("w", encoding="cp1252", newline="") as file:
        csv.writer(file).writerows([["name", "number"], *([name, "1"] for name in names)])
    found = [record.cells[0] for record in open_table(path).records() if isinstance(record, Record)]
    assert found == ["name", *names]


@pytest.mark.parametrize(
    ("header", "sign"),
    [
        ("id;name", ";"),
        ("id\tname", "\t"),
        ("I D|Name", "|"),
        ("id,name;of", ","),
        ("id,x", ","),
        ('"id,of";name', ";"),
        ("other;id", ";"),
    ],
)
def test_the_header_says_what_parts_the_cells(tmp_path: Path, header: str, sign: str) -> None:
    path = tmp_path / "people.csv"
    path.write_text(header + "\n")
    (first,) = open_table(path, {"id", "name"}).records()
    assert isinstance(first, Record)
    assert first.cells == next(csv.reader([header], delimiter=sign))


# --- archives -----------------------------------------------------------------------------------------------------


def packed(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archived:
        for name, content in members.items():
            archived.writestr(name, content)
    return file.getvalue()


def patched(content: bytes, field: int, value: bytes) -> bytes:
    """An archive whose list of members has other bytes at a place of its first entry."""
    start = content.rindex(b"PK\x01\x02") + field
    return content[:start] + value + content[start + len(value) :]


PLAIN = packed({"people.csv": b"a,b\n1,2\n"})
ARCHIVES: dict[str, tuple[bytes, str]] = {
    "two files": (packed({"a.csv": b"a\n", "b.csv": b"a\n"}), "holds 2 files"),
    "no file": (packed({}), "holds no file"),
    "a place above": (packed({"../people.csv": b"a\n"}), "a place outside itself"),
    "a place of its own": (packed({"/etc/people.csv": b"a\n"}), "a place outside itself"),
    "a drive": (packed({"C:\\people.csv": b"a\n"}), "a place outside itself"),
    "an archive within": (packed({"people.csv": PLAIN}), "an archive within an archive"),
    "a gzip within": (packed({"people.csv": gzip.compress(b"a,b\n")}), "an archive within an archive"),
    "a gzip of a gzip": (gzip.compress(gzip.compress(b"a,b\n")), "an archive within an archive"),
    "a zip of a bomb": (packed({"people.csv": bytes(40_000_000)}), "expand more than 200 times"),
    "a gzip of a bomb": (gzip.compress(bytes(40_000_000)), "expand more than 200 times"),
    "said to be endless": (patched(PLAIN, 24, b"\xff\xff\xff\xfe"), "more than 3 GiB"),
    "longer than it says": (patched(PLAIN, 24, b"\x01\x00\x00\x00"), "not as long as it says"),
    "a checksum that is wrong": (patched(PLAIN, 16, b"\x01\x02\x03\x04"), "compressed content is damaged"),
    "encrypted": (patched(PLAIN, 8, b"\x01\x00"), "is encrypted"),
    "packed by an unusual method": (packed({"people.csv": b"a,b\n"}, zipfile.ZIP_BZIP2), "in a way that is not read"),
    "cut off": (PLAIN[:-30], "zip archive is damaged"),
    "a gzip cut off": (gzip.compress(b"a,b\n1,2\n")[:-6], "compressed content is damaged"),
    "a list of members without end": (packed({f"{n:0200}": b"" for n in range(5_000)}), "holds too many files"),
    "an old workbook": (b"\xd0\xcf\x11\xe0" + bytes(600), "an old or a password-protected Excel workbook"),
    "a workbook of another kind": (packed({"content.xml": b"<a/>", "mimetype": b"x"}), "workbook of another kind"),
}


@pytest.mark.parametrize(("content", "reason"), ARCHIVES.values(), ids=ARCHIVES)
def test_an_archive_that_is_not_one_plain_file_is_refused_in_a_line(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    path = tmp_path / "people.csv.zip"
    path.write_bytes(content)
    tracemalloc.start()
    try:
        with pytest.raises(FileRefused, match=reason) as refused:
            open_table(path).survey()
        assert "\n" not in str(refused.value)
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()


def test_an_honest_archive_is_read_whatever_a_mac_puts_beside_its_file(tmp_path: Path) -> None:
    path = tmp_path / "people.zip"
    path.write_bytes(packed({"export/": b"", "export/people.csv": b"a,b\n1,2\n", "__MACOSX/._people.csv": b"\0\1"}))
    assert open_table(path).survey() == 1


def test_how_much_an_archive_may_expand_to_is_counted_as_it_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "people.csv.gz"
    path.write_bytes(gzip.compress(b"".join(b"%d,%d\n" % (n, n * n) for n in range(200_000))))
    assert open_table(path).survey() == 199_999
    monkeypatch.setattr(archive, "MAX_RATIO", 2)
    monkeypatch.setattr(archive, "FREE", 100_000)
    with pytest.raises(FileRefused, match="expand more than 2 times"):
        open_table(path)


# --- Excel --------------------------------------------------------------------------------------------------------

COLUMNS = ["PERSON_ID", "FIRST_NAME", "LAST_NAME", "DATE_OF_BIRTH", "GENDER", "RESTRICTED", "NHS_ID", "KNOWN_AS"]


def cells_of(path: Path, rows: list[list[str]]) -> list[list[str]]:
    found = open_table(workbook(path, {"Sheet1": rows_of(rows)}))
    records = [record for record in found.records() if isinstance(record, Record)]
    assert found.survey() == len(records) - 1
    return [record.cells for record in records]


def test_cells_of_every_kind_become_what_a_person_would_write(tmp_path: Path) -> None:
    header = texts([["a", "b", "c", "d", "e", "f", "g"]])
    row = [number(9990000018), number(36925, DAY), number(36925.5, MOMENT), flag(True), number(0.5), formula("x"), ""]
    assert cells_of(tmp_path / "a.xlsx", [*header, row]) == [
        ["a", "b", "c", "d", "e", "f", "g"],
        ["9990000018", "2001-02-03", "2001-02-03 12:00:00", "TRUE", "0.5", "x", ""],
    ]


def test_lines_are_those_of_the_sheet_and_empty_ones_are_no_rows(tmp_path: Path) -> None:
    rows = rows_of(texts([["a", "b"]]), first=3) + '<row r="4"/>' + rows_of(texts([["1", "2"], ["", ""], ["3", ""]]), 6)
    found = open_table(workbook(tmp_path / "a.xlsx", {"S": rows}))
    assert [record.line for record in found.records()] == [3, 6, 8]
    assert found.survey() == 2


def test_shared_texts_that_are_blank_are_no_rows_for_either_reader(tmp_path: Path) -> None:
    strings = "<sst><si><t>a</t></si><si><t> </t></si><si/><si><r><t>Zo</t></r><r><t>ë</t></r></si></sst>"
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>{which}</v></c></row>' for n, which in enumerate("01233", 1))
    found = open_table(workbook(tmp_path / "a.xlsx", {"S": rows}, {"xl/sharedStrings.xml": strings}))
    assert [record.cells for record in found.records() if isinstance(record, Record)] == [["a"], ["Zoë"], ["Zoë"]]
    assert found.survey() == 2


def test_a_row_longer_than_the_header_is_at_fault_and_styled_cells_are_not(tmp_path: Path) -> None:
    rows = rows_of(texts([["a", "b"], ["1", "2", "", "3"]]))
    rows += '<row r="3"><c r="A3"><v>4</v></c><c r="XFD3" s="1"/></row>'
    found = list(open_table(workbook(tmp_path / "a.xlsx", {"S": rows})).records())
    assert [type(one) for one in found] == [Record, Fault, Record]


def test_numbers_that_excel_has_rounded_are_refused_with_a_clear_word(tmp_path: Path) -> None:
    folder = council(tmp_path / "extracts")
    three = three_sources(tmp_path / "three")
    shutil.copytree(three / "mosaic", folder / "mosaic")
    (folder / PEOPLE).unlink()
    rows = [[number(n), text("Ada"), text("Testford"), text("2001-02-03"), text("F"), text("N")] for n in range(1, 9)]
    rows[0] += [number("1234567890123456789")]
    rows[1][0] = number("1234567890123456789")
    workbook((folder / PEOPLE).with_suffix(".xlsx"), {"S": rows_of([*texts([COLUMNS]), *rows])})
    result = check(folder, tmp_path / "work")
    assert not [problem for problem in result.problems if problem.file == "dm_persons.csv"]
    assert "dm_persons.csv,2,NHS_ID,a number shortened by a spreadsheet" in result.dropped.read_text("utf-8")
    assert "dm_persons.csv,3,PERSON_ID,a number shortened by a spreadsheet" in result.quarantine.read_text("utf-8")
    assert any("such as 1.23E+09" in note.message for note in result.notes)


def test_a_file_of_shortened_numbers_is_refused_as_a_whole(tmp_path: Path) -> None:
    folder = council(tmp_path / "extracts")
    shutil.copytree(three_sources(tmp_path / "three") / "mosaic", folder / "mosaic")
    people(folder / PEOPLE, ([n, "Ada", "Testford", "2001-02-03", "F", "N", "9.99E+09"] for n in range(1, 9)))
    (problem, *_) = check(folder, tmp_path / "work").problems
    assert str(problem).startswith("mosaic/dm_persons.csv: a spreadsheet has shortened its numbers")
    people(folder / PEOPLE, ([n, "Ada", "E+H", "2001-02-03", "F", "N", "1E+2 Mews"] for n in range(1, 9)))
    assert not [problem for problem in check(folder, tmp_path / "two").problems if problem.file == "dm_persons.csv"]
