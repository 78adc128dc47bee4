"""Why two records were joined or were not: the scored pairs of a build, field by field, in a file beside its graphs.

Holds keys and numbers only, never a name or a date. Written once per build; who may look at a pair is for others to
decide.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from graph.home import owner_only_files

FILE = "evidence.sqlite"
MISSING = "-"
"""Stands in a pair's levels where one of the records has nothing to compare."""

_PLACES = "0123456789abcdefghijklmnopqrstuvwxyz"
_SCHEMA = """
CREATE TABLE constants (prior REAL NOT NULL, join_weight REAL NOT NULL, model TEXT NOT NULL);
CREATE TABLE level (
    field INTEGER NOT NULL, place INTEGER NOT NULL, name TEXT NOT NULL, title TEXT NOT NULL, level TEXT NOT NULL,
    words TEXT NOT NULL, weight REAL NOT NULL, PRIMARY KEY (field, place)) WITHOUT ROWID;
CREATE TABLE pair (
    source_l TEXT NOT NULL, record_l TEXT NOT NULL, source_r TEXT NOT NULL, record_r TEXT NOT NULL,
    person_l TEXT NOT NULL, person_r TEXT NOT NULL, weight REAL NOT NULL, guard TEXT NOT NULL, levels TEXT NOT NULL,
    rarity_forename REAL NOT NULL, rarity_surname REAL NOT NULL);
CREATE TABLE cell (
    source_l TEXT NOT NULL, source_r TEXT NOT NULL, words TEXT NOT NULL, PRIMARY KEY (source_l, source_r));
CREATE TABLE settled (person_l TEXT NOT NULL, person_r TEXT NOT NULL, PRIMARY KEY (person_l, person_r)) WITHOUT ROWID;
CREATE TABLE alarm (person TEXT NOT NULL, kind TEXT NOT NULL, figure REAL NOT NULL);
"""
_INDEXES = """
CREATE INDEX pair_left ON pair (person_l);
CREATE INDEX pair_right ON pair (person_r);
CREATE INDEX pair_doubtful ON pair (guard, weight) WHERE person_l <> person_r;
"""
_UNSETTLED = "AND NOT EXISTS (SELECT 1 FROM settled s WHERE s.person_l = pair.person_l AND s.person_r = pair.person_r)"
_COLUMNS = (
    "source_l, record_l, source_r, record_r, person_l, person_r, weight, guard, levels, rarity_forename, rarity_surname"
)

Key = tuple[str, str]
PairRow = tuple[str, str, str, str, str, str, float, str, str, float, float]
"""A row of the table `pair`."""


@dataclass(frozen=True, slots=True)
class LevelRow:
    """One level of one field (comparison): what it is called, and what it says for (above 0) or against one person.

    `field` and `place` are their places in the model; `weight` is in log2 odds.
    """

    field: int
    place: int
    name: str
    title: str
    level: str
    words: str
    weight: float


@dataclass(frozen=True, slots=True)
class Field:
    """What one field says of a pair: its level in words, and its weight in log2 odds. `known` is False where one record
    has nothing to compare. `rarity` is the part of the weight that the name's rarity gives or takes.
    """

    name: str
    title: str
    level: str
    words: str
    weight: float
    rarity: float
    known: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """One scored pair: both records (source, record id), who they are, and why. `weight` is in log2 odds, as the guard
    left it; `guard` is empty where none stopped it. The fields and `prior` add up to it, but for the guard.
    """

    left: Key
    right: Key
    person_left: str
    person_right: str
    weight: float
    guard: str
    prior: float
    fields: tuple[Field, ...]

    @property
    def joined(self) -> bool:
        """Whether both records are one person in this build."""
        return self.person_left == self.person_right

    @property
    def probability(self) -> float:
        """The chance that both are one person, going by this pair alone."""
        return float(1 / (1 + 2.0 ** -max(-500.0, min(500.0, self.weight))))


@dataclass(frozen=True, slots=True)
class Alarm:
    """A person whose records deserve a look: `kind` is large or loose, `figure` the number of records or their mean
    weight in log2 odds. One of kind perhaps is no alarm; it may be a loose one to who sees a part of the records.
    """

    person: str
    kind: str
    figure: float


def write_evidence(
    folder: Path, constants: tuple[float, float, str], levels: Iterable[LevelRow], pairs: Iterable[PairRow],
    alarms: Iterable[Alarm], cells: Iterable[tuple[str, str, str]] = (),
) -> None:  # fmt: skip
    """Write the evidence of one build, for its owner only. `constants`: prior and joining weight (log2 odds), model;
    `cells`: two sources, the smaller name first, and in words what their records must share to be scored.
    """
    file = folder / FILE
    with owner_only_files():
        file.unlink(missing_ok=True)
        with closing(sqlite3.connect(file)) as db:
            db.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _SCHEMA)
            db.execute("INSERT INTO constants VALUES (?, ?, ?)", constants)
            db.executemany(
                "INSERT INTO level VALUES (?, ?, ?, ?, ?, ?, ?)",
                ((r.field, r.place, r.name, r.title, r.level, r.words, r.weight) for r in levels),
            )
            db.executemany("INSERT INTO pair VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", pairs)
            db.executemany("INSERT INTO alarm VALUES (?, ?, ?)", ((a.person, a.kind, a.figure) for a in alarms))
            db.executemany("INSERT INTO cell VALUES (?, ?, ?)", cells)
            db.executescript(_INDEXES)
            db.commit()
    file.chmod(0o600)


def write_settled(folder: Path, people: Iterable[tuple[str, str]]) -> None:
    """Add who somebody has decided about, two people at a time: their pairs need nobody's eyes tonight."""
    with closing(sqlite3.connect(folder / FILE)) as db:
        both = ((one, other) for pair in people for one, other in (pair, pair[::-1]))
        db.executemany("INSERT OR IGNORE INTO settled VALUES (?, ?)", both)
        db.commit()


class Evidence:
    """The evidence of one build, for reading. Safe to share between threads: each question opens the file anew."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE

    def of_person(self, person_id: str) -> list[Pair]:
        """Every scored pair with a record of that person, the heaviest first."""
        return list(self._pairs("WHERE person_l = ? OR person_r = ? ORDER BY weight DESC, rowid", person_id, person_id))

    def between(self, one: Key, other: Key) -> Pair | None:
        """The scored pair of those two records; None where they were never scored, or scored too low to keep."""
        found = self._pairs(
            "WHERE (source_l, record_l, source_r, record_r) IN (VALUES (?, ?, ?, ?), (?, ?, ?, ?))",
            *one, *other, *other, *one,
        )  # fmt: skip
        return next(found, None)

    def guards(self) -> list[str]:
        """What stopped pairs from being joined, each once; empty text for those that nothing but their weight did."""
        with closing(self._open()) as db:
            return [
                row[0] for row in db.execute("SELECT DISTINCT guard FROM pair WHERE person_l <> person_r ORDER BY 1")
            ]

    def doubtful(self, guard: str, limit: int, offset: int = 0) -> list[Pair]:
        """Pairs that were scored and not joined, of two people nobody had decided about when the build was made: those
        that one guard stopped, nearest to joining first.
        """
        where = f"""WHERE person_l <> person_r AND guard = ? {_UNSETTLED if self._holds("settled") else ""}
            ORDER BY weight DESC, rowid LIMIT ? OFFSET ?"""
        return list(self._pairs(where, guard, limit, offset))

    def must_share(self, one: str, other: str) -> str:
        """What records of two sources must share to be scored, in words; empty where that is not known."""
        if not self._holds("cell"):
            return ""
        with closing(self._open()) as db:
            query = "SELECT words FROM cell WHERE source_l = ? AND source_r = ?"
            found = db.execute(query, sorted((one, other))).fetchone()
        return str(found[0]) if found else ""

    def alarms(self) -> list[Alarm]:
        """People whose records deserve a look."""
        with closing(self._open()) as db:
            return [Alarm(*row) for row in db.execute("SELECT person, kind, figure FROM alarm ORDER BY kind, person")]

    def _holds(self, table: str) -> bool:
        """Whether the build has that table: an earlier program wrote fewer."""
        with closing(self._open()) as db:
            return bool(db.execute("SELECT 1 FROM sqlite_master WHERE name = ?", [table]).fetchone())

    def _pairs(self, where: str, *values: object) -> Iterator[Pair]:
        with closing(self._open()) as db:
            (prior,) = db.execute("SELECT prior FROM constants").fetchone()
            levels: dict[int, list[LevelRow]] = {}
            for row in db.execute("SELECT field, place, name, title, level, words, weight FROM level ORDER BY 1, 2"):
                levels.setdefault(row[0], []).append(LevelRow(*row))
            query = f"SELECT {_COLUMNS} FROM pair {where}"  # noqa: S608 - our own text; what varies is a parameter
            for row in db.execute(query, values).fetchall():
                yield _pair(row, prior, levels)

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(f"file:{self._file}?mode=ro", uri=True)


def codes(places: Sequence[int | None]) -> str:
    """The levels of a pair as one text: for each field the place of its level, MISSING where there is none."""
    return "".join(MISSING if place is None else _PLACES[place] for place in places)


def _pair(row: PairRow, prior: float, levels: dict[int, list[LevelRow]]) -> Pair:
    source_l, record_l, source_r, record_r, person_l, person_r, weight, guard, places, forename, surname = row
    rarity = {"forename": forename, "surname": surname}
    fields = tuple(
        _field(levels[number], place, rarity.get(levels[number][0].name, 0.0)) for number, place in enumerate(places)
    )
    return Pair((source_l, record_l), (source_r, record_r), person_l, person_r, weight, guard, prior, fields)


def _field(levels: Sequence[LevelRow], place: str, rarity: float) -> Field:
    first = levels[0]
    if place == MISSING:
        return Field(first.name, first.title, "missing", "", 0.0, 0.0, known=False)
    level = levels[_PLACES.index(place)]
    return Field(level.name, level.title, level.level, level.words, level.weight + rarity, rarity, known=True)
