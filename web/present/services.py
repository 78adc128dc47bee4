"""Service involvement in words, and the four faces of its absence.

A service is involved now, was involved before, was searched and holds nothing (with the date and coverage), or was not
searched (age rule, not connected, stale). A service a viewer's class may not see is never called "nothing held".
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from web.present.dates import has_ended, span_words
from web.present.freshness import Provenance, ServiceRule, Source, Sources, provenance
from web.present.rows import Row, day, flag, text


class Face(StrEnum):
    """What can be said of a service and a person; the value is the page's `data-absence`."""

    NOW = "involved-now"
    BEFORE = "involved-before"
    NOTHING_HELD = "nothing-held"
    NOT_SEARCHED = "not-searched"
    NOT_SHOWN = "not-shown"


_UNNAMED = "Service not named"

FACE_WORDS = {
    Face.NOW: "Involved now",
    Face.BEFORE: "Involved before",
    Face.NOTHING_HELD: "Searched, nothing held",
    Face.NOT_SEARCHED: "Not searched",
    Face.NOT_SHOWN: "Not shown to your role",
}


@dataclass(frozen=True, slots=True)
class Spell:
    """One spell of a service with a person, in words. Empty texts were not recorded."""

    service_id: str
    service: str
    kind: str
    open: bool
    dates: str
    end_reason: str
    team: str
    role: str
    lead: bool
    allocated: bool
    organisation: str
    practitioner: str
    practitioner_role: str
    phone: str
    email: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class ToldSpell:
    """One spell as one or more sources tell it: the fullest telling, and how each of the others differs from it."""

    main: Spell
    others: tuple[tuple[Spell, str], ...]


@dataclass(frozen=True, slots=True)
class Search:
    """What came of asking one source about one service: searched, or why not."""

    source: str
    title: str
    searched: bool
    words: str


@dataclass(frozen=True, slots=True)
class ServiceFace:
    """One service and one person: its face, the spells behind it, and what was searched; where there are spells, only
    what was not.
    """

    service_id: str
    title: str
    face: Face
    spells: tuple[ToldSpell, ...] = ()
    searches: tuple[Search, ...] = ()


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


def flags_by_person(rows: Iterable[Row], sources: Sources, on: date) -> dict[str, Flags]:
    """Current and earlier services of each person, by person id, in alphabetical order."""
    by_person: dict[str, dict[str, list[Row]]] = {}
    for row in sorted(rows, key=lambda row: (text(row, "service") or "", text(row, "source") or "", _updated(row))):
        titles = by_person.setdefault(str(row["person_id"]), {})
        titles.setdefault(text(row, "service") or _UNNAMED, []).append(row)
    return {person_id: _flags(titles, sources, on) for person_id, titles in by_person.items()}


def _flags(titles: Mapping[str, Sequence[Row]], sources: Sources, on: date) -> Flags:
    flags = Flags()
    for title, rows in titles.items():
        current = [row for row in rows if _is_open(row, on)]
        latest = {text(row, "source") or "": provenance(row, sources) for row in current or rows}
        (flags.now if current else flags.before).append(Flag(title, tuple(latest.values())))
    return flags


def _updated(row: Row) -> date:
    return day(row, "updated_on") or date.min


def faces(rows: Iterable[Row], sources: Sources, age: int | None, on: date, hide_sensitive: bool) -> list[ServiceFace]:
    """Every service's face for one person: involved now, before, nothing held, not searched, not shown.

    With `hide_sensitive` the sensitive services of the sources get the same face for every person.
    """
    held: dict[str, list[Spell]] = {}
    for row in sorted(rows, key=lambda row: _row_place(row, on)):
        spell = _spell(row, sources, on)
        held.setdefault(spell.service_id, []).append(spell)
    rules = _rules(sources)
    found = [_involved(service_id, spells, rules.get(service_id, ())) for service_id, spells in held.items()]
    found += [_absent(asked, age, hide_sensitive) for service_id, asked in rules.items() if service_id not in held]
    order = list(Face)
    return sorted(found, key=lambda face: (order.index(face.face), face.title))


def _involved(service_id: str, spells: Sequence[Spell], asked: Sequence[tuple[Source, ServiceRule]]) -> ServiceFace:
    """What is held, and which sources that could tell more are not connected or out of date."""
    face = Face.NOW if any(spell.open for spell in spells) else Face.BEFORE
    silent = tuple(_search(source, rule, None) for source, rule in asked if not source.connected or source.stale)
    return ServiceFace(service_id, spells[0].service, face, tuple(_told(spells)), silent)


def _absent(asked: Sequence[tuple[Source, ServiceRule]], age: int | None, hide_sensitive: bool) -> ServiceFace:
    service_id, title = asked[0][1].service_id, asked[0][1].title
    if hide_sensitive and any(rule.sensitive for _, rule in asked):
        return ServiceFace(service_id, title, Face.NOT_SHOWN)
    searches = tuple(_search(source, rule, age) for source, rule in asked)
    searched = any(search.searched for search in searches)
    return ServiceFace(service_id, title, Face.NOTHING_HELD if searched else Face.NOT_SEARCHED, (), searches)


def _told(spells: Sequence[Spell]) -> list[ToldSpell]:
    """Spells of one worker with the same dates are one spell told by several sources; all others stay apart."""
    groups: dict[tuple[str, ...], list[Spell]] = {}
    for index, spell in enumerate(spells):
        name = spell.practitioner.casefold()
        groups.setdefault((name, spell.dates) if name else (str(index),), []).append(spell)
    return [part for group in groups.values() for part in _by_source(group)]


def _by_source(group: Sequence[Spell]) -> list[ToldSpell]:
    """One telling per source at most: a source that tells two spells means two."""
    if len({spell.provenance.source for spell in group}) < len(group):
        return [ToldSpell(spell, ()) for spell in group]
    main, *others = sorted(
        group, key=lambda spell: (-sum(bool(getattr(spell, name)) for name, _ in _TELLING), spell.kind)
    )
    return [ToldSpell(main, tuple((other, _differs(main, other)) for other in others))]


_TELLING = (
    ("kind", "as"), ("team", "team"), ("organisation", "organisation"), ("practitioner_role", "role"),
    ("end_reason", "end reason"), ("phone", "phone"), ("email", "email"),
)  # fmt: skip
"""What two tellings of one spell are held against each other by, and how a difference is introduced."""


def _differs(main: Spell, other: Spell) -> str:
    told = ((word, getattr(other, name), getattr(main, name)) for name, word in _TELLING)
    return ", ".join(f"{word} “{value}”" for word, value, known in told if value and value != known)


def _search(source: Source, rule: ServiceRule, age: int | None) -> Search:
    if not source.connected:
        return Search(source.name, source.title, False, "not connected")
    if not _asked_at(rule, age):
        return Search(source.name, source.title, False, f"only {_age_rule(rule)} are searched")
    coverage = f"; covers {source.coverage[:1].lower()}{source.coverage[1:]}" if source.coverage else ""
    if source.stale:
        return Search(source.name, source.title, False, f"out of date: last extract {source.extracted}{coverage}")
    return Search(source.name, source.title, True, f"searched in the extract of {source.extracted}{coverage}")


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


def _is_open(row: Row, on: date) -> bool:
    return text(row, "status") != "closed" and not has_ended(day(row, "end"), on)


def _spell(row: Row, sources: Sources, on: date) -> Spell:
    return Spell(
        service_id=text(row, "service_id") or "",
        service=text(row, "service") or _UNNAMED,
        kind=text(row, "kind") or "",
        open=_is_open(row, on),
        dates=span_words(day(row, "start"), day(row, "end"), on),
        end_reason=text(row, "end_reason") or "",
        team=text(row, "team") or "",
        role=text(row, "role") or "",
        lead=flag(row, "lead_professional"),
        allocated=flag(row, "allocated"),
        organisation=text(row, "organisation") or "",
        practitioner=text(row, "practitioner") or "",
        practitioner_role=text(row, "practitioner_role") or "",
        phone=text(row, "phone") or "",
        email=text(row, "email") or "",
        provenance=provenance(row, sources),
    )


def _row_place(row: Row, on: date) -> tuple[bool, bool, int, str, str]:
    """Open spells first, the lead professional's before others, then the newest start."""
    start = day(row, "start")
    newest = -start.toordinal() if start else 0
    return (
        not _is_open(row, on),
        not flag(row, "lead_professional"),
        newest,
        text(row, "kind") or "",
        text(row, "source_row") or "",
    )
