"""A sheet of a workbook looked through as text, a piece at a time, before a library opens it: how far it reaches and
how many of its rows hold something. Reads no value; memory is that of one row.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

from loaders.archive import open_member
from loaders.reading import FileRefused

ROOT, HOME, RELATIONS = "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"

LAST_ROW = 1_048_576
"""Rows a sheet can have."""
MAX_COLUMNS = 702
"""Columns up to ZZ: no extract has more."""
MAX_CELLS = 12_000_000
"""Cells from the first to the last that holds something: they are all held in memory."""

_BLOCK = 262_144
_LONGEST_ROW = 4 * 2**20
_LONGEST_LIST = 2**20
_SAVE_AGAIN = "Open it in Excel and save it again, or as CSV"
_ROW_ENDS = re.compile(rb"</(?:\w+:)?row\s*>")
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_PLACE = re.compile(rb"<(?:\w+:)?c\s(?:[^>]*?\s)?r\s*=\s*[\"']([A-Za-z]{1,3})([0-9]{1,7})[\"'][^>]*?(/?)>")
_VALUE = re.compile(rb"<(?:\w+:)?[vt](?:\s[^>]*)?>\s*[^<\s]")
_CELL_OR_VALUE = re.compile(rb"<(?:\w+:)?(?:c(?P<said>\s[^>]*)>|[vt](?:\s[^>]*)?>(?P<value>[^<]*))")
_SHARED = re.compile(rb"\st\s*=\s*[\"']s[\"']")
_STRING = re.compile(rb"<(?:\w+:)?si[/>]")
_BEFORE_STRING = re.compile(rb"(?=<(?:\w+:)?si[/>])")
_NAMESPACE = re.compile(r"\{[^}]*\}")

Parts = Mapping[str, zipfile.ZipInfo]


def sheets_of(path: Path, parts: Parts) -> dict[str, zipfile.ZipInfo]:
    """The sheets of a workbook by name, in their order. Raises FileRefused where there is none."""
    if {ROOT, RELATIONS} - parts.keys() or HOME not in _targets(path, parts[ROOT], "/").values():
        raise FileRefused(f"it holds no list of its sheets. {_SAVE_AGAIN}")
    targets = _targets(path, parts[RELATIONS], "/xl")
    sheets = {}
    for one in _elements(path, parts[HOME], "sheet"):
        reference = next((value for name, value in one.items() if _NAMESPACE.sub("", name) == "id"), "")
        part = parts.get(targets.get(reference, ""))
        if part is not None and "worksheets/" in part.filename:
            sheets[one.get("name", "")] = part
    if not sheets:
        raise FileRefused("the workbook holds no sheet. Ask for the extract again")
    return sheets


def _targets(path: Path, part: zipfile.ZipInfo, folder: str) -> dict[str, str]:
    """What each relationship leads to, from the root of the archive."""
    found = ((one.get("Id", ""), one.get("Target", "")) for one in _elements(path, part, "Relationship"))
    return {name: str(PurePosixPath(folder) / target).removeprefix("/") for name, target in found}


def blank_strings(path: Path, part: zipfile.ZipInfo) -> frozenset[bytes]:
    """The numbers of the shared texts that are blank: a cell with one of them holds nothing."""
    blank, number = set(), -1
    for piece in _pieces(path, part, _BEFORE_STRING):
        if _STRING.match(piece):
            number += 1
            if not _VALUE.search(piece):
                blank.add(str(number).encode())
    return frozenset(blank)


def look_through(path: Path, part: zipfile.ZipInfo, blank: frozenset[bytes]) -> int:
    """How many rows of a sheet hold something. Raises FileRefused where it reaches further than can be held."""
    filled, furthest, lowest = 0, 0, 0
    for piece in _pieces(path, part, _ROW_ENDS):
        places = _PLACE.findall(piece)
        if len(places) != len(_CELL.findall(piece)):
            raise FileRefused(f"some of its cells do not say where they stand. {_SAVE_AGAIN}")
        if not places:
            continue
        rows = {row for _, row, _ in places}
        if len(rows) > 1:
            raise FileRefused(f"cells of one row say that they stand in several. {_SAVE_AGAIN}")
        reached = [_column(letters) for letters, _, closed in places if not closed]
        if reached:
            furthest, lowest = max(furthest, *reached), max(lowest, int(rows.pop()))
            _refuse_reach(furthest, lowest)
        filled += _holds_something(piece, blank)
    return filled


def _refuse_reach(columns: int, rows: int) -> None:
    if columns > MAX_COLUMNS:
        raise FileRefused(f"its sheet reaches over more than {MAX_COLUMNS} columns. Keep the columns of the extract")
    if rows >= LAST_ROW and columns * rows <= MAX_CELLS:
        raise FileRefused("it fills its sheet to the last row, so rows are probably missing. Export it as CSV")
    if columns * rows > MAX_CELLS:
        raise FileRefused(f"its sheet reaches over more than {MAX_CELLS:,} cells. Export it as CSV")


def _holds_something(piece: bytes, blank: frozenset[bytes]) -> bool:
    if not blank:
        return _VALUE.search(piece) is not None
    shared = False
    for one in _CELL_OR_VALUE.finditer(piece):
        if one["said"] is not None:
            shared = _SHARED.search(one["said"]) is not None
        elif (value := one["value"].strip()) and not (shared and value in blank):
            return True
    return False


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _pieces(path: Path, part: zipfile.ZipInfo, ends: re.Pattern[bytes]) -> Iterator[bytes]:
    """A part of the workbook cut where `ends` says. Raises FileRefused for what no spreadsheet writes."""
    kept = b""
    with open_member(path, part) as stream:
        while block := stream.read(_BLOCK):
            if b"\0" in block or b"<!" in (kept[-1:] + block):
                raise FileRefused(f"its sheet is not written as a spreadsheet writes one. {_SAVE_AGAIN}")
            *whole, kept = ends.split(kept + block)
            yield from whole
            if len(kept) > _LONGEST_ROW:
                raise FileRefused(f"a row of its sheet is longer than {_LONGEST_ROW >> 20} MB. Export it as CSV")
    yield kept


def _elements(path: Path, part: zipfile.ZipInfo, name: str) -> Iterator[ElementTree.Element]:
    """The elements of that name in a short part of the workbook."""
    with open_member(path, part) as stream:
        content = stream.read(_LONGEST_LIST + 1)
    if len(content) > _LONGEST_LIST or b"<!" in content:
        raise FileRefused(f"its list of sheets is not as a spreadsheet writes one. {_SAVE_AGAIN}")
    try:
        root = ElementTree.fromstring(content)  # noqa: S314 - short, and without a document type to expand
    except ElementTree.ParseError:
        raise FileRefused(f"its list of sheets is damaged. {_SAVE_AGAIN}") from None
    return (one for one in root.iter() if _NAMESPACE.sub("", one.tag) == name)
