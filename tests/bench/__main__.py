"""`make bench`: measures on an invented council of 20,000 people, and of 200,000 as well with BENCH=full."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack

from tests.bench import linkage, pages, refresh, sources
from tests.bench.council import ROOT, council
from tests.bench.table import Row, printed

USUAL = 20_000
FULL = 200_000
PYTEST = [sys.executable, "-m", "pytest", "-q", "-m", "not neo4j"]


def tests(full: bool) -> Iterator[Row]:
    """How many tests there are and, where everything is measured, how long they take."""
    began = time.monotonic()
    command = PYTEST if full else [*PYTEST, "--collect-only"]
    output = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    counted = re.findall(r"(\d+)(?:/\d+)? (?:tests collected|passed)", output)
    taken = f" in {(time.monotonic() - began) / 60:.1f} minutes" if full else ""
    yield Row("tests that need no Neo4j", f"{counted[-1] if counted else 'unknown'}{taken}", "25 minutes" * full)


def figures(full: bool) -> Iterator[Row]:
    """Every figure, in the order of the table."""
    with ExitStack() as stack:
        councils = [stack.enter_context(council(people)) for people in (USUAL, *([FULL] if full else []))]
        for one in councils:
            yield from refresh.measure(one)
            yield from linkage.measure(one)
            yield from sources.measure(one)
            yield from pages.measure(one)
        if full:
            yield refresh.growth(*councils)
    yield from tests(full)


def main() -> None:
    """Measure and print."""
    full = os.environ.get("BENCH") == "full"
    rows = []
    for row in figures(full):
        print(f"{row.measure}: {row.figure}", file=sys.stderr)
        rows.append(row)
    print(printed(rows))


if __name__ == "__main__":
    main()
