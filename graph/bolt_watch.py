"""A watch over calls to an engine: one that stays silent past its limit has its connection cut.

The driver waits without limit for an engine that hangs in the middle of an answer. This knows nothing of drivers: it is
given a way to cut, and uses it from a thread of its own.
"""

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_STEP = 0.2  # seconds between looks; also how late a cut may come


class Call:
    """One call under watch. `cut` says that it was given up."""

    __slots__ = ("cut", "deadline")

    def __init__(self, seconds: float) -> None:
        self.deadline = time.monotonic() + seconds
        self.cut = False


class Watch:
    """Cuts every connection of one driver as soon as one call is overdue: the engine behind them is the same."""

    def __init__(self, cut: Callable[[], None]) -> None:
        self._cut = cut
        self._calls: dict[int, Call] = {}
        self._numbers = itertools.count()
        self._ended = threading.Event()
        threading.Thread(target=self._look, name="engine-watch", daemon=True).start()

    @contextmanager
    def limit(self, seconds: float) -> Iterator[Call]:
        """Watch the calls made inside, for that many seconds."""
        number, call = next(self._numbers), Call(seconds)
        self._calls[number] = call
        try:
            yield call
        finally:
            del self._calls[number]

    def end(self) -> None:
        """Stop watching. Does not cut."""
        self._ended.set()

    def _look(self) -> None:
        while not self._ended.wait(_STEP):
            now = time.monotonic()
            overdue = [call for call in list(self._calls.values()) if call.deadline < now]
            if overdue:
                for call in overdue:
                    call.cut = True
                self._ended.set()
                self._cut()
