"""What became of person ids that are no longer in use: a file of each build, so that an old id still leads somewhere.

Keeps and follows; decides nothing. Which ids change is worked out where records are linked.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from graph.home import owner_only_files

FILE = "history.csv"


class Became(StrEnum):
    """What happened to a person id."""

    MERGED = "merged into"
    SPLIT = "split from"
    GONE = "gone"


class Change(NamedTuple):
    """One id and what it became in one build.

    MERGED: everybody who was `old` is `new`. SPLIT: a part of who was `old` is `new` now, and `old` lives on or was
    merged. GONE: no record of `old` is left, `new` is empty.
    """

    old: str
    new: str
    became: Became
    build: str


def read_history(folder: Path | None) -> list[Change]:
    """Every change up to a build, oldest first; none before the first publish."""
    file = folder / FILE if folder else None
    if file is None or not file.exists():
        return []
    with file.open(encoding="utf-8", newline="") as lines:
        return [Change(row["old"], row["new"], Became(row["became"]), row["build"]) for row in csv.DictReader(lines)]


def write_history(folder: Path, changes: Iterable[Change]) -> None:
    """Keep the changes with their build, for its owner only."""
    file = folder / FILE
    with owner_only_files(), file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(Change._fields)
        writer.writerows(changes)
    file.chmod(0o600)


def led_to(changes: Sequence[Change]) -> Mapping[str, str]:
    """The id in use today of every id that was merged into another, however many nights ago. Gone ids lead nowhere."""
    next_: dict[str, str] = {change.old: change.new for change in changes if change.became is Became.MERGED}
    found = {}
    for old in next_:
        at, seen = old, {old}
        while (following := next_.get(at)) is not None and following not in seen:
            at = following
            seen.add(at)
        found[old] = at
    gone = {change.old for change in changes if change.became is Became.GONE}
    return {old: new for old, new in found.items() if new not in gone and new != old}


def parts(changes: Iterable[Change]) -> Mapping[str, Sequence[str]]:
    """For each id, the ids that records of its person went to: merged into, or split from it. One night's step."""
    found: dict[str, list[str]] = {}
    for change in changes:
        if change.became is not Became.GONE:
            found.setdefault(change.old, []).append(change.new)
    return found


def heirs(onward: Mapping[str, Sequence[str]], person_id: str) -> list[str]:
    """An id and every id that a record of its person may have now, however many nights ago it was that person's."""
    found = [person_id]
    for one in found:
        found += [new for new in onward.get(one, ()) if new not in found]
    return found
