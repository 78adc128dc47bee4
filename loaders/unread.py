"""Rows that cannot be loaded from a file that says who is restricted: whom each may be about, for a refresh to hide.

A row that was lost took its restriction with it, and the same child may stand unrestricted in another source.

Reads cells only; it decides nothing about a graph. What it remembers is personal: it never reaches a report or a log.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import permutations
from typing import TypeVar

import pyarrow as pa

from loaders.clean import identifiers
from loaders.clean.dates import BadDate, parse_date
from loaders.clean.identifiers import BadIdentifier
from loaders.context import NO_KEY, flag
from loaders.source import FileSpec
from loaders.tables import columns

TRACES = columns(number=pa.string(), dob=pa.date32(), name=pa.string(), other=pa.string())
"""By what somebody on such a row may be known elsewhere: a number, a day of birth with one name, or, where there is
neither, two names together.
"""

HIDDEN = (
    "rows that cannot be loaded and may restrict somebody: whoever they may be about is shielded until they are mended"
)
NOBODY = (
    "rows that cannot be loaded and may restrict somebody, and nothing on them tells whom: whoever they are about is "
    "hidden by no other row; mend them first (quarantine.csv says where)"
)
LISTED = 5
_FEWEST_COLUMNS = 3
_SHORTEST = 2
"""Letters of the shortest cell that may be a name."""

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True, repr=False)
class Unread:
    """One such row: its line, and what on it may tell who it is about. No repr: it must never reach a log."""

    line: int
    numbers: tuple[str, ...]
    days: tuple[date, ...]
    names: tuple[str, ...]

    @property
    def tells_of_somebody(self) -> bool:
        """Whether anybody can be looked for."""
        return bool(self.numbers or (self.days and self.names) or len(self.names) > 1)

    def traces(self) -> Iterator[Mapping[str, object]]:
        """Rows of TRACES."""
        yield from ({"number": number} for number in self.numbers)
        yield from ({"dob": day, "name": name} for day in self.days for name in self.names)
        if not (self.numbers or self.days):
            yield from ({"name": one, "other": other} for one, other in permutations(self.names, 2))


def in_doubt(spec: FileSpec, wanted: Mapping[str, int], width: int, cells: Sequence[str]) -> bool:
    """Whether a row that could not be loaded may restrict somebody. `wanted` says where each column of the header
    stands. It may not where every flag says no: with cells too many, wherever each flag may have been moved to. Of a
    file that only adds flags to people listed elsewhere a lost row restricts them by itself.
    """
    places = [wanted[column] for column in spec.restriction_columns if column in wanted] if spec.people else []
    if not places:
        return spec.restricts and not spec.restriction_columns
    filled = [text for cell in cells if (text := cell.strip())]
    if width >= _FEWEST_COLUMNS and len(filled) == 1 and not _is_an_id(filled[0]):
        return False
    moved = range(len(cells) - width + 1)
    return not moved or any(flag(cells[at + by].strip()) is not False for at in places for by in moved)


def _is_an_id(text: str) -> bool:
    """Whether the only cell of a row may be somebody's id. A null key is nobody's, and what has no digit or has spaces
    is what a query tool writes below its rows: "(8 rows affected)".
    """
    return text not in NO_KEY and " " not in text and any(map(str.isdigit, text))


def unread(line: int, cells: Sequence[str]) -> Unread:
    """What the cells of a row tell of whoever it is about, each read as a number, as a day and as a name."""
    texts = [text for cell in cells if (text := "".join(filter(str.isprintable, cell)).strip())]
    numbers = [number for text in texts for read in _NUMBERS if (number := _tried(read, text))]
    days = [day for text in texts if (day := _tried(parse_date, text))]
    names = [text for text in texts if sum(map(str.isalpha, text)) >= _SHORTEST and not any(map(str.isdigit, text))]
    return Unread(line, _once(numbers), _once(days), _once(names))


def _once(found: Iterable[Found]) -> tuple[Found, ...]:
    return tuple(dict.fromkeys(found))


_NUMBERS = (identifiers.nhs_number, identifiers.upn)


def _tried(read: Callable[[str], Found], text: str) -> Found | None:
    try:
        return read(text)
    except (BadDate, BadIdentifier):
        return None


def refusal(rows: Sequence[Unread], source: str) -> str:
    """Why nothing may be published: lost lines that hide somebody from one reader, who is named on no other line."""
    lost = [row.line for row in rows]
    lines = ", ".join(map(str, lost[:LISTED])) + (f" and {len(lost) - LISTED} more" if len(lost) > LISTED else "")
    return (
        f"{'line' if len(lost) == 1 else 'lines'} {lines} cannot be loaded, and each hides somebody from a reader: "
        "that reader would see them. Mend the lines (quarantine.csv says what is wrong), or publish without them with "
        f"--accept {source}"
    )


def traces(rows: Iterable[Unread]) -> pa.Table:
    """What a refresh looks for whoever must be hidden by."""
    return pa.Table.from_pylist([dict(trace) for row in rows for trace in row.traces()], schema=TRACES)
