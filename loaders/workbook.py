"""One sheet of an Excel workbook as records: dates as ISO days, numbers without ".0", everything else as it stands.

The sheet is looked through as text first (loaders/sheet.py), so that a workbook that would fill the memory is refused
before it is opened, and so that its rows are counted by a second reader.
"""

import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from loaders.archive import refuse_size
from loaders.reading import EXPONENT, MAX_LINE_BYTES, Fault, FileRefused, Record, fault_of
from loaders.sheet import HOME, blank_strings, look_through, sheets_of

STRINGS = "xl/sharedStrings.xml"
MAX_WORKBOOK = 2**30
"""Most bytes a workbook may expand to."""
LARGEST_WHOLE = 10**15
"""From here on Excel has rounded a number: an identifier of sixteen digits is no longer itself."""

_OTHER_KINDS = frozenset({"xl/workbook.bin", "content.xml"})


def is_workbook(members: Sequence[zipfile.ZipInfo]) -> bool:
    """Whether a zip archive is an Excel workbook. Raises FileRefused for a workbook of another kind."""
    names = {member.filename for member in members}
    if names & _OTHER_KINDS and HOME not in names:
        raise FileRefused("it is a workbook of another kind. Save it as .xlsx or as CSV")
    return HOME in names


class Workbook:
    """One sheet of a workbook: the one of that name, whatever its case, else the first."""

    def __init__(self, path: Path, members: Sequence[zipfile.ZipInfo], sheet: str) -> None:
        """Raises FileRefused for a workbook that is too large, damaged or holds no sheet."""
        refuse_size(sum(one.file_size for one in members), path.stat().st_size, MAX_WORKBOOK)
        parts = {member.filename: member for member in members}
        if len(parts) < len(members):
            raise FileRefused("its zip archive names a file twice. Save the workbook again")
        self._path = path
        sheets = sheets_of(path, parts)
        named = [name for name in sheets if name.casefold() == sheet.casefold()]
        self._sheet = (named or list(sheets))[0]
        blank = blank_strings(path, parts[STRINGS]) if STRINGS in parts else frozenset()
        self._filled = look_through(path, sheets[self._sheet], blank)
        others = len(sheets) - 1
        self.notes = (f"sheets not read, besides the one that was: {others}",) if others else ()

    def survey(self) -> int:
        """The rows after the header, counted in the text of the sheet."""
        if self._filled == 0:
            raise FileRefused("the sheet is empty. Ask for the extract again")
        return self._filled - 1

    def records(self) -> Iterator[Record | Fault]:
        """Every row that holds anything, the header first."""
        width = None
        for line, cells in enumerate(self._rows(), start=1):
            text = "".join(cells)
            if not text or text.isspace():
                continue
            if width is None:
                width = len(cells) - _blanks_at_the_end(cells)
            if any(cells[width:]):
                yield Fault(line, f"has cells beyond the {width} of the header", cells)
            elif len(text) > MAX_LINE_BYTES:
                yield Fault(line, "line longer than 1 MB")
            else:
                found = Record(line, cells[:width], EXPONENT in text)
                yield fault_of(found, width) or found

    def _rows(self) -> Iterator[list[str]]:
        try:
            with CalamineWorkbook.from_path(self._path) as book:
                sheet = book.get_sheet_by_name(self._sheet)
                for row in sheet.iter_rows():
                    yield [_WRITERS[type(cell)](cell) for cell in row]
        except CalamineError:
            raise FileRefused("it cannot be read as an Excel workbook. Save it again, or as CSV") from None


def _blanks_at_the_end(cells: list[str]) -> int:
    count = 0
    while not cells[-1 - count].strip():
        count += 1
    return count


def _number(value: float) -> str:
    if abs(value) >= LARGEST_WHOLE:
        return f"{value:.14E}"
    return str(int(value)) if value.is_integer() else repr(value)


def _moment(value: datetime) -> str:
    at_midnight = value.time() == time.min
    return value.date().isoformat() if at_midnight else value.isoformat(" ", "seconds")


_WRITERS: dict[type, Callable[[Any], str]] = {
    str: lambda value: value.replace("\r\n", "\n"),
    float: _number,
    int: lambda value: _number(float(value)),
    bool: lambda value: "TRUE" if value else "FALSE",
    date: date.isoformat,
    datetime: _moment,
    time: time.isoformat,
    timedelta: str,
}
