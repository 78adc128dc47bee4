"""Opening a file of an extract in whatever form it came: plain, zipped, in another encoding, or an Excel workbook.

What a file is, is told by its first bytes, not by its name. Every form ends as records and a second count of them.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO, Protocol

from graph.errors import StorageFailed
from loaders.archive import EMPTY_ZIP, GZIP, ZIP, members_of, only_member, open_gzip, open_member
from loaders.column_map import folded
from loaders.encoding import NAMES, UTF8, Opener, as_utf8, encoding_of
from loaders.reading import BYTE_ORDER_MARK, MAX_LINE_BYTES, Fault, FileRefused, Record, Text, records, survey
from loaders.workbook import Workbook, is_workbook

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_QUOTED = re.compile(r'"[^"]*"')


class Table(Protocol):
    """A file as records, whatever its form. Both ways of reading raise FileRefused."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What is worth telling of its form; nothing of a plain one."""

    def survey(self) -> int:
        """How many records there are after the header, counted by a second, independent reader."""

    def records(self) -> Iterator[Record | Fault]:
        """Every record, the header first."""


@dataclass(frozen=True, slots=True)
class TextTable:
    """A text with one record a line."""

    text: Text
    notes: tuple[str, ...]

    def survey(self) -> int:
        """The records after the header, counted by Python's own csv reader."""
        return survey(self.text)

    def records(self) -> Iterator[Record | Fault]:
        """Every record, the header first."""
        return records(self.text)


def open_table(path: Path, names: Collection[str] = (), sheet: str = "", tail: str = "") -> Table:
    """A file of an extract. `names` are columns it may hold, folded, which tell what parts its cells; `sheet`
    is read where a workbook has it, else its first; `tail` is a column that, where it is the last, is written raw.
    Raises FileRefused, and StorageFailed where the disk fails.
    """
    if not path.is_file():
        raise FileRefused("it is not a file. Replace it with the extract")
    try:
        return _opened(path, names, sheet, tail)
    except PermissionError:
        raise FileRefused("this account may not read it. Allow it to") from None
    except OSError as error:
        raise StorageFailed(f"{path.name} cannot be read: {error.strerror}.") from None


def _opened(path: Path, names: Collection[str], sheet: str, tail: str) -> Table:
    with path.open("rb") as file:
        first = file.read(4)
    if first == _OLD_EXCEL:
        raise FileRefused("it is an old or a password-protected Excel workbook. Save it as .xlsx without a password")
    if first in (ZIP, EMPTY_ZIP):
        members = members_of(path)
        if is_workbook(members):
            return Workbook(path, members, sheet)
        return _text_table(path, partial(open_member, path, only_member(members)), names, tail)
    return _text_table(path, partial(open_gzip if first.startswith(GZIP) else _plain, path), names, tail)


def _plain(path: Path) -> BinaryIO:
    return path.open("rb")


def _text_table(path: Path, opener: Opener, names: Collection[str], tail: str) -> TextTable:
    encoding = encoding_of(Text(path.name, opener))
    opener = as_utf8(opener, encoding)
    header = _header(opener)
    delimiter = _delimiter(header, names)
    is_last = bool(tail) and folded(header.rpartition(delimiter)[2].strip().strip('"')) == tail
    notes = [f"read as {NAMES[encoding]}"] if encoding != UTF8 else []
    notes += [f"read with {DELIMITERS[delimiter]} between the cells"] if delimiter != "," else []
    return TextTable(Text(path.name, opener, delimiter, is_last), tuple(notes))


def _delimiter(header: str, names: Collection[str]) -> str:
    """What parts the cells: the one sign by which the header names most columns that may be there, else the comma."""
    bare = _QUOTED.sub("", header)
    named = {sign: _named(header, sign, names) for sign in DELIMITERS if sign in bare}
    most = max(named.values(), default=0)
    best = [sign for sign, number in named.items() if number == most]
    return best[0] if len(best) == 1 and most else ","


def _named(header: str, sign: str, names: Collection[str]) -> int:
    cells = {folded(cell) for cell in header.split(sign)}
    return len(cells & set(names))


def _header(opener: Opener) -> str:
    with opener() as file:
        while line := file.readline(MAX_LINE_BYTES):
            if b"\0" in line:
                raise FileRefused("line 1 holds NULs: perhaps UTF-16 without a byte order mark. Export it as UTF-8")
            if line.strip():
                return line.removeprefix(BYTE_ORDER_MARK).decode("utf-8", "replace")
    return ""
