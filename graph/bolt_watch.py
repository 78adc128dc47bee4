"""A watch over calls to an engine: the connection of one that stays silent past its limit is severed, and no other.

The driver waits without limit for an engine that hangs in the middle of an answer. This knows nothing of drivers: each
call brings its own way to be severed, which is used from a thread of the watch.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_STEP = 0.2  # seconds between looks; also how late a cut may come


class Call:
    """One call under watch. `sever` cuts its connection and may be used again; `cut` says that it was given up."""

    __slots__ = ("cut", "deadline", "sever")

    def __init__(self, seconds: float) -> None:
        self.deadline = time.monotonic() + seconds
        self.cut = False
        self.sever: Callable[[], None] = _nothing


def _nothing() -> None:
    """Nothing to cut yet: opening a connection has limits of the driver's own."""


class Watch:
    """Severs each overdue call, and does what is to be done once nobody is calling any more."""

    def __init__(self) -> None:
        self._calls: set[Call] = set()
        self._guard = threading.Lock()
        self._at_rest: Callable[[], None] | None = None
        self._ended = threading.Event()
        threading.Thread(target=self._look, name="engine-watch", daemon=True).start()

    @contextmanager
    def limit(self, seconds: float) -> Iterator[Call]:
        """Watch the call made inside, for that many seconds."""
        call = Call(seconds)
        with self._guard:
            self._calls.add(call)
        try:
            yield call
        finally:
            with self._guard:
                self._calls.remove(call)
            self._rest()

    def end(self, at_rest: Callable[[], None]) -> None:
        """Do this when the last of the calls under way has come back, at once if there is none; then stop watching."""
        with self._guard:
            self._at_rest = at_rest
        self._rest()

    def _rest(self) -> None:
        with self._guard:
            if self._calls or self._at_rest is None:
                return
            at_rest, self._at_rest = self._at_rest, None
        self._ended.set()
        at_rest()

    def _look(self) -> None:
        while not self._ended.wait(_STEP):
            now = time.monotonic()
            with self._guard:
                overdue = [call for call in self._calls if call.deadline < now]
            for call in overdue:
                call.cut = True
                call.sever()
