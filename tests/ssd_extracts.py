"""Small extracts of the Standard Safeguarding Dataset, written for one test at a time and checked with the real loader.

A test names only the columns it cares about; the rest of a published layout is empty.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from loaders.check import CheckResult, check
from loaders.source import discover
from tests.small_extracts import council, write_csv

Rows = Sequence[Mapping[str, object]]

ADDRESS_KEYS = ("ROOM", "FLOOR", "FLAT", "BUILDING", "HOUSE", "STREET", "TOWN", "UPRN", "EASTING", "NORTHING")


class Loaded:
    """What a check made of an extract."""

    def __init__(self, result: CheckResult) -> None:
        self.result = result

    def rows(self, table: str) -> list[dict[str, Any]]:
        return [row for path in self.result.tables.get(table, []) for row in pq.read_table(path).to_pylist()]

    def by_id(self, table: str = "person", key: str = "record_id") -> dict[str, dict[str, Any]]:
        return {row[key]: row for row in self.rows(table)}

    def edges(self) -> set[tuple[str, str, str]]:
        return {(row["from_record"], row["code"], row["to_record"]) for row in self.rows("relationship")}

    def notes(self) -> str:
        return "\n".join(map(str, self.result.notes))

    def quarantine(self) -> str:
        return self.result.quarantine.read_text("utf-8")

    def dropped(self) -> str:
        return self.result.dropped.read_text("utf-8")


def everybody(*ids: str, **more: object) -> Rows:
    """A line of people_all for each id, nobody of them restricted."""
    return [{"person_id": one, "forename": "Ana", "surname": "Testford", "restricted": "N", **more} for one in ids]


def client(record_id: str, dob: str = "2015-05-05", **more: object) -> dict[str, object]:
    """A line of ssd_person."""
    person = {"pers_person_id": record_id, "pers_forename": "Ana", "pers_surname": "Testford", "pers_sex": "F"}
    return {**person, "pers_dob": dob, **more}


def written(**parts: str) -> str:
    """An address as the public scripts write it: texts joined by hand, quotes not escaped."""
    return "{" + ",".join(f'"{key}":"{parts.get(key, "")}"' for key in ADDRESS_KEYS) + "}"


def write(folder: Path, **files: Rows) -> Path:
    """The extract of those files, each with every column of the source's description."""
    extracts = council(folder / "extracts")
    specs = {spec.name: spec for spec in discover()["ssd"].files}
    for name, rows in files.items():
        columns = (*specs[name].columns, *specs[name].never_read)
        lines = [[row.get(column, "") for column in columns] for row in rows]
        write_csv(extracts / "ssd" / f"{name}.csv", ",".join(columns), lines)
    return extracts


def load(folder: Path, **files: Rows) -> Loaded:
    """The checked extract, which must be fit to publish."""
    loaded = Loaded(check(write(folder, **files), folder / "work"))
    assert not loaded.result.problems, [str(problem) for problem in loaded.result.problems]
    for report in loaded.result.files:
        assert report.rows == report.loaded + report.quarantined
    return loaded
