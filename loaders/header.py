"""The header of a file: which columns are there, matched without regard to case, and which cells a mapping gets."""

from collections.abc import Callable
from dataclasses import dataclass
from operator import itemgetter

from loaders.context import Row
from loaders.reading import Fault, FileRefused, Record
from loaders.source import FileSpec


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of one file as found. Columns nobody asked for are never turned into a row."""

    width: int
    found: tuple[str, ...]
    ignored: int
    row: Callable[[list[str]], Row]


def read_header(first: Record | Fault, spec: FileSpec) -> Header:
    """Match a header to a file's description. Raises FileRefused: no header, a column missing or named twice."""
    if isinstance(first, Fault):
        raise FileRefused(f"its header cannot be read: line {first.line} {first.reason}. Ask for the extract again")
    names = [cell.strip().casefold() for cell in first.cells]
    places = {name: place for place, name in enumerate(names)}
    wanted = {column: places[column.casefold()] for column in spec.columns if column.casefold() in places}
    if not wanted:
        raise FileRefused(
            f"line {first.line} is not the header row. The first line must name the columns, with commas between"
        )
    _refuse_doubles(names, spec)
    missing = [column for column in spec.expected if column not in wanted]
    if missing:
        raise FileRefused(f"the header has no column {', '.join(missing)}. Add it to the extract")
    known = {column.casefold() for column in (*spec.columns, *spec.never_read)}
    ignored = sum(name not in known for name in names)
    return Header(len(names), tuple(wanted), ignored, _row_maker(wanted))


def _refuse_doubles(names: list[str], spec: FileSpec) -> None:
    doubled = [column for column in spec.columns if names.count(column.casefold()) > 1]
    if doubled:
        raise FileRefused(f"the header names {', '.join(doubled)} twice. Keep one of them")


def _row_maker(wanted: dict[str, int]) -> Callable[[list[str]], Row]:
    columns, places = tuple(wanted), tuple(wanted.values())
    pick: Callable[[list[str]], tuple[str, ...]] = (
        itemgetter(*places) if len(places) > 1 else lambda cells: (cells[places[0]],)
    )

    def make(cells: list[str]) -> Row:
        return Row(zip(columns, map(str.strip, pick(cells)), strict=True))

    return make
