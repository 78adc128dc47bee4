"""Strict reading of CSV: every record of a text comes out once, as cells or as a fault, and nothing is guessed.

A record that is wrong is a `Fault` of that record; a file whose records cannot be told apart raises FileRefused. The
number of records is counted by a second, independent reader (`survey`), so that none can be lost unseen. Messages name
lines, never values. How a file becomes UTF-8 bytes is loaders/opening.py's business.
"""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO, NamedTuple

from graph.errors import StorageFailed

MAX_LINE_BYTES = 1_000_000
MAX_RECORD_LINES = 200
"""Lines one record may span: address fields hold line breaks, but an open quote swallows rows."""

_BLOCK = 65_536
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_STRAY_CR = "holds a line end of CR alone: export with ordinary line ends"
_CONTROL = "holds a NUL or another control character"
_OVERLONG = b"overlong"
"""Stands for a line too long to hold: one record by itself."""
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
EXPONENT = "E+"
"""In a line where a spreadsheet may have shortened a number, such as 1.23E+09."""

csv.field_size_limit(MAX_LINE_BYTES * 2)


class FileRefused(Exception):
    """The file as a whole cannot be read. The message says where and what to do."""


class Text(NamedTuple):
    """A text: its name, how to open it from its start as UTF-8, and what stands between its cells. `tail`: the last
    cell is written raw, and what looks like further cells belongs to it.
    """

    name: str
    open: Callable[[], BinaryIO]
    delimiter: str = ","
    tail: bool = False


class Record(NamedTuple):
    """The cells of one record and the line it begins on; the header is line 1. `exponent`: some cell may hold a number
    that a spreadsheet has shortened to an exponent.
    """

    line: int
    cells: list[str]
    exponent: bool = False


class Fault(NamedTuple):
    """A record that cannot be read, and why; `cells` are what can be told of it, which may be nothing."""

    line: int
    reason: str
    cells: Sequence[str] = ()


Line = tuple[int, bytes, bool]
"""A physical line: its number, its bytes with the line end, and whether it was too long to hold."""


def survey(text: Text) -> int:
    """The records of a text after its header, counted by Python's own csv reader. Raises FileRefused for none."""
    try:
        found = sum(1 for cells in csv.reader(map(_counted, lines_of(text)), delimiter=text.delimiter) if cells)
    except csv.Error:
        raise FileRefused(
            "its quote marks do not pair up. Ask for the extract again, with quotes in values doubled"
        ) from None
    if found == 0:
        raise FileRefused("the file is empty. Ask for the extract again")
    return found - 1


def _counted(line: Line) -> str:
    """The text of a line for counting: a stray CR ends no record, and a line too long to hold is one by itself."""
    text = _decoded(line[0], line[1])
    return text.replace("\r", " ") + "\n"


def records(source: Text) -> Iterator[Record | Fault]:
    """Every record of a text, the header first; later ones must have as many cells as the header.

    Raises FileRefused where a quote mark is opened and not closed, or the file stops in the middle of a record.
    """
    width, delimiter = None, source.delimiter
    lines = lines_of(source)
    for number, content, overlong in lines:
        if overlong:
            yield Fault(number, "line longer than 1 MB")
            continue
        text = _decoded(number, content)
        if not text:
            continue
        found: Record | Fault
        if source.tail and width and (cells := _with_tail(text, width, delimiter)):
            found = Record(number, cells, EXPONENT in text)
        elif '"' in text:
            found = _record(number, text, lines, delimiter)
        else:
            found = Record(number, text.split(delimiter), EXPONENT in text)
            if len(found.cells) == width and text.isprintable():  # nearly every line of nearly every file
                yield found
                continue
        if isinstance(found, Record):
            if width is None:
                width = len(found.cells)
            elif len(found.cells) < width and not content.endswith(b"\n"):
                raise FileRefused(f"it stops in the middle of line {number}. Ask for the whole extract again")
        yield fault_of(found, width) or found


def fault_of(found: Record | Fault, width: int | None) -> Fault | None:
    """What is wrong with a record: a fault already, a control character, or more or fewer cells than the header."""
    if isinstance(found, Fault):
        return found
    text = "".join(found.cells)
    if not text.isprintable() and (match := CONTROLS.search(text)):
        return Fault(found.line, _STRAY_CR if match[0] == "\r" else _CONTROL, found.cells)
    if width is not None and len(found.cells) != width:
        return Fault(found.line, f"has {len(found.cells)} cells where the header has {width}", found.cells)
    return None


def _with_tail(text: str, width: int, delimiter: str) -> list[str] | None:
    """The cells of a line whose last one is written raw; none where it is quoted after all."""
    cells = text.split(delimiter, width - 1)
    raw = len(cells) == width and not cells[-1].startswith('"') and not any('"' in cell for cell in cells[:-1])
    return cells if raw else None


def _record(number: int, text: str, lines: Iterator[Line], delimiter: str) -> Record | Fault:
    """The record that begins with a text holding a quote mark: it may go on over the next lines."""
    whole, spanned = text, 1
    while True:
        try:
            cells = next(csv.reader([whole], strict=True, delimiter=delimiter))
        except csv.Error as error:
            if "unexpected end" in str(error):
                whole, more = _gather(number, whole, lines)
                spanned += more
                if spanned > MAX_RECORD_LINES:
                    raise _open_quote(number) from None
                continue
            if spanned > 1:
                raise _open_quote(number) from None
            return Fault(
                number, "quote marks inside the value are not doubled", whole.replace('"', "").split(delimiter)
            )
        if spanned > 1:
            _refuse_swallowed(number, whole.split("\n"), len(cells), delimiter)
        return Record(number, cells, EXPONENT in whole)


def _gather(number: int, whole: str, lines: Iterator[Line]) -> tuple[str, int]:
    """The text up to the next line that holds a quote mark."""
    parts = [whole]
    for inner, content, overlong in lines:
        if overlong:
            break
        parts.append(_decoded(inner, content))
        if b'"' in content:
            return "\n".join(parts), len(parts) - 1
        if len(parts) > MAX_RECORD_LINES:
            break
    raise _open_quote(number)


def _refuse_swallowed(number: int, spanned: list[str], width: int, delimiter: str) -> None:
    """Refuse a record that spans lines when one of them is a row by itself: two stray quotes have swallowed it."""
    if width >= 3 and any(line.count(delimiter) == width - 1 for line in spanned[1:-1]):
        raise _open_quote(number)


def _open_quote(number: int) -> FileRefused:
    return FileRefused(
        f"a quote mark opened on line {number} is not closed, so the rows after it cannot be told apart. "
        "Ask for the extract again, with quotes in values doubled"
    )


def _decoded(number: int, content: bytes) -> str:
    """The text of a line without its line end."""
    try:
        return content.decode().removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        raise FileRefused(f"line {number} is not UTF-8. Export it as UTF-8") from None


def lines_of(text: Text) -> Iterator[Line]:
    """The physical lines of a text without its byte order mark, each at most 1 MB in memory."""
    try:
        with text.open() as file:
            number = 0
            while content := file.readline(MAX_LINE_BYTES + 1):
                number += 1
                if number == 1:
                    content = content.removeprefix(BYTE_ORDER_MARK)
                overlong = len(content) > MAX_LINE_BYTES
                while overlong and content and not content.endswith(b"\n"):
                    content = file.readline(_BLOCK) or b""
                yield number, _OVERLONG if overlong else content, overlong
    except PermissionError:
        raise FileRefused("this account may not read it. Allow it to") from None
    except OSError as error:
        raise StorageFailed(f"{text.name} cannot be read: {error.strerror}.") from None
