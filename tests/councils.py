"""Generated councils that several test files read: each size and seed is written once for all of them."""

import atexit
import csv
import hashlib
import shutil
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from loaders.council.generate import generate
from loaders.council.population import Council, populate
from loaders.council.settings import council_settings
from loaders.source import discover

TODAY = date(2026, 11, 23)
Rows = list[dict[str, str]]
PERSON_TABLES = {
    "mosaic": ("mosaic/dm_persons", "PERSON_ID"),
    "lcs": ("lcs/DIM_PERSON", "DIM_PERSON_ID"),
    "school_census": ("school_census/pupilonroll", "pupilonrolltableid"),
}


class Extract:
    """A generated folder, its files read on demand."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read: dict[str, Rows] = {}

    def __call__(self, name: str) -> Rows:
        if name not in self._read:
            with (self.folder / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
                self._read[name] = list(csv.DictReader(lines))
        return self._read[name]

    def entities(self) -> dict[tuple[str, str], str]:
        """(source, record_id) -> entity_id."""
        return {(row["source"], row["record_id"]): row["entity_id"] for row in self("truth/records")}


@cache
def extract(people: int, seed: int = 1, reverse: tuple[str, ...] = ()) -> Extract:
    """A council of that size, written once for all tests."""
    folder = Path(mkdtemp(prefix="council-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    generate(folder, people, seed, TODAY, reverse)
    return Extract(folder)


@cache
def council(people: int, seed: int = 1) -> Council:
    """The same council before it is written."""
    return populate(council_settings(), people, seed, TODAY)


def listed(made: Extract) -> set[tuple[str, str]]:
    """(source, record_id) of everybody whom a file of people lists, under whatever name its source calls their id."""
    found: set[tuple[str, str]] = set()
    for source in discover().values():
        for spec in (spec for spec in source.files if spec.people and (made.folder / source.name).is_dir()):
            key = spec.key or spec.expected[0]
            found |= {(source.name, row[key]) for row in made(f"{source.name}/{spec.name}")}
    return found


def digest(folder: Path) -> str:
    """One hash over names and bytes of every file."""
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            found.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


def day(text: str) -> date | None:
    """The day in any of the forms the extracts use; None where there is none or it is no day."""
    for form in ("%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%b-%d %H:%M:%S", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    return None


def direction(made: Extract, source: str) -> float:
    """Share of dated parent pairs in which the parent is at least twelve years older."""
    table, key = PERSON_TABLES[source]
    column = "DATE_OF_BIRTH" if source == "mosaic" else "BIRTH_DTTM"
    born = {row[key]: found for row in made(table) if (found := day(row[column])) and found.year > 1900}
    pairs = list(mosaic_parents(made)) if source == "mosaic" else list(lcs_parents(made))
    dated = [(born[parent], born[child]) for parent, child in pairs if parent in born and child in born]
    assert len(dated) > 50
    return sum((child - parent).days > 12 * 365 for parent, child in dated) / len(dated)


def mosaic_parents(made: Extract) -> Iterator[tuple[str, str]]:
    """(parent, child) as Mosaic's labels say."""
    types = {row["PERSONAL_REL_TYPE_ID"]: row["DESCRIPTION"] for row in made("mosaic/dm_personal_rel_types")}
    for row in made("mosaic/dm_personal_relationships"):
        left, _, right = types[row["PERSONAL_REL_TYPE_ID"]].partition(" : ")
        if left in ("Mother", "Father") and right != "Unborn Child":
            yield row["PERSON_ID"], row["OTHER_PERSON_ID"]


def lcs_parents(made: Extract) -> Iterator[tuple[str, str]]:
    """(parent, child) as the code CHI says."""
    for row in made("lcs/FACT_PERSON_RELATION"):
        if row["DIM_LOOKUP_RELTN_TYPE_CODE"] == "CHI":
            yield row["DIM_PERSON_ID"], row["DIM_RELATED_PERSON_ID"]
