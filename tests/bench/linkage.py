"""How right the linkage is: pairs of records it joined, against the truth of the invented council."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from tests.bench.council import Council
from tests.bench.table import Row

Key = tuple[str, str]


def measure(council: Council) -> Iterator[Row]:
    """Pairwise precision and recall over the records that were loaded, and never-join pairs that were joined."""
    person = by_record(council.data / "live" / "people.csv", "person_id")
    entity = by_record(council.extracts / "truth" / "records.csv", "entity_id")
    both = person.keys() & entity.keys()
    right = pairs((person[key], entity[key]) for key in both)
    joined, true = pairs(person[key] for key in both), pairs(entity[key] for key in both)
    size = f"{council.people:,} people"
    yield Row(f"{size}: linkage, precision by pairs", f"{right / max(joined, 1):.4f}", "at least 0.99")
    yield Row(f"{size}: linkage, recall by pairs", f"{right / max(true, 1):.4f}", "at least 0.95")
    with (council.extracts / "truth" / "never_join.csv").open(encoding="utf-8", newline="") as lines:
        apart = [
            ((row["source_a"], row["record_a"]), (row["source_b"], row["record_b"])) for row in csv.DictReader(lines)
        ]
    wrong = sum(a in person and person[a] == person.get(b) for a, b in apart)
    yield Row(f"{size}: never-join pairs joined", f"{wrong} of {len(apart):,}", "0")


def by_record(file: Path, column: str) -> Mapping[Key, str]:
    """A column of a file, by the source and record id of its rows."""
    with file.open(encoding="utf-8", newline="") as lines:
        return {(row["source"], row["record_id"]): row[column] for row in csv.DictReader(lines)}


def pairs(groups: Iterable[object]) -> int:
    """How many pairs of things are in the same group."""
    return sum(size * (size - 1) // 2 for size in Counter(groups).values())
