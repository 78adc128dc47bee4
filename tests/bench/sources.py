"""Each source alone: how fast its extracts are read and checked, and in how much memory. And what became of the true
relationships between people: how many the extracts tell of, and how many of those stand between the right two people.
"""

import csv
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq

from loaders.check import check
from loaders.source import discover
from tests.bench.council import Council, flask
from tests.bench.linkage import by_record
from tests.bench.table import Row
from tests.truth_pairs import Key

Pair = frozenset[str]


def measure(council: Council) -> Iterator[Row]:
    """Rows a second and memory of every source, then the share of relationships recovered."""
    size = f"{council.people:,} people"
    rows: dict[str, int] = {}
    for file in json.loads((council.data / "live" / "report.json").read_text(encoding="utf-8"))["files"]:
        rows[file["source"]] = rows.get(file["source"], 0) + file["rows"]
    for source, number in sorted(rows.items()):
        with tempfile.TemporaryDirectory() as folder:
            alone, data = Path(folder) / "extracts", Path(folder) / "data"
            alone.mkdir()
            for name in ("manifest.toml", source):
                os.symlink(council.extracts / name, alone / name)
            run = flask(data, "check", str(alone))
        speed = f"{number / run.seconds:,.0f} rows/s"
        yield Row(f"{size}: check, {source}", f"{number:,} rows, {speed}, {run.peak_mib:,.0f} MiB")
    yield from _relationships(council, size)


def _relationships(council: Council, size: str) -> Iterator[Row]:
    """Pairs of related people: in the truth, told by some source, and standing between the right two people."""
    person = by_record(council.data / "live" / "people.csv", "person_id")
    entity = by_record(council.extracts / "truth" / "records.csv", "entity_id")
    with (council.extracts / "truth" / "relationships.csv").open(encoding="utf-8", newline="") as lines:
        true = {_pair(row["entity_a"], row["entity_b"]) for row in csv.DictReader(lines)}
    of_entity: dict[str, set[str]] = {}
    for key, name in entity.items():
        if key in person:
            of_entity.setdefault(name, set()).add(person[key])
    told, standing = set[Pair](), set[Pair]()
    for left, right in _told(council):
        if left in entity and right in entity:
            told.add(_pair(entity[left], entity[right]))
        if left in person and right in person:
            standing.add(_pair(person[left], person[right]))
    told &= true
    recovered = sum(
        any(_pair(one, other) in standing for one in of_entity.get(a, ()) for other in of_entity.get(b, ()))
        for a, b in (sorted(pair) for pair in true if len(pair) == 2)
    )
    yield Row(f"{size}: true relationships, told by some source", f"{len(told):,} of {len(true):,}")
    yield Row(f"{size}: told relationships recovered", f"{recovered / max(len(told), 1):.4f}", "at least 0.98")


def _told(council: Council) -> Iterator[tuple[Key, Key]]:
    """Both ends of every relationship that a source tells of, as records."""
    gates = {source.gate for source in discover().values()}
    with tempfile.TemporaryDirectory() as work:
        found = check(council.extracts, Path(work), gates=gates)
        for path in found.tables.get("relationship", ()):
            columns = pq.read_table(path, columns=["source", "from_record", "to_record"]).to_pydict()
            for source, one, other in zip(*columns.values(), strict=True):
                yield (source, one), (source, other)


def _pair(one: str, other: str) -> Pair:
    return frozenset((one, other))
