"""The services of people in a list: which are involved now, and which only were before, each with who says so."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from web.present.freshness import Provenance, Sources, provenance
from web.present.happenings import still_so
from web.present.rows import Row, day, text
from web.present.services import Held
from web.present.spells import UNNAMED, is_open


@dataclass(frozen=True, slots=True)
class Flag:
    """A service that is or was involved with somebody, and the latest telling of it by each source."""

    title: str
    told: tuple[Provenance, ...]

    @property
    def sources(self) -> str:
        """Names of the sources, as an attribute holds them."""
        return " ".join(one.source for one in self.told)


@dataclass(slots=True)
class Flags:
    """A linked person's services for a list: those involved now, and those involved only before."""

    now: list[Flag] = field(default_factory=list)
    before: list[Flag] = field(default_factory=list)

    @property
    def told(self) -> list[tuple[str, Provenance]]:
        """Every service with every source that tells of it."""
        return [(known.title, one) for known in (*self.now, *self.before) for one in known.told]


def flags_by_person(held: Held, sources: Sources, on: date) -> dict[str, Flags]:
    """Current and earlier services of each person, by person id, in alphabetical order.

    A service is involved now where a spell or plan is open, or a fact that holds until it is ended has not been.
    """
    by_person: dict[str, dict[str, list[tuple[Row, bool]]]] = {}
    for row, now in sorted(_rows(held, on), key=lambda one: _place(one[0])):
        titles = by_person.setdefault(str(row["person_id"]), {})
        titles.setdefault(text(row, "service") or UNNAMED, []).append((row, now))
    return {person_id: _flags(titles, sources) for person_id, titles in by_person.items()}


def _rows(held: Held, on: date) -> Iterator[tuple[Row, bool]]:
    for row in (*held.involvements, *held.plans):
        yield row, is_open(row, on)
    for row in held.events:
        yield row, still_so(row, on)


def _flags(titles: Mapping[str, Sequence[tuple[Row, bool]]], sources: Sources) -> Flags:
    flags = Flags()
    for title, rows in titles.items():
        current = [row for row, now in rows if now]
        told = current or [row for row, _ in rows]
        latest = {text(row, "source") or "": provenance(row, sources) for row in told}
        (flags.now if current else flags.before).append(Flag(title, tuple(latest.values())))
    return flags


def _place(row: Row) -> tuple[str, str, date]:
    return text(row, "service") or "", text(row, "source") or "", day(row, "updated_on") or date.min
