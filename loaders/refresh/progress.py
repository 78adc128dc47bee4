"""Progress bars of a refresh. A silent one is the default, so that nothing else depends on a terminal."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as RichProgress


class Progress:
    """Told of stages and of how far each has come; shows nothing."""

    @contextmanager
    def stage(self, title: str) -> Iterator[None]:
        """One stage of the refresh."""
        yield

    def advance(self, detail: str, done: float) -> None:
        """`done` of the stage, 0 to 1, and what is being worked on."""


class ProgressBars(Progress):
    """The same, as bars on a terminal."""

    def __init__(self) -> None:
        self._bars = RichProgress(
            TextColumn("{task.description:<38}"),
            BarColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[detail]}"),
            console=Console(stderr=True),
        )
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    @contextmanager
    def stage(self, title: str) -> Iterator[None]:
        """A bar of its own."""
        self._task = self._bars.add_task(title, total=None, detail="")
        yield
        self._bars.update(self._task, total=1, completed=1, detail="")

    def advance(self, detail: str, done: float) -> None:
        """Move the bar of the running stage."""
        if self._task is not None:
            self._bars.update(self._task, total=1, completed=done, detail=detail)
