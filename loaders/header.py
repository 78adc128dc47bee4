"""The header of a file: which columns are there, matched without regard to case, and which cells a mapping gets.

A column map's names stand for ours here, and its values; nothing after this knows that the council has others.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import itemgetter

from loaders.clean import placeholders
from loaders.column_map import AS_NAMED, NAME, FileMap, folded
from loaders.context import Row
from loaders.reading import Fault, FileRefused, Record
from loaders.source import FileSpec

MAX_COLUMNS = 2_000
"""Columns of the widest file: no system's table has more."""

FLOAT = ".0"
"""Behind a whole number that a program took for a float because its column has empty cells (pandas): 101.0 is 101."""

RowMaker = Callable[[list[str]], Row]


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of one file as found. Columns nobody asked for are never turned into a row."""

    width: int
    found: tuple[str, ...]
    ignored: int
    row: RowMaker
    cells: list[str]
    places: Mapping[str, int]

    def no_row(self, cells: list[str]) -> str:
        """Why a record is no row at all: nothing in it, as a spreadsheet writes below its last row, the header again,
        where extracts were put together, or the line of dashes that a query tool draws below it. Empty for any other.
        """
        if not any(map(str.strip, cells)):
            return "a row of empty cells"
        if cells == self.cells:
            return "the header row again: extracts put together"
        if cells[0].startswith("--") and not "".join(cells).strip("- "):
            return "a line of dashes"
        return ""


def names_of(spec: FileSpec, mapped: FileMap = AS_NAMED) -> frozenset[str]:
    """The columns that a file may hold under the names it would have, folded."""
    return frozenset(folded(mapped.theirs(column)) for column in spec.columns) - {""}


def read_header(first: Record | Fault, spec: FileSpec, mapped: FileMap = AS_NAMED) -> Header:
    """Match a header to a file's description. Raises FileRefused: no header, a column missing or named twice."""
    if isinstance(first, Fault):
        raise FileRefused(f"its header cannot be read: line {first.line} {first.reason}. Ask for the extract again")
    if len(first.cells) > MAX_COLUMNS:
        raise FileRefused(f"its header names {len(first.cells):,} columns: more than {MAX_COLUMNS:,} are not read")
    names = [cell.strip().casefold() for cell in first.cells]
    places = {column: _places(names, mapped.theirs(column).casefold()) for column in spec.columns}
    wanted = {column: found[0] for column, found in places.items() if found}
    if not wanted:
        raise FileRefused(f"line {first.line} is not the header row. The first line must name the columns")
    doubled = [mapped.theirs(column) for column, found in places.items() if len(found) > 1]
    if doubled:
        raise FileRefused(f"the header names {', '.join(doubled)} twice. Keep one of them")
    _refuse_missing(spec, wanted, mapped)
    never = {folded(column) for column in spec.never_read}
    used = set(wanted.values())
    ignored = sum(at not in used and folded(name) not in never for at, name in enumerate(names))
    return Header(len(names), tuple(wanted), ignored, _row_maker(wanted, mapped.values), first.cells, wanted)


def _places(names: list[str], wanted: str) -> list[int]:
    """Where a column stands: under its very name, else under one of the same letters and digits."""
    exact = [at for at, name in enumerate(names) if name == wanted]
    return (exact or [at for at, name in enumerate(names) if folded(name) == folded(wanted)]) if wanted else []


def _refuse_missing(spec: FileSpec, wanted: Mapping[str, int], mapped: FileMap) -> None:
    unmet = [column for column, name in mapped.columns.items() if name and column not in wanted]
    if unmet:
        named = ", ".join(f"{column} = {mapped.columns[column]!r}" for column in unmet)
        raise FileRefused(f"{NAME} says {named}, and the header has no such column. Mend the map or the extract")
    missing = [column for column in spec.expected if column not in wanted]
    if missing:
        raise FileRefused(f"the header has no column {', '.join(missing)}. Add it to the extract, or name it in {NAME}")


def _whole(value: str) -> str:
    """A whole number without ".0"; anything else as it is."""
    number = value.removesuffix(FLOAT)
    return number if number.removeprefix("-").isdigit() else value


def _row_maker(wanted: dict[str, int], values: Mapping[str, Mapping[str, str]]) -> RowMaker:
    columns, places = tuple(wanted), tuple(wanted.values())
    pick: Callable[[list[str]], tuple[str, ...]] = (
        itemgetter(*places) if len(places) > 1 else lambda cells: (cells[places[0]],)
    )

    nothing = placeholders.exact("cells")
    translated = {column: values[column] for column in columns if column in values}

    def make(cells: list[str]) -> Row:
        found = tuple(map(str.strip, pick(cells)))
        row = Row(zip(columns, found, strict=True))
        if not nothing.isdisjoint(found):
            row.update((column, "") for column, value in row.items() if value in nothing)
        if f"{FLOAT}\n" in "\n".join((*found, "")):
            row.update((column, _whole(value)) for column, value in row.items() if value.endswith(FLOAT))
        return row

    def make_translated(cells: list[str]) -> Row:
        row = make(cells)
        for column, ours in translated.items():
            written = cells[wanted[column]].strip().casefold()
            row[column] = ours.get(written, ours.get(row[column].casefold(), row[column]))
        return row

    return make_translated if translated else make
