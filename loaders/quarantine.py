"""The two lists of what was wrong: quarantined rows, which are not loaded, and dropped values of rows that are.

Files, lines, columns and reasons only. A value from a row never enters either.
"""

import csv
from pathlib import Path
from types import TracebackType
from typing import Self

HEADER = ("source", "file", "line", "column", "reason")


class FaultList:
    """A CSV of faults, written as they are found: source, file, line, column, reason."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._file, lineterminator="\n")
        self._writer.writerow(HEADER)

    def add(self, source: str, file: str, line: int, column: str, reason: str) -> None:
        """One fault. An empty column means the whole row."""
        self._writer.writerow((source, file, line, column, reason))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
