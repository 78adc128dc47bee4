"""How long each part of a linking takes. Measures wall time; decides nothing."""

import time


class Laps:
    """Seconds from one end to the next, by what was done."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._since = time.perf_counter()

    def end(self, done: str) -> None:
        """So long it took since the last."""
        now = time.perf_counter()
        self.seconds[done], self._since = round(now - self._since, 2), now
