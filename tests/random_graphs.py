"""Small random councils, and the answers plain Python gives about them: the reference the queries are held to.

Written from what the questions mean, not from their Cypher. Every id carries the council's seed, so that many stand
side by side in one database and any leak from one to another is seen.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from graph.bulk import EdgeRow, NodeRow

SOURCES = ("mosaic", "lcs", "derived")
CODES = ("PARENT", "SIBLING", "FRIEND", "PARTNER")

Scope = Mapping[str, Any]


@dataclass(frozen=True)
class Link:
    first: str
    second: str
    source: str
    row: str


@dataclass(frozen=True)
class Stay:
    person: str
    address: str
    start: date | None
    end: date | None
    type: str | None


@dataclass(frozen=True)
class Spell:
    key: str
    person: str
    service: str
    source: str
    worker: str | None
    open: bool
    allocated: bool
    end: date | None
    led_end: date | None


@dataclass(frozen=True)
class Fact:
    """A plan, or something that happened, which leads to a service."""

    label: str
    key: str
    person: str
    service: str
    source: str
    kind: str


@dataclass
class Council:
    """One random council. People, workers and places by id."""

    seed: int
    people: list[str]
    workers: list[str]
    communal: dict[str, bool]
    links: list[Link] = field(default_factory=list)
    stays: list[Stay] = field(default_factory=list)
    spells: list[Spell] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)

    def nodes(self) -> Iterator[NodeRow]:
        yield from (("Person", {"person_id": one, "forename": one, "source": "mosaic"}) for one in self.people)
        yield from (("Address", {"address_id": key, "communal": is_} if is_ else {"address_id": key})
                    for key, is_ in self.communal.items())  # fmt: skip
        yield from (
            ("Service", {"service_id": key})
            for key in sorted({one.service for one in self.spells} | {one.service for one in self.facts})
        )
        for worker in self.workers:
            for source in SOURCES[:2]:
                yield "Practitioner", {"practitioner_id": f"{source}:{worker}", "source": source}
        for one in self.spells:
            status = "open" if one.open else "closed"
            said = {"status": status, "allocated": one.allocated, "source": one.source, "end": one.end}
            yield "Involvement", {"involvement_id": one.key, **said}
        for fact in self.facts:
            yield fact.label, {f"{fact.label.lower()}_id": fact.key, "kind": fact.kind, "source": fact.source}

    def edges(self) -> Iterator[EdgeRow]:
        for number, link in enumerate(self.links):
            said = {"code": CODES[number % len(CODES)], "source": link.source, "source_row": link.row}
            yield "RELATED_TO", "Person", link.first, "Person", link.second, said
        for stay in self.stays:
            dates = {"start": stay.start, "end": stay.end, "type": stay.type, "source": "mosaic"}
            yield "LIVED_AT", "Person", stay.person, "Address", stay.address, dates
        for one in self.spells:
            yield "HAD", "Person", one.person, "Involvement", one.key, {}
            yield "OF", "Involvement", one.key, "Service", one.service, {}
            if one.worker:
                led = {"end": one.led_end}
                yield "LED_BY", "Involvement", one.key, "Practitioner", f"{one.source}:{one.worker}", led

        for fact in self.facts:
            if fact.label == "Plan":
                yield "HAD", "Person", fact.person, "Plan", fact.key, {}
            else:
                yield "HAPPENED_TO", "Event", fact.key, "Person", fact.person, {}
            yield "OF", fact.label, fact.key, "Service", fact.service, {}

    def scopes(self, person: str) -> Iterator[dict[str, Any]]:
        """No scope; a scope that holds the person; one that does not."""
        others = [one for one in self.people if one != person]
        yield {"scoped": False, "allowed": []}
        yield {"scoped": True, "allowed": [person, *others[::2]]}
        yield {"scoped": True, "allowed": others}

    def in_scope(self, person: str, scope: Scope) -> bool:
        return not scope["scoped"] or person in scope["allowed"]

    def family_unit(self, person: str, sources: Sequence[str], scope: Scope) -> list[tuple[str, str, bool]]:
        if not self.in_scope(person, scope):
            return []
        members = {other for other, link in self._linked(person) if not sources or link.source in sources}
        return sorted(
            (other, link.row, link.first == other)
            for other, link in self._linked(person)
            if other in members and self.in_scope(other, scope)
        )

    def neighbours(self, person: str, kind: str, scope: Scope) -> list[str]:
        if not self.in_scope(person, scope):
            return []
        found = {
            "people": [other for other, _ in self._linked(person) if self.in_scope(other, scope)],
            "addresses": [stay.address for stay in self.stays if stay.person == person],
            "services": self._services(person),
            "practitioners": [
                f"{one.source}:{one.worker}" for one in self.spells if one.person == person and one.worker
            ],
        }
        return sorted(found[kind])

    def _services(self, person: str) -> list[str]:
        """Of what happened, each kind that a source tells leads to a service once; every plan does."""
        own = [one for one in self.facts if one.person == person]
        plans = [one.service for one in own if one.label == "Plan"]
        told = {(one.service, one.source, one.kind) for one in own if one.label == "Event"}
        return [one.service for one in self.spells if one.person == person] + plans + [one[0] for one in sorted(told)]

    def shared_address(self, person: str, scope: Scope) -> list[tuple[str, str]]:
        if not self.in_scope(person, scope):
            return []
        return sorted(
            (theirs.person, theirs.address)
            for mine in self.stays
            for theirs in self.stays
            if mine.person == person != theirs.person
            and mine.address == theirs.address
            and not self.communal[mine.address]
            and self.in_scope(theirs.person, scope)
            and "correspondence" not in (mine.type, theirs.type)
            and (mine.start or date.min) <= (theirs.end or date.max)
            and (theirs.start or date.min) <= (mine.end or date.max)
        )

    def caseload(self, workers: Sequence[str], sources: Sequence[str]) -> list[tuple[str, str]]:
        return sorted({
            (one.person, one.worker)
            for one in self.spells
            if one.worker in workers and one.worker is not None and (not sources or one.source in sources)
            and one.open and one.allocated and (one.led_end is None or one.led_end == one.end)
        })  # fmt: skip

    def caseload_units(self, workers: Sequence[str], sources: Sequence[str]) -> list[str]:
        own = {person for person, _ in self.caseload(workers, sources)}
        linked = {other for one in own for other, link in self._linked(one) if not sources or link.source in sources}
        return sorted(own | linked)

    def links_between(self, people: Sequence[str]) -> list[str]:
        return sorted(link.row for link in self.links if {link.first, link.second} <= set(people))

    def _linked(self, person: str) -> Iterator[tuple[str, Link]]:
        for link in self.links:
            if person in (link.first, link.second) and link.first != link.second:
                yield (link.second if link.first == person else link.first), link


def random_councils(count: int) -> Iterator[Council]:
    """That many councils, the same every time."""
    return (_council(seed) for seed in range(count))


def _council(seed: int) -> Council:
    dice = Random(seed)
    people = [f"c{seed}p{number}" for number in range(dice.randint(2, 9))]
    communal = {f"c{seed}a{number}": dice.random() < 0.3 for number in range(dice.randint(1, 3))}
    council = Council(seed, people, [f"c{seed}w{number}" for number in range(2)], communal)
    for number in range(dice.randint(0, 14)):
        first, second = dice.choice(people), dice.choice(people)
        council.links.append(Link(first, second, dice.choice(SOURCES), f"c{seed}r{number}"))
    for _ in range(dice.randint(0, 12)):
        start, end = _span(dice)
        kind = dice.choice(("home", "home", "placement", "correspondence", None))
        council.stays.append(Stay(dice.choice(people), dice.choice(list(communal)), start, end, kind))
    council.spells.extend(_spell(dice, council, f"c{seed}i{number}") for number in range(dice.randint(0, 8)))
    for number in range(dice.randint(0, 8)):
        label, kind = dice.choice(("Plan", "Event", "Event")), dice.choice(("suspension", "attendance"))
        service = f"c{seed}s{dice.randint(0, 3)}"
        council.facts.append(
            Fact(label, f"c{seed}f{number}", dice.choice(people), service, dice.choice(SOURCES[:2]), kind)
        )
    return council


def _spell(dice: Random, council: Council, key: str) -> Spell:
    end = dice.choice((None, None, date(2027, 1, 1)))
    return Spell(
        key=key,
        person=dice.choice(council.people),
        service=f"c{council.seed}s{dice.randint(0, 2)}",
        source=dice.choice(SOURCES[:2]),
        worker=dice.choice([*council.workers, *council.workers, None]),
        open=dice.random() < 0.7,
        allocated=dice.random() < 0.7,
        end=end,
        led_end=dice.choice((end, end, date(2025, 1, 1))),
    )


def _span(dice: Random) -> tuple[date | None, date | None]:
    start = date(2020, 1, 1) + timedelta(days=dice.randint(0, 40))
    end = start + timedelta(days=dice.randint(0, 20))
    return dice.choice((start, start, None)), dice.choice((end, end, None))
