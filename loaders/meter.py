"""How far reading has come, as a share of all bytes to be read."""

from collections.abc import Callable
from pathlib import Path

Progress = Callable[[str, float], None]
"""Called with what is being read ("mosaic/dm_persons.csv") and the share done of the whole, 0 to 1."""

EVERY_ROWS = 5_000
"""Rows between two reports."""


class Meter:
    """Turns rows done of one file into a share of everything. Silent where nobody listens."""

    def __init__(self, progress: Progress | None, total_bytes: int) -> None:
        self._progress = progress
        self._total = max(total_bytes, 1)
        self._before = 0
        self._current = 0
        self._what = ""

    def begin(self, what: str, path: Path) -> None:
        """The file read from now on."""
        self._before += self._current
        self._current = path.stat().st_size
        self._what = what
        self.at(0, 1)

    def at(self, done: int, rows: int) -> None:
        """`done` of `rows` of the current file."""
        if self._progress is not None:
            self._progress(self._what, (self._before + self._current * min(done / max(rows, 1), 1)) / self._total)
