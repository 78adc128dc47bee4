"""What is seen of one file while it is read: how full its columns are, its newest row, codes nobody knows, identifiers
and whether they hold. Counts only; the one kind of value kept is a code of a column that is declared to hold codes.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from loaders.context import Checked, Row, StandardRow

BATCH_ROWS = 256
FEWEST_TO_SHOW = 3
"""Rows a code must stand on to be shown: what stands on fewer may be something typed about one person."""
MOST_CODES = 100
"""Different values from which on a column does not hold codes, whatever it is declared to hold: none is shown."""
MOST_SHOWN = 10

_LIKE_A_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,15}")
_LIKE_A_NUMBER = re.compile(r"\d{6}")


@dataclass(frozen=True, slots=True)
class UnknownCodes:
    """The codes of one column that no table places: on how many rows, how many different ones, and those that may be
    shown with their rows.
    """

    column: str
    rows: int
    different: int
    shown: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What was seen of one file. `seen` rows were split into cells; `filled` says how many of them fill each column."""

    seen: int = 0
    filled: Mapping[str, int] = field(default_factory=dict)
    newest: date | None = None
    unknown: tuple[UnknownCodes, ...] = ()
    identifiers: tuple[Checked, ...] = ()


NOTHING_SEEN = FileFacts()


class FileWatch:
    """Counts what passes by. Costs a few hundred nanoseconds a row: columns are counted a batch at a time."""

    def __init__(self, columns: tuple[str, ...]) -> None:
        self._columns = columns
        self._waiting: list[tuple[str, ...]] = []
        self._filled = [0] * len(columns)
        self._seen = 0
        self._newest: date | None = None

    def row(self, row: Row) -> None:
        """A row, before its mapping gets it."""
        self._waiting.append(tuple(row.values()))
        if len(self._waiting) >= BATCH_ROWS:
            self._count()

    def made(self, standard: StandardRow) -> None:
        """A standard row that is kept."""
        day = standard.get("updated_on")
        if day is not None and (self._newest is None or day > self._newest):  # type: ignore[operator]
            self._newest = day  # type: ignore[assignment]

    def facts(
        self, codes: Collection[str], unknown: Counter[tuple[str, str]], checked: Collection[Checked]
    ) -> FileFacts:
        """Everything seen, with the unknown codes and the checks of identifiers counted meanwhile."""
        self._count()
        return FileFacts(
            seen=self._seen,
            filled=dict(zip(self._columns, self._filled, strict=True)),
            newest=self._newest,
            unknown=tuple(unknown_codes(codes, unknown)),
            identifiers=tuple(sorted(checked)),
        )

    def _count(self) -> None:
        rows, self._waiting = self._waiting, []
        self._seen += len(rows)
        for place, values in enumerate(zip(*rows, strict=True)):
            self._filled[place] += len(rows) - values.count("")


def unknown_codes(codes: Collection[str], unknown: Counter[tuple[str, str]]) -> Iterator[UnknownCodes]:
    """The unknown codes by column. A value is shown only of a declared column with few different values, where it looks
    like a code and stands on several rows.
    """
    for column in sorted({column for column, _ in unknown}):
        found = {value: rows for (where, value), rows in unknown.items() if where == column}
        showable = column in codes and len(found) <= MOST_CODES
        shown = sorted((-rows, value) for value, rows in found.items() if showable and may_be_shown(value, rows))
        yield UnknownCodes(
            column, sum(found.values()), len(found), tuple((value, -rows) for rows, value in shown[:MOST_SHOWN])
        )


def may_be_shown(value: str, rows: int) -> bool:
    """Whether a value looks like a code and not like a name, a number of a person, or text."""
    return rows >= FEWEST_TO_SHOW and bool(_LIKE_A_CODE.fullmatch(value)) and not _LIKE_A_NUMBER.search(value)
