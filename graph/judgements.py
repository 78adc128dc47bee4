"""What people have decided about records: the same person, not the same, or unsure, with who, when and why.

Append-only: a decision is never changed or removed, only outspoken by a later one or undone. Written by the review
desk, read by linking. It never lifts a restriction, and holds no fact about anybody but the keys of records.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Engine,
    Index,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    and_,
    insert,
    or_,
    select,
    text,
    tuple_,
)
from sqlalchemy.exc import SQLAlchemyError

from graph.errors import StorageFailed, UsageError
from graph.sqlite import owner_only_database

FILE = "judgements.sqlite"
SHORTEST_REASON, LONGEST_REASON = 3, 500

Key = tuple[str, str]
"""A record: its source and its id there."""

_metadata = MetaData()
_word = Table(
    "word",
    _metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("kind", String(8), nullable=False),
    Column("of", Integer),
    Column("source_l", String),
    Column("record_l", String),
    Column("source_r", String),
    Column("record_r", String),
    Column("verdict", String(10)),
    Column("needs_second", Boolean),
    Column("by", String(64), nullable=False),
    Column("at", String(32), nullable=False),
    Column("reason", String(LONGEST_REASON), nullable=False),
    Index("word_of", "of"),
    Index("word_left", "source_l", "record_l"),
    Index("word_right", "source_r", "record_r"),
    sqlite_autoincrement=True,
)
_LEFT, _RIGHT = tuple_(_word.c.source_l, _word.c.record_l), tuple_(_word.c.source_r, _word.c.record_r)
_NEVER = "CREATE TRIGGER IF NOT EXISTS no_{0} BEFORE {0} ON word BEGIN SELECT RAISE(ABORT, 'append-only'); END"


class Verdict(StrEnum):
    """What somebody decided about two records."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Judgement:
    """One decision about a pair of records (smaller key first). `at` is in UTC. With `needs_second` it counts only once
    another person has agreed; `undone_by` is who took it back.
    """

    number: int
    left: Key
    right: Key
    verdict: Verdict
    by: str
    at: datetime
    reason: str
    needs_second: bool = False
    seconded_by: str = ""
    undone_by: str = ""

    @property
    def waits(self) -> bool:
        """Whether it still needs somebody else to agree."""
        return self.needs_second and not self.seconded_by and not self.undone_by

    @property
    def counts(self) -> bool:
        """Whether it is in force, unless a later decision says otherwise."""
        return not self.waits and not self.undone_by


class Judgements:
    """The decisions of one data folder. Raises StorageFailed where they cannot be read or written."""

    def __init__(self, data: Path) -> None:
        self._data = data

    def decide(
        self, one: Key, other: Key, verdict: Verdict, by: str, reason: str, *, needs_second: bool = False
    ) -> Judgement:
        """Write a decision down. Raises UsageError for a pair that is none and for a reason that says nothing."""
        if one == other:
            raise UsageError("A decision is about two records. Choose another record.")
        left, right = sorted((one, other))
        return self._add(
            "decide",
            by,
            _said(reason),
            source_l=left[0],
            record_l=left[1],
            source_r=right[0],
            record_r=right[1],
            verdict=verdict.value,
            needs_second=needs_second,
        )

    def second(self, number: int, by: str) -> Judgement:
        """Agree to a decision that needs two people. Raises UsageError for one's own and one that does not wait."""
        known = self._known(number)
        if not known.waits:
            raise UsageError("This decision waits for nobody any more.")
        if known.by == by:
            raise UsageError("A second person must agree: somebody other than who decided.")
        return self._add("second", by, "agreed", of=number)

    def undo(self, number: int, by: str, reason: str) -> Judgement:
        """Take a decision back, one's own or another's. Raises UsageError where that has been done."""
        if self._known(number).undone_by:
            raise UsageError("This decision has been taken back already.")
        return self._add("undo", by, _said(reason), of=number)

    def history(self) -> list[Judgement]:
        """Every decision ever made, oldest first, as it stands now."""
        return list(self._read().values())

    def standing(self) -> list[Judgement]:
        """For each pair the latest decision in force."""
        latest = {(one.left, one.right): one for one in self.history() if one.counts}
        return sorted(latest.values(), key=lambda one: one.number)

    def waiting(self) -> list[Judgement]:
        """Decisions that need a second person, oldest first."""
        return [one for one in self.history() if one.waits]

    def of_pair(self, one: Key, other: Key) -> list[Judgement]:
        """Every decision about just these two records, oldest first."""
        left, right = sorted((one, other))
        return list(self._read(and_(_LEFT.in_([left]), _RIGHT.in_([right]))).values())

    def numbered(self, number: int) -> Judgement | None:
        """The decision of that number, if there is one."""
        return self._read(_word.c.number == number).get(number)

    def since(self, moment: datetime) -> list[Judgement]:
        """For every pair about which anything was said at that moment or after, the decision in force on it now; where
        there is none, the last that was taken back, one from before that moment if there is any.
        """
        at = moment.astimezone(UTC).isoformat(timespec="seconds")
        said = self._words(select(_word).where(_word.c.at >= at))
        numbers = {word["number"] if word["kind"] == "decide" else word["of"] for word in said}
        touched = self._read(_word.c.number.in_(numbers)) if numbers else {}
        found = (self.of_pair(*pair)[::-1] for pair in {(one.left, one.right): None for one in touched.values()})
        latest = (
            max(pair, key=lambda one: (one.counts, not one.waits and one.at < moment, one.number)) for pair in found
        )
        return [one for one in latest if not one.waits]

    def _known(self, number: int) -> Judgement:
        known = self.numbered(number)
        if known is None:
            raise UsageError("There is no decision of that number.")
        return known

    def _add(self, kind: str, by: str, reason: str, **values: Any) -> Judgement:
        at = datetime.now(UTC).isoformat(timespec="seconds")
        try:
            with _engine(self._data).begin() as connection:
                done = connection.execute(insert(_word).values(kind=kind, by=by, at=at, reason=reason, **values))
                number = values.get("of") or (done.inserted_primary_key or (0,))[0]
        except SQLAlchemyError:
            raise StorageFailed("The decision could not be written down. Nothing was changed; try again.") from None
        return self._known(int(number))

    def _words(self, query: Select[Any]) -> Sequence[Any]:
        if not (self._data / FILE).exists():  # looking must not make it
            return ()
        try:
            with _engine(self._data).connect() as connection:
                return connection.execute(query).mappings().all()
        except SQLAlchemyError:
            raise StorageFailed(f"{self._data / FILE} cannot be read. Restore it from a backup.") from None

    def _read(self, about: ColumnElement[bool] | None = None) -> dict[int, Judgement]:
        """Decisions by number as they stand now, all of them or those `about` which the condition holds."""
        query = select(_word).order_by(_word.c.number)
        if about is not None:
            decided = select(_word.c.number).where(_word.c.kind == "decide", about)
            query = query.where(or_(_word.c.number.in_(decided), _word.c.of.in_(decided)))
        found: dict[int, Judgement] = {}
        for word in self._words(query):
            if word["kind"] == "decide":
                found[word["number"]] = _judgement(word)
            elif word["kind"] == "second":
                found[word["of"]] = replace(found[word["of"]], seconded_by=word["by"])
            else:
                found[word["of"]] = replace(found[word["of"]], undone_by=word["by"])
        return found


def links(standing: Iterable[Judgement]) -> tuple[list[tuple[Key, Key]], list[tuple[Key, Key]]]:
    """What linking must join and what it may never join."""

    def of(verdict: Verdict) -> Iterator[tuple[Key, Key]]:
        return ((one.left, one.right) for one in known if one.verdict is verdict)

    known = list(standing)
    return list(of(Verdict.SAME)), list(of(Verdict.DIFFERENT))


def _judgement(word: Any) -> Judgement:
    return Judgement(
        number=word["number"],
        left=(word["source_l"], word["record_l"]),
        right=(word["source_r"], word["record_r"]),
        verdict=Verdict(word["verdict"]),
        by=word["by"],
        at=datetime.fromisoformat(word["at"]),
        reason=word["reason"],
        needs_second=word["needs_second"],
    )


def _said(reason: str) -> str:
    tidy = " ".join(reason.split())
    if len(tidy) < SHORTEST_REASON:
        raise UsageError("Say why, in a few words: whoever looks at this decision later must understand it.")
    if len(tidy) > LONGEST_REASON:
        raise UsageError(f"The reason is longer than {LONGEST_REASON} characters. Say it shorter.")
    return tidy


def _engine(data: Path) -> Engine:
    return _opened(data, os.getpid())


@cache
def _opened(data: Path, process: int) -> Engine:
    """One engine per process. Decisions are few and precious: each is on disk before anybody is told of it."""
    engine = owner_only_database(data, FILE, synchronous="FULL")
    _metadata.create_all(engine)
    with engine.begin() as connection:
        for change in ("UPDATE", "DELETE"):
            connection.execute(text(_NEVER.format(change)))
    return engine
