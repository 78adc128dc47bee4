"""One source loaded from a few rows: the columns its description expects are filled in empty, so that a test says only
what it is about.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from loaders.check import CheckResult, check
from loaders.source import discover

Rows = Iterable[Mapping[str, str]]


@dataclass(frozen=True)
class Loaded:
    """What became of the rows."""

    result: CheckResult

    def table(self, name: str) -> list[dict[str, Any]]:
        return [row for path in self.result.tables.get(name, []) for row in pq.read_table(path).to_pylist()]

    def people(self) -> dict[str, dict[str, Any]]:
        return {row["record_id"]: row for row in self.table("person")}

    def kin(self) -> list[tuple[str, str, str]]:
        return [(row["from_record"], row["code"], row["to_record"]) for row in self.table("relationship")]

    def quarantined(self) -> list[tuple[str, str, str]]:
        return [(row["file"], row["column"], row["reason"]) for row in _read(self.result.quarantine)]

    def dropped(self) -> list[tuple[str, str]]:
        return [(row["column"], row["reason"]) for row in _read(self.result.dropped)]

    def notes(self) -> str:
        return " | ".join(map(str, self.result.notes))

    def written(self) -> bytes:
        """Every byte that the load left behind, tables as text."""
        work = self.result.quarantine.parent
        files = [path for path in work.rglob("*") if path.is_file()]
        tables = "".join(str(pq.read_table(path).to_pylist()) for path in files if path.suffix == ".parquet")
        return b"".join(path.read_bytes() for path in files) + tables.encode()


def load(folder: Path, source: str, **files: Rows) -> Loaded:
    """The source read from these rows, on 1 June 2026, with its gate open."""
    spec = discover()[source]
    extracts = folder / "extracts"
    (extracts / source).mkdir(parents=True)
    (extracts / "manifest.toml").write_text("as_at = 2026-06-01\ninvented = true\n")
    for file in spec.files:
        if file.name in files:
            rows = list(files[file.name])
            header = list(dict.fromkeys([*file.expected, *(column for row in rows for column in row)]))
            with (extracts / source / file.filename).open("w", encoding="utf-8", newline="") as lines:
                out = csv.DictWriter(lines, header, restval="", lineterminator="\n")
                out.writeheader()
                out.writerows(rows)
    assert files.keys() <= {file.name for file in spec.files}
    return Loaded(check(extracts, folder / "work", gates={spec.gate} if spec.gate else frozenset()))


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
