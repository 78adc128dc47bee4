"""The two lists of what was wrong: quarantined rows, which are not loaded, and dropped values of rows that are.

Files, lines, columns and reasons only. A value from a row never enters either.
"""

import csv
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

HEADER = ("source", "file", "line", "column", "reason")

Faults = Mapping[tuple[str, str, str, str], int]
"""How often each (source, file, column, reason) was met."""


class FaultList:
    """A CSV of faults, written as they are found: source, file, line, column, reason. `counts` says how many of each
    reason a column of a file has.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.counts: Counter[tuple[str, str, str, str]] = Counter()
        self._file = path.open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._file, lineterminator="\n")
        self._writer.writerow(HEADER)

    def add(self, source: str, file: str, line: int, column: str, reason: str) -> None:
        """One fault. An empty column means the whole row."""
        self._writer.writerow((source, file, line, column, reason))
        self.counts[source, file, column, reason] += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
