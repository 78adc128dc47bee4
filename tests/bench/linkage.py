"""How right the linkage is: pairs of records it joined, against the truth of the invented council."""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

import pyarrow.parquet as pq

from loaders.linkage.nights import FILE, Night
from tests.bench.council import Council
from tests.bench.table import Row
from tests.truth_pairs import Key, pair_counts


def measure(council: Council) -> Iterator[Row]:
    """Pairwise precision and recall over the records that were loaded, and never-join pairs that were joined."""
    person = by_record(council.data / "live" / "people.csv", "person_id")
    entity = by_record(council.extracts / "truth" / "records.csv", "entity_id")
    counts = pair_counts(person, entity, Night(pq.read_table(council.data / "live" / FILE), ""))
    size = f"{council.people:,} people"
    yield Row(f"{size}: linkage, precision by pairs", f"{counts.precision:.4f}", "at least 0.997")
    reach = "of the pairs within the matrix's reach"
    yield Row(f"{size}: linkage, recall {reach}", f"{counts.recall_within_reach:.4f}", "at least 0.985")
    yield Row(f"{size}: linkage, recall of all pairs", f"{counts.recall:.4f}")
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
