"""Every service and one person: what is held of it, or which of the four faces its absence has.

A service is involved now, was involved before, was searched and holds nothing (with the date and coverage), or was not
searched (age rule, not connected, switched off, stale). A service a viewer's class may not see is never called "nothing
held", and has the same face for everybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from graph.classes import VisibilityClass
from web.present.folding import Telling
from web.present.freshness import ServiceRule, Source, Sources
from web.present.happenings import Happenings, happenings, still_so
from web.present.plans import Plan, plans
from web.present.rows import Row, listed, text, unique
from web.present.spells import UNNAMED, Spell, is_open, spells


class Face(StrEnum):
    """What can be said of a service and a person; the value is the page's `data-absence`."""

    NOW = "involved-now"
    BEFORE = "involved-before"
    NOTHING_HELD = "nothing-held"
    NOT_SEARCHED = "not-searched"
    NOT_SHOWN = "not-shown"


Told = TypeVar("Told")

FACE_WORDS = {
    Face.NOW: "Involved now",
    Face.BEFORE: "Involved before",
    Face.NOTHING_HELD: "Searched, nothing held",
    Face.NOT_SEARCHED: "Not searched",
    Face.NOT_SHOWN: "Not shown to your role",
}


@dataclass(frozen=True, slots=True)
class Held:
    """What the graph holds of one person, as the catalogue gives it: spells of service, plans, and dated facts."""

    involvements: Sequence[Row] = ()
    plans: Sequence[Row] = ()
    events: Sequence[Row] = ()


@dataclass(frozen=True, slots=True)
class Search:
    """What came of asking about one service: searched, or why not. Several sources with one answer share it."""

    sources: str
    titles: str
    searched: bool
    words: str
    council_wide: bool
    """Whether the answer is the same for everybody, because the source was not read."""

    gap: bool
    """Whether more may be held there: it was not searched, and not because its age rule leaves the person out."""


@dataclass(frozen=True, slots=True)
class ServiceFace:
    """One service and one person: its face, what is held, and what was searched; where something is held, only what was
    not.
    """

    service_id: str
    title: str
    face: Face
    spells: tuple[Telling[Spell], ...] = ()
    plans: tuple[Telling[Plan], ...] = ()
    happenings: tuple[Happenings, ...] = ()
    searches: tuple[Search, ...] = ()

    @property
    def council_wide(self) -> bool:
        """Whether it was searched for nobody at all, because none of its sources was read."""
        return self.face is Face.NOT_SEARCHED and all(search.council_wide for search in self.searches)

    @property
    def partly(self) -> bool:
        """Whether it was searched and nothing held, but not in every source that may hold something."""
        return self.face is Face.NOTHING_HELD and any(search.gap for search in self.searches)

    @property
    def shown(self) -> tuple[list[Telling[Spell]], list[Telling[Plan]]]:
        """The spells and plans to show at once: the open ones, or the latest of each where none is open."""
        return _first(self.spells, [one.main.open for one in self.spells]), _first(
            self.plans, [one.main.open for one in self.plans]
        )

    @property
    def earlier(self) -> tuple[list[Telling[Spell]], list[Telling[Plan]]]:
        """The other spells and plans, newest first."""
        now = self.shown
        return [one for one in self.spells if one not in now[0]], [one for one in self.plans if one not in now[1]]

    @property
    def earlier_words(self) -> str:
        """What the others are: "1 earlier spell of service and 2 earlier plans or assessments"; empty for none."""
        spells_, plans_ = self.earlier
        parts = [_counted(len(spells_), "earlier spell of service", "earlier spells of service") if spells_ else ""]
        parts += [_counted(len(plans_), "earlier plan or assessment", "earlier plans or assessments") if plans_ else ""]
        return listed(part for part in parts if part)


def faces(held: Held, sources: Sources, age: int | None, on: date, visibility: VisibilityClass) -> list[ServiceFace]:
    """Every service's face for one person: involved now, before, nothing held, not searched, not shown.

    What readers of this class are shown of nobody has the same face for every person.
    """
    by_service = _by_service(held)
    rules = _rules(sources)
    found = [_involved(key, rows, rules.get(key, ()), sources, on, visibility) for key, rows in by_service.items()]
    found += [_absent(asked, age, visibility) for key, asked in rules.items() if key not in by_service]
    order = list(Face)
    return sorted(found, key=lambda face: (order.index(face.face), face.title))


def coverage(found: Sequence[ServiceFace], sources: Sources) -> list[tuple[str, str, str]]:
    """Name, title and coverage of each source that was asked about a service of which nothing is held."""
    absent = (face for face in found if face.face in (Face.NOTHING_HELD, Face.NOT_SEARCHED))
    names = unique(name for face in absent for one in face.searches for name in one.sources.split())
    asked = [sources[name] for name in names if not sources[name].absent]
    return [(one.name, one.title, one.coverage) for one in asked if one.coverage]


def _by_service(held: Held) -> dict[str, Held]:
    kinds = [("involvements", held.involvements), ("plans", held.plans), ("events", held.events)]
    found: dict[str, dict[str, list[Row]]] = {}
    for kind, rows in kinds:
        for row in rows:
            found.setdefault(text(row, "service_id") or "", {}).setdefault(kind, []).append(row)
    return {key: Held(**rows) for key, rows in found.items()}


def _involved(
    key: str,
    held: Held,
    asked: Sequence[tuple[Source, ServiceRule]],
    sources: Sources,
    on: date,
    visibility: VisibilityClass,
) -> ServiceFace:
    """What is held, and which sources that could tell more were not read, are out of date or are not for this role."""
    rows = [*held.involvements, *held.plans, *held.events]
    now = any(is_open(row, on) for row in (*held.involvements, *held.plans)) or any(
        still_so(row, on) for row in held.events
    )
    silent = [(one, rule) for one, rule in asked if _silent(one, visibility)]
    return ServiceFace(
        service_id=key,
        title=next((title for row in rows if (title := text(row, "service"))), UNNAMED),
        face=Face.NOW if now else Face.BEFORE,
        spells=tuple(spells(held.involvements, sources, on)),
        plans=tuple(plans(held.plans, sources, on)),
        happenings=tuple(happenings(held.events, sources, on)),
        searches=_searches(silent, None, visibility),
    )


def _absent(asked: Sequence[tuple[Source, ServiceRule]], age: int | None, visibility: VisibilityClass) -> ServiceFace:
    service_id, title = asked[0][1].service_id, asked[0][1].title
    sensitive = visibility is VisibilityClass.STANDARD and any(rule.sensitive for _, rule in asked)
    if sensitive or all(_withheld(source, visibility) for source, _ in asked):
        return ServiceFace(service_id, title, Face.NOT_SHOWN)
    searches = _searches(asked, age, visibility)
    searched = any(search.searched for search in searches)
    return ServiceFace(service_id, title, Face.NOTHING_HELD if searched else Face.NOT_SEARCHED, searches=searches)


def _withheld(source: Source, visibility: VisibilityClass) -> bool:
    """Whether it was read, and readers of this class are shown nothing of it for anybody."""
    return source.connected and visibility not in source.classes


def _silent(source: Source, visibility: VisibilityClass) -> bool:
    """Whether it could tell more than it does: not read, out of date, or not for readers of this class."""
    return bool(source.absent) or source.stale or _withheld(source, visibility)


def _searches(
    asked: Sequence[tuple[Source, ServiceRule]], age: int | None, visibility: VisibilityClass
) -> tuple[Search, ...]:
    """The answers, those in which something was searched first; sources with the same answer stand together."""
    found: dict[tuple[bool, str], list[Source]] = {}
    for source, rule in asked:
        found.setdefault(_answer(source, rule, age, visibility), []).append(source)
    return tuple(
        Search(
            sources=" ".join(one.name for one in who),
            titles=listed(one.title for one in who),
            searched=searched,
            words=words,
            council_wide=bool(who[0].absent),
            gap=any(_silent(one, visibility) for one in who),
        )
        for (searched, words), who in sorted(found.items(), key=lambda item: not item[0][0])
    )


def _answer(source: Source, rule: ServiceRule, age: int | None, visibility: VisibilityClass) -> tuple[bool, str]:
    if source.absent:
        return False, source.absent
    if _withheld(source, visibility):
        return False, "not shown to your role for anybody"
    if source.about_places:
        return False, "tells of addresses only, never of a person: see the address"
    if not _asked_at(rule, age):
        return False, f"only {_age_rule(rule)} are searched"
    if source.stale:
        return False, f"out of date: last extract {source.extracted}"
    return True, f"searched in the extract of {source.extracted}"


def _first(told: Sequence[Told], still: Sequence[bool]) -> list[Told]:
    """Those that still run, else the first."""
    return [one for one, open_ in zip(told, still, strict=True) if open_] or list(told[:1])


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _asked_at(rule: ServiceRule, age: int | None) -> bool:
    """Whether the age rule lets the source be searched; a person of unknown age is always searched."""
    if age is None:
        return True
    return (rule.age_from is None or age >= rule.age_from) and (rule.age_to is None or age <= rule.age_to)


def _age_rule(rule: ServiceRule) -> str:
    if rule.age_from is not None and rule.age_to is not None:
        return f"people aged {rule.age_from} to {rule.age_to}"
    return f"people aged {rule.age_from} and over" if rule.age_from is not None else f"people aged up to {rule.age_to}"


def _rules(sources: Sources) -> dict[str, list[tuple[Source, ServiceRule]]]:
    rules: dict[str, list[tuple[Source, ServiceRule]]] = {}
    for source in sources.values():
        for rule in source.services:
            rules.setdefault(rule.service_id, []).append((source, rule))
    return rules
